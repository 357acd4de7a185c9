// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// A private key of the session it was found in; it never leaves the token.
public struct PrivateKey {
    /// The key's way of signing.
    public enum Algorithm: Sendable {
        /// CKM_RSA_PKCS over a DigestInfo.
        case rsa
        /// CKM_ECDSA over a digest, answered as r‖s.
        case ecdsa
    }

    public let algorithm: Algorithm
    /// The card wants the PIN for each signature (CKA_ALWAYS_AUTHENTICATE).
    public let alwaysAuthenticates: Bool
    let handle: CK_OBJECT_HANDLE
}
