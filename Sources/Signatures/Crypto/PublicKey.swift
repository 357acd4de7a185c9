// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// One EVP_PKEY with a public key in it, freed with its owner.
struct PublicKey: ~Copyable {
    private let handle: OpaquePointer
    private let kind: PublicKeyInfo.Kind

    /// Throws where libcrypto refuses the key, such as a point that is not on its curve.
    init(_ info: PublicKeyInfo) throws(LibcryptoError) {
        handle = try Self.decoded(info)
        kind = info.kind
    }

    deinit { EVP_PKEY_free(handle) }

    /// Whether a value is this key's signature over bytes by an algorithm; false for any malformed value too.
    func verifies(
        _ signature: some Collection<UInt8>, over bytes: some Collection<UInt8>, by algorithm: SignatureAlgorithm
    ) throws(LibcryptoError) -> Bool {
        switch (kind, algorithm.scheme) {
        case (.rsa, .rsaPKCS1), (.rsa, .rsaPSS): break
        case (.ec(let curve), .ecdsa):
            guard ECDSAValue(der: Array(signature)[...], length: curve.length) != nil else { return false }
        default: return false
        }
        ERR_clear_error()
        // An error that a bad signature left in the queue is no news for the next call on this thread.
        defer { ERR_clear_error() }
        let context = try LibcryptoError.check(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        defer { EVP_MD_CTX_free(context) }
        var keyContext: OpaquePointer?
        try LibcryptoError.check(
            EVP_DigestVerifyInit(context, &keyContext, algorithm.digest.method, nil, handle), "EVP_DigestVerifyInit")
        if case .rsaPSS(let saltLength) = algorithm.scheme {
            try LibcryptoError.check(
                EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING), "EVP_PKEY_CTX_set_rsa_padding")
            let length = Int32(clamping: saltLength)
            guard EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, length) == 1 else { return false }
        }
        let value = Array(signature)
        let data = Array(bytes)
        return EVP_DigestVerify(context, value, value.count, data, data.count) == 1
    }

    private static func decoded(_ info: PublicKeyInfo) throws(LibcryptoError) -> OpaquePointer {
        ERR_clear_error()
        let handle = try info.der.withUnsafeBufferPointer { bytes throws(LibcryptoError) in
            var position = bytes.baseAddress
            return try LibcryptoError.check(d2i_PUBKEY(nil, &position, bytes.count), "d2i_PUBKEY")
        }
        // Decoding checks the curve equation; the full check also refuses the point at infinity.
        guard case .ec = info.kind else { return handle }
        let context = EVP_PKEY_CTX_new(handle, nil)
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_public_check(context) == 1 else {
            let error = LibcryptoError.latest("EVP_PKEY_public_check")
            EVP_PKEY_free(handle)
            throw error
        }
        return handle
    }
}

/// A call into libcrypto that failed though its input had been checked: out of memory, a provider that is missing.
public struct LibcryptoError: Error, Sendable, Equatable {
    /// OpenSSL's packed error code, 0 where its queue was empty.
    public let code: UInt
    /// The function that failed.
    public let call: String
    /// OpenSSL's word for the code.
    public let reason: String

    /// Equal by code and call.
    public static func == (left: LibcryptoError, right: LibcryptoError) -> Bool {
        left.code == right.code && left.call == right.call
    }

    /// Takes the newest entry of this thread's error queue and empties it, in the same breath as the failed call.
    static func latest(_ call: String) -> LibcryptoError {
        let code = ERR_peek_last_error()
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "unknown"
        ERR_clear_error()
        return LibcryptoError(code: code, call: call, reason: reason)
    }

    /// The pointer that a call gave, or its error.
    static func check(_ pointer: OpaquePointer?, _ call: String) throws(LibcryptoError) -> OpaquePointer {
        guard let pointer else { throw latest(call) }
        return pointer
    }

    /// Throws unless a call gave 1, OpenSSL's word for success.
    static func check(_ result: Int32, _ call: String) throws(LibcryptoError) {
        guard result == 1 else { throw latest(call) }
    }
}
