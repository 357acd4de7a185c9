// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why a portal refuses a signature, in the order in which contract/portal.md wants it judged.
public enum SignatureRefusal: Error, Sendable, Equatable {
    case badSignature(SignatureReason)
    case certificateNotYetValid
    case certificateExpired
    case untrustedIssuer(ChainError)
    case notQualified([Qualification.Reason])

    /// The problem's name in the contract: "bad-signature", "certificate-expired" …
    public var problem: String {
        switch self {
        case .badSignature: "bad-signature"
        case .certificateNotYetValid: "certificate-not-yet-valid"
        case .certificateExpired: "certificate-expired"
        case .untrustedIssuer: "untrusted-issuer"
        case .notQualified: "not-qualified"
        }
    }
}
