// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What an OCSP answer or a revocation list, found trustworthy, says of a certificate.
///
/// "Good", "on hold" and "unknown" are current; a revocation may be old news.
public struct RevocationJudgement: Sendable, Equatable {
    /// What is said of the certificate.
    public enum Status: Sendable, Equatable {
        case good
        /// Since when, UTC seconds since 1970, and the reason's code of RFC 5280, 5.3.1, where one is told.
        case revoked(at: Int64, reason: Int?)
        /// The responder does not know the certificate.
        case unknown

        /// certificateHold: suspended, which can be taken back. A new certificate of Kamu SM is so until it is opened.
        public var isHold: Bool {
            if case .revoked(_, reason: 6) = self { true } else { false }
        }
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

    /// A revocation that nothing takes back: it stays true however old the news is.
    var isFinal: Bool { Self.weight(of: status) == 2 }

    /// How bad a status is: 2 for a revocation, 1 for a hold, 0 for all else.
    static func weight(of status: Status) -> Int {
        switch status {
        case .revoked: status.isHold ? 1 : 2
        case .good, .unknown: 0
        }
    }
}
