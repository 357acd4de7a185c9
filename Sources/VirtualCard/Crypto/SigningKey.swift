// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// A private key, as a card or an authority of the bench holds it.
///
/// May be used on any thread at once: it never changes after it was made, and each operation has its own context.
public final class SigningKey: @unchecked Sendable {
    // Unchecked because of the pointer; libcrypto's reads of a finished EVP_PKEY are safe on any thread (EVP_PKEY(3)).
    private let handle: OpaquePointer
    /// The kind of the key.
    public let type: CardKeyType

    private init(owning handle: OpaquePointer, type: CardKeyType) {
        self.handle = handle
        self.type = type
    }

    deinit { EVP_PKEY_free(handle) }

    /// Makes a new key. RSA takes some tens of milliseconds per 2048 bits.
    public static func generate(_ type: CardKeyType) throws -> SigningKey {
        let context = try CryptoError.check(
            EVP_PKEY_CTX_new_from_name(nil, type.isRSA ? "RSA" : "EC", nil), "EVP_PKEY_CTX_new_from_name")
        defer { EVP_PKEY_CTX_free(context) }
        try CryptoError.check(EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
        if let bits = type.rsaBits {
            try CryptoError.check(EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits), "EVP_PKEY_CTX_set_rsa_keygen_bits")
        } else if let curve = type.curve {
            try CryptoError.check(EVP_PKEY_CTX_set_group_name(context, curve), "EVP_PKEY_CTX_set_group_name")
        }
        var key: OpaquePointer?
        try CryptoError.check(EVP_PKEY_generate(context, &key), "EVP_PKEY_generate")
        return SigningKey(owning: try CryptoError.check(key, "EVP_PKEY_generate"), type: type)
    }

    /// Reads a private key without password, PEM or DER, PKCS#8 or the older forms.
    ///
    /// Throws `CryptoError` where it is none, or of a kind that no card of the bench has.
    public convenience init(_ bytes: [UInt8]) throws {
        let isPEM = bytes.starts(with: Array("-----BEGIN".utf8))
        // BIO_new_mem_buf reads the bytes in place, so the key is read while they are held there.
        let handle = try bytes.withUnsafeBytes { bytes in
            let source = try CryptoError.check(
                BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)), "BIO_new_mem_buf")
            defer { BIO_free(source) }
            let read = isPEM ? PEM_read_bio_PrivateKey(source, nil, nil, nil) : d2i_PrivateKey_bio(source, nil)
            return try CryptoError.check(read, isPEM ? "PEM_read_bio_PrivateKey" : "d2i_PrivateKey_bio")
        }
        let bits = EVP_PKEY_get_bits(handle)
        let isRSA = EVP_PKEY_is_a(handle, "RSA") == 1
        guard let type = CardKeyType.allCases.first(where: { isRSA ? $0.rsaBits == bits : $0.curve == "P-\(bits)" })
        else {
            EVP_PKEY_free(handle)
            throw CryptoError(call: "SigningKey.init")
        }
        self.init(owning: handle, type: type)
    }

    /// The private key as unencrypted PKCS#8 PEM. For test keys only.
    public func pem() throws -> String {
        let sink = try CryptoError.check(BIO_new(BIO_s_mem()), "BIO_new")
        defer { BIO_free(sink) }
        try CryptoError.check(
            PEM_write_bio_PKCS8PrivateKey(sink, handle, nil, nil, 0, nil, nil), "PEM_write_bio_PKCS8PrivateKey")
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(sink))
        BIO_read(sink, &bytes, Int32(bytes.count))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// SubjectPublicKeyInfo, DER.
    public func publicKey() throws -> [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let length = i2d_PUBKEY(handle, &encoded)
        guard length > 0, let encoded else { throw CryptoError(call: "i2d_PUBKEY") }
        defer { CRYPTO_free(encoded, #file, #line) }
        return Array(UnsafeBufferPointer(start: encoded, count: Int(length)))
    }

    /// Signs a message: RSA by PKCS#1 v1.5, EC by ECDSA in DER; both with the key's digest.
    public func sign(_ message: [UInt8]) throws -> [UInt8] {
        let context = try CryptoError.check(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
        defer { EVP_MD_CTX_free(context) }
        try CryptoError.check(
            EVP_DigestSignInit(context, nil, type.digest.method, nil, handle), "EVP_DigestSignInit")
        var length = Int(EVP_PKEY_get_size(handle))
        var signature = [UInt8](repeating: 0, count: length)
        try CryptoError.check(
            EVP_DigestSign(context, &signature, &length, message, message.count), "EVP_DigestSign")
        return Array(signature.prefix(length))
    }

    /// The work of the card's own engine on the bytes it is sent.
    enum RawOperation {
        /// m^d mod n over a whole block.
        case rsa
        /// PKCS#1 v1.5 type 1 around a DigestInfo.
        case rsaPKCS1
        /// ECDSA over a digest; answers r and s in DER.
        case ecdsa
    }

    func raw(_ operation: RawOperation, _ input: [UInt8]) throws -> [UInt8] {
        let context = try CryptoError.check(EVP_PKEY_CTX_new(handle, nil), "EVP_PKEY_CTX_new")
        defer { EVP_PKEY_CTX_free(context) }
        try CryptoError.check(EVP_PKEY_sign_init(context), "EVP_PKEY_sign_init")
        if operation != .ecdsa {
            let padding = operation == .rsa ? RSA_NO_PADDING : RSA_PKCS1_PADDING
            try CryptoError.check(EVP_PKEY_CTX_set_rsa_padding(context, padding), "EVP_PKEY_CTX_set_rsa_padding")
        }
        var length = Int(EVP_PKEY_get_size(handle))
        var signature = [UInt8](repeating: 0, count: length)
        try CryptoError.check(EVP_PKEY_sign(context, &signature, &length, input, input.count), "EVP_PKEY_sign")
        return Array(signature.prefix(length))
    }
}

/// The kinds of key that the bench's cards and authorities hold.
public enum CardKeyType: String, Sendable, CaseIterable {
    case rsa2048 = "rsa-2048"
    case rsa3072 = "rsa-3072"
    case rsa4096 = "rsa-4096"
    case p256 = "ec-p256"
    case p384 = "ec-p384"

    var isRSA: Bool { rsaBits != nil }

    var rsaBits: Int32? {
        switch self {
        case .rsa2048: 2048
        case .rsa3072: 3072
        case .rsa4096: 4096
        case .p256, .p384: nil
        }
    }

    /// OpenSSL's name of the curve.
    var curve: String? {
        switch self {
        case .p256: "P-256"
        case .p384: "P-384"
        case .rsa2048, .rsa3072, .rsa4096: nil
        }
    }

    /// The digest and scheme by which a key of this kind signs a certificate.
    var digest: Digest { self == .p384 ? .sha384 : .sha256 }

    /// AlgorithmIdentifier of a signature by a key of this kind with its `digest`.
    var signatureAlgorithm: [UInt8] {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: DER.sequence(DER.identifier("1.2.840.113549.1.1.11"), DER.null())
        case .p256: DER.sequence(DER.identifier("1.2.840.10045.4.3.2"))
        case .p384: DER.sequence(DER.identifier("1.2.840.10045.4.3.3"))
        }
    }
}

/// The digests that cards and certificates of the bench use.
enum Digest: Sendable {
    case sha1, sha256, sha384

    func callAsFunction(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &length, method, nil)
        // Fails only where the platform's libcrypto lacks the digest, and then nothing here can work.
        precondition(done == 1, "libcrypto has no \(self)")
        return Array(digest.prefix(Int(length)))
    }

    var method: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        }
    }
}

/// Random bytes from libcrypto.
func randomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // Fails only without any source of randomness; going on with zeros would be worse than ending.
    precondition(RAND_bytes(&bytes, Int32(count)) == 1, "no random bytes")
    return bytes
}

/// libcrypto refused: which call, and its own first reason.
public struct CryptoError: Error, Equatable, CustomStringConvertible {
    /// The call's name, such as "EVP_PKEY_sign".
    public let call: String
    /// libcrypto's packed code; 0 where it gave none.
    public let code: UInt
    /// libcrypto's words for the code.
    public let reason: String

    public var description: String { "\(call): \(reason)" }

    public static func == (left: CryptoError, right: CryptoError) -> Bool { left.code == right.code }

    /// Takes the error from this thread's queue, which must not have been left in between.
    init(call: String) {
        self.call = call
        code = UInt(ERR_get_error())
        reason =
            code == 0 ? "no reason given" : ERR_reason_error_string(code).map { String(cString: $0) } ?? "code \(code)"
        ERR_clear_error()
    }

    /// For every libcrypto function that answers 1 when it succeeded.
    static func check(_ result: Int32, _ call: String) throws {
        guard result == 1 else { throw CryptoError(call: call) }
    }

    /// For every libcrypto function that answers a handle.
    static func check(_ handle: OpaquePointer?, _ call: String) throws -> OpaquePointer {
        guard let handle else { throw CryptoError(call: call) }
        return handle
    }
}
