// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What a token is asked to sign, ready for its mechanism.
public enum SignatureInput: Sendable, Equatable {
    /// A DigestInfo (RFC 8017, 9.2) for CKM_RSA_PKCS, which adds the padding.
    case rsaPKCS1(digestInfo: [UInt8])
    /// A digest for CKM_ECDSA, which answers r and s as raw octets.
    case ecdsa(digest: [UInt8])
}
