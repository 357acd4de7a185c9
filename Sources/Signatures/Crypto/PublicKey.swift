// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// One EVP_PKEY with a public key in it, freed with its owner.
struct PublicKey: ~Copyable {
    private let handle: OpaquePointer
    private let kind: PublicKeyInfo.Kind

    /// Throws where libcrypto refuses the key, such as a point that is not on its curve.
    init(_ info: PublicKeyInfo) throws(CryptoError) {
        handle = try Self.decoded(info)
        kind = info.kind
    }

    deinit { EVP_PKEY_free(handle) }

    /// Whether a value is this key's signature over bytes by an algorithm; false for any malformed value too.
    func verifies(
        _ signature: some Collection<UInt8>, over bytes: some Collection<UInt8>, by algorithm: SignatureAlgorithm
    ) throws(CryptoError) -> Bool {
        switch (kind, algorithm.scheme) {
        case (.rsa, .rsaPKCS1), (.rsa, .rsaPSS): break
        case (.ec(let curve), .ecdsa):
            guard ECDSAValue(der: Array(signature)[...], length: curve.length) != nil else { return false }
        default: return false
        }
        ERR_clear_error()
        // Whatever a bad signature left in the queue is no news for the next call on this thread.
        defer { ERR_clear_error() }
        let context = try CryptoError.check(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        defer { EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        try CryptoError.check(
            EVP_DigestVerifyInit(context, &keyContext, algorithm.digest.method, nil, handle), "EVP_DigestVerifyInit")
        if case .rsaPSS(let saltLength) = algorithm.scheme {
            try CryptoError.check(
                EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING), "EVP_PKEY_CTX_set_rsa_padding")
            let length = Int32(clamping: saltLength)
            guard EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, length) == 1 else { return false }
        }
        let value = Array(signature)
        let data = Array(bytes)
        return EVP_DigestVerify(context, value, value.count, data, data.count) == 1
    }

    private static func decoded(_ info: PublicKeyInfo) throws(CryptoError) -> OpaquePointer {
        ERR_clear_error()
        let handle = try info.der.withUnsafeBufferPointer { bytes throws(CryptoError) in
            var position = bytes.baseAddress
            return try CryptoError.check(d2i_PUBKEY(nil, &position, bytes.count), "d2i_PUBKEY")
        }
        // Decoding checks the curve equation; the full check also refuses the point at infinity.
        guard case .ec = info.kind else { return handle }
        let context = EVP_PKEY_CTX_new(handle, nil)
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_public_check(context) == 1 else {
            let error = CryptoError.latest("EVP_PKEY_public_check")
            EVP_PKEY_free(handle)
            throw error
        }
        return handle
    }
}
