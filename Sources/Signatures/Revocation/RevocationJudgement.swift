// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What an OCSP answer or a revocation list, found trustworthy and current, says of a certificate.
public struct RevocationJudgement: Sendable, Equatable {
    /// What is said of the certificate.
    public enum Status: Sendable, Equatable {
        case good
        /// Since when, UTC seconds since 1970, and the reason's code of RFC 5280, 5.3.1, where one is told.
        case revoked(at: Int64, reason: Int?)
        /// The responder does not know the certificate.
        case unknown
    }

    /// Where that was learnt.
    public enum Source: String, Sendable {
        case ocsp
        case crl
    }

    /// What is said of the certificate.
    public let status: Status
    /// Where that was learnt.
    public let source: Source
    /// When this was known to be right.
    public let thisUpdate: Int64
    /// When newer information comes at the latest; nil where the source does not say.
    public let nextUpdate: Int64?
}
