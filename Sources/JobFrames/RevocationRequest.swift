// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Asks whether a certificate was revoked.
public struct RevocationRequest: Codable, Sendable, Equatable {
    /// The certificate, DER.
    public var certificate: [UInt8]
    /// Its issuer's certificate, DER; empty where the courier shall fetch it by the AIA extension.
    public var issuer: [UInt8]
    /// Longest wait in milliseconds.
    public var timeout: UInt32

    /// Creates the value from its fields.
    public init(certificate: [UInt8], issuer: [UInt8], timeout: UInt32) {
        self.certificate = certificate
        self.issuer = issuer
        self.timeout = timeout
    }
}

/// What OCSP responder or revocation list say.
public struct RevocationAnswer: Codable, Sendable, Equatable {
    /// The answer.
    public var status: Status
    /// Who gave it.
    public var source: Source
    /// Since when it is revoked or suspended: seconds since 1970-01-01 UTC; 0 where it is not.
    public var revokedAt: Int64

    /// Creates the value from its fields.
    public init(status: Status, source: Source, revokedAt: Int64) {
        self.status = status
        self.source = source
        self.revokedAt = revokedAt
    }

    /// Whether a certificate was revoked (RFC 6960, 2.2).
    public enum Status: String, Codable, CaseIterable, Sendable {
        /// Not revoked.
        case good
        /// Revoked.
        case revoked
        /// On hold: not opened yet, or suspended (certificateHold, RFC 5280, 5.3.1).
        case suspended
        /// The responder does not know the certificate.
        case unknown
        /// Nobody could be asked.
        case unreachable
    }

    /// Who gave the answer.
    public enum Source: String, Codable, CaseIterable, Sendable {
        /// An OCSP responder.
        case ocsp
        /// A revocation list.
        case crl
        /// Nobody.
        case none
    }
}
