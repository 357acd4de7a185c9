// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why a signature could not be prepared or put together.
public struct SignatureDraftError: Error, Sendable, Equatable {
    /// What to act on.
    public enum Code: String, Sendable {
        /// The certificate's key is of a kind, curve or strength that is not signed with here.
        case unsupportedKey = "unsupported-key"
        /// The value from the token is not this key's signature over what it was given.
        case wrongSignature = "wrong-signature"
        /// libcrypto failed; see `detail`.
        case cryptoFailed = "crypto-failed"
    }

    /// What to act on.
    public let code: Code
    /// The call that failed and OpenSSL's reason; "" where neither is known.
    public let detail: String

    /// Equal by code.
    public static func == (left: SignatureDraftError, right: SignatureDraftError) -> Bool {
        left.code == right.code
    }
}
