// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why no chain of certificates leads from a certificate to an anchor.
public struct ChainError: Error, Sendable, Equatable {
    /// What to act on.
    public enum Code: String, Sendable {
        /// No anchor is known that issued it, or its issuers' certificates are missing.
        case noAnchor = "no-anchor"
        /// A signature in the chain is wrong.
        case badSignature = "bad-signature"
        /// An issuer is not marked as an authority, or may not sign certificates.
        case notAnAuthority = "not-an-authority"
        /// More authorities below one than it allows.
        case pathLength = "path-length"
        /// A name that an authority may not certify, or certificate policies that contradict each other.
        case constraints = "constraints"
        /// A critical extension that is not understood here.
        case unknownCriticalExtension = "unknown-critical-extension"
        /// SHA-1, MD5, RSA below 2048 bits, or an unknown algorithm.
        case weakAlgorithm = "weak-algorithm"
        /// A certificate of the chain has expired or is not yet valid.
        case outOfTime = "out-of-time"
        /// A certificate in the chain is broken in another way; `number` has OpenSSL's code.
        case invalid = "invalid"
    }

    /// What to act on.
    public let code: Code
    /// OpenSSL's X509_V_ERR number, 0 where it was judged here.
    public let number: Int32
    /// Which certificate, counted from the leaf, 0.
    public let depth: Int

    init(code: Code, number: Int32 = 0, depth: Int = 0) {
        self.code = code
        self.number = number
        self.depth = depth
    }

    /// Equal by code.
    public static func == (left: ChainError, right: ChainError) -> Bool {
        left.code == right.code
    }
}
