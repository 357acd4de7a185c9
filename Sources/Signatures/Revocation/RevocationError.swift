// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why an OCSP answer or a revocation list cannot be relied on.
public struct RevocationError: Error, Sendable, Equatable {
    /// What to act on.
    public enum Code: String, Sendable {
        case tooLarge = "too-large"
        case malformed = "malformed"
        /// The responder answered that it will not answer; `detail` says how: "try-later", "unauthorized" …
        case refused = "refused"
        /// It is about another certificate, or another part of the issuer's certificates.
        case otherCertificate = "other-certificate"
        /// Signed by somebody whom the issuer did not authorise.
        case unauthorisedSigner = "unauthorised-signer"
        case badSignature = "bad-signature"
        case weakAlgorithm = "weak-algorithm"
        /// The answer to another request.
        case nonceMismatch = "nonce-mismatch"
        /// From the future.
        case notYetCurrent = "not-yet-current"
        /// Newer information should exist by now.
        case stale = "stale"
        /// A delta list, an indirect list, a list for some reasons only or for a part of which nobody can tell whether the
        /// certificate is in it, or a critical extension unknown here.
        case unsupported = "unsupported"
    }

    /// What to act on.
    public let code: Code
    /// A stable short word that narrows it down, or "".
    public let detail: String

    init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }

    /// Equal by code.
    public static func == (left: RevocationError, right: RevocationError) -> Bool {
        left.code == right.code
    }
}
