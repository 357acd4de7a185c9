// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// Builds and checks one chain by libcrypto's path validation (RFC 5280, 6), then checks what OpenSSL leaves open.
///
/// OpenSSL's choice of issuers, names, name constraints, policies, signatures and times is used as it is. Added here:
/// each issuer must say in basicConstraints that it is one (OpenSSL also lets keyUsage say so), critical extensions are
/// judged by our list (OpenSSL does not know QCStatements), and keys must be of a kind and strength known here.
struct ChainBuilder {
    /// Authorities between leaf and anchor; Turkey's hierarchies have one.
    private static let maximumDepth: Int32 = 8
    private static let maximumIntermediates = 256

    let anchors: AnchorStore
    let anchorFacts: [CertificateFacts]

    /// The chain from a certificate to its anchor, both included.
    func chain(
        for leaf: CertificateFacts, intermediates: [CertificateFacts], at time: Int64
    ) throws(ChainError) -> [CertificateFacts] {
        let pool = intermediates.prefix(Self.maximumIntermediates)
        var result = try validated(leaf, Array(pool), time)
        if case .failure(let error) = result, error.code == .outOfTime {
            // OpenSSL takes the last second of a validity for expired; RFC 5280, 4.1.2.5, includes it. What passes a second
            // earlier is judged exactly below.
            result = try validated(leaf, Array(pool), time - 1)
        }
        let identifiers = try result.get()
        let known = ([leaf] + anchorFacts + pool).map { (id: $0.libraryID, facts: $0) }
        let chain = identifiers.compactMap { id in known.first { $0.id == id }?.facts }
        guard chain.count == identifiers.count else { throw ChainError(code: .invalid) }
        try check(chain, at: time)
        return chain
    }

    private func check(_ chain: [CertificateFacts], at time: Int64) throws(ChainError) {
        for (depth, certificate) in chain.enumerated() {
            guard certificate.isValid(at: time) else { throw ChainError(code: .outOfTime, depth: depth) }
            guard certificate.unknownCriticalExtensions.isEmpty else {
                throw ChainError(code: .unknownCriticalExtension, depth: depth)
            }
            guard let key = PublicKeyInfo(der: certificate.publicKeyInfo), key.kind != .other, !key.isWeak else {
                throw ChainError(code: .weakAlgorithm, depth: depth)
            }
            guard depth > 0 else { continue }
            guard certificate.isAuthority, certificate.keyUsage?.contains(.keyCertSign) != false else {
                throw ChainError(code: .notAnAuthority, depth: depth)
            }
        }
        guard chain.count > 1 else { throw ChainError(code: .noAnchor) }
    }
}

extension ChainBuilder {
    private func validated(
        _ leaf: CertificateFacts, _ pool: [CertificateFacts], _ time: Int64
    ) throws(ChainError) -> Result<[String], ChainError> {
        do throws(CryptoError) {
            return try run(leaf, pool, time)
        } catch {
            throw ChainError(code: .invalid)
        }
    }

    /// Runs X509_verify_cert: the ids of the chain, or what is wrong with it. Throws where libcrypto itself fails.
    private func run(
        _ leaf: CertificateFacts, _ pool: [CertificateFacts], _ time: Int64
    ) throws(CryptoError) -> Result<[String], ChainError> {
        let certificate = try X509Handle(leaf)
        let untrusted = try CryptoError.check(OPENSSL_sk_new_null(), "OPENSSL_sk_new_null")
        defer { OPENSSL_sk_free(untrusted) }
        // The stack only borrows: its elements are given back one by one below.
        var borrowed: [OpaquePointer] = []
        defer { borrowed.forEach(X509_free) }
        for facts in pool {
            guard let handle = try? X509Handle(facts) else { continue }  // as if it had not come along
            X509_up_ref(handle.pointer)
            borrowed.append(handle.pointer)
            OPENSSL_sk_push(untrusted, UnsafeRawPointer(handle.pointer))
        }
        let context = try CryptoError.check(X509_STORE_CTX_new(), "X509_STORE_CTX_new")
        defer { X509_STORE_CTX_free(context) }
        try CryptoError.check(
            X509_STORE_CTX_init(context, anchors.pointer, certificate.pointer, untrusted), "X509_STORE_CTX_init")
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_time(parameters, Int(time))
        X509_VERIFY_PARAM_set_depth(parameters, Self.maximumDepth)
        // 112 bits: no SHA-1 or MD5, RSA and DSA from 2048 bits.
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        let flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_IGNORE_CRITICAL | X509_V_FLAG_POLICY_CHECK
        X509_VERIFY_PARAM_set_flags(parameters, UInt(flags))

        ERR_clear_error()
        let result = X509_verify_cert(context)
        // The verdict is in the context; what its calls left in this thread's queue is not for the next caller.
        ERR_clear_error()
        guard result == 1 else {
            return .failure(
                ChainError(
                    number: X509_STORE_CTX_get_error(context), depth: X509_STORE_CTX_get_error_depth(context)))
        }
        let chain = X509_STORE_CTX_get0_chain(context)
        return .success((0..<OPENSSL_sk_num(chain)).map { id(OPENSSL_sk_value(chain, $0)) })
    }

    /// The id of an X509, as `libraryID` has it: the SHA-256 of its DER.
    private func id(_ certificate: UnsafeMutableRawPointer?) -> String {
        var octets = [UInt8](repeating: 0, count: Digest.sha256.length)
        guard let certificate else { return "" }
        guard X509_digest(OpaquePointer(certificate), Digest.sha256.method, &octets, nil) == 1 else { return "" }
        return Hexadecimal.text(octets)
    }
}

extension ChainError {
    /// What an X509_V_ERR number means for who has to act on it.
    fileprivate init(number: Int32, depth: Int32) {
        let code: Code =
            switch number {
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
                .noAnchor
            case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE: .badSignature
            case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .outOfTime
            case X509_V_ERR_INVALID_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN: .notAnAuthority
            case X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_CERT_CHAIN_TOO_LONG: .pathLength
            case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION, X509_V_ERR_SUBTREE_MINMAX,
                X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
                X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, X509_V_ERR_INVALID_POLICY_EXTENSION,
                X509_V_ERR_NO_EXPLICIT_POLICY:
                .constraints
            case X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK, X509_V_ERR_EE_KEY_TOO_SMALL,
                X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
                .weakAlgorithm
            default: .invalid
            }
        self.init(code: code, number: number, depth: Int(depth))
    }
}
