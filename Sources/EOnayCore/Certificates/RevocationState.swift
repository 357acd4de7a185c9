// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A certificate's state by the word of its issuer's responder. The raw value is the word of the bus.
public enum RevocationState: String, Codable, Sendable, CaseIterable {
    /// Not revoked.
    case good
    /// On hold: not opened yet, or suspended (certificateHold, RFC 5280, 5.3.1). That can be taken back.
    case suspended
    /// Revoked, for ever.
    case revoked
    /// Nobody has said.
    case unknown
}

/// Why a certificate was revoked or put on hold (CRLReason, RFC 5280, 5.3.1). The raw value is the standard's term.
public enum RevocationReason: String, Codable, Sendable, CaseIterable {
    case unspecified
    case keyCompromise
    case cACompromise
    case affiliationChanged
    case superseded
    case cessationOfOperation
    case certificateHold
    case removeFromCRL
    case privilegeWithdrawn
    case aACompromise

    /// The reason with the standard's number; nil where it has none of that number.
    public init?(code: Int) {
        switch code {
        case 0: self = .unspecified
        case 1: self = .keyCompromise
        case 2: self = .cACompromise
        case 3: self = .affiliationChanged
        case 4: self = .superseded
        case 5: self = .cessationOfOperation
        case 6: self = .certificateHold
        case 8: self = .removeFromCRL
        case 9: self = .privilegeWithdrawn
        case 10: self = .aACompromise
        default: return nil
        }
    }
}
