// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Bus

/// `org.eonay.EOnay1.Certificate`: a certificate that was seen on a card, also while the card is out.
public enum CertificateInterface: BusInterface {
    public static let name = "org.eonay.EOnay1.Certificate"

    public enum Property: String, BusProperty {
        case id = "Id"
        case holder = "Holder"
        case maskedIdentity = "MaskedIdentity"
        case issuer = "Issuer"
        case serialNumber = "SerialNumber"
        case notBefore = "NotBefore"
        case notAfter = "NotAfter"
        case phase = "Phase"
        case qualified = "Qualified"
        case kind = "Kind"
        case hindrances = "Hindrances"
        case keyType = "KeyType"
        case present = "Present"
        case token = "Token"
        case approval = "Approval"
        case snoozedUntil = "SnoozedUntil"
        case successor = "Successor"
        case revocation = "Revocation"
        case revocationSince = "RevocationSince"
        case revocationReason = "RevocationReason"
        case revocationAsked = "RevocationAsked"

        public var type: Signature {
            switch self {
            case .id, .holder, .maskedIdentity, .issuer, .serialNumber, .kind, .phase, .keyType, .approval, .successor,
                .revocation, .revocationReason:
                "s"
            case .notBefore, .notAfter, .snoozedUntil, .revocationSince, .revocationAsked: "x"
            case .qualified, .present: "b"
            case .hindrances: "as"
            case .token: "o"
            }
        }

        public var isConstant: Bool {
            switch self {
            case .id, .holder, .maskedIdentity, .issuer, .serialNumber, .notBefore, .notAfter, .qualified, .keyType:
                true
            case .kind, .phase, .hindrances, .present, .token, .approval, .snoozedUntil, .successor, .revocation,
                .revocationSince, .revocationReason, .revocationAsked:
                false
            }
        }
    }
}
