// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto
internal import EOnayCore
internal import SystemBasics

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
    ) throws(SignatureReason) -> [CertificateFacts] {
        let pool = intermediates.prefix(Self.maximumIntermediates)
        var result = validated(leaf, Array(pool), time)
        if case .failure(let error) = result, error.fault == .authorityOutOfTime {
            // OpenSSL takes the last second of a validity for expired; RFC 5280, 4.1.2.5, includes it. A certificate that passes a second
            // earlier is judged exactly below.
            result = validated(leaf, Array(pool), time - 1)
        }
        let identifiers = try result.get()
        let known = ([leaf] + anchorFacts + pool).map { (id: $0.libraryID, facts: $0) }
        let chain = identifiers.compactMap { id in known.first { $0.id == id }?.facts }
        guard chain.count == identifiers.count else { throw SignatureReason(.chainBroken, "invalid") }
        try check(chain, at: time)
        return chain
    }

    private func check(_ chain: [CertificateFacts], at time: Int64) throws(SignatureReason) {
        for (depth, certificate) in chain.enumerated() {
            guard certificate.isValid(at: time) else { throw SignatureReason(.authorityOutOfTime) }
            guard certificate.unknownCriticalExtensions.isEmpty else {
                throw SignatureReason(.chainForbidden, "unknown-critical-extension")
            }
            guard let key = PublicKeyInfo(der: certificate.publicKeyInfo), key.kind != .other, !key.isWeak else {
                throw SignatureReason(.chainWeak)
            }
            guard depth > 0 else { continue }
            guard certificate.isAuthority, certificate.keyUsage?.contains(.keyCertSign) != false else {
                throw SignatureReason(.chainForbidden, "not-an-authority")
            }
        }
        guard chain.count > 1 else { throw SignatureReason(.untrustedIssuer) }
    }
}

extension ChainBuilder {
    private func validated(
        _ leaf: CertificateFacts, _ pool: [CertificateFacts], _ time: Int64
    ) -> Result<[String], SignatureReason> {
        do throws(LibcryptoError) {
            return try run(leaf, pool, time)
        } catch {
            return .failure(SignatureReason(.chainBroken, "invalid"))
        }
    }

    /// Runs X509_verify_cert: the ids of the chain, or what is wrong with it. Throws where libcrypto itself fails.
    private func run(
        _ leaf: CertificateFacts, _ pool: [CertificateFacts], _ time: Int64
    ) throws(LibcryptoError) -> Result<[String], SignatureReason> {
        let certificate = try X509Handle(leaf)
        let untrusted = try LibcryptoError.check(OPENSSL_sk_new_null(), "OPENSSL_sk_new_null")
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
        let context = try LibcryptoError.check(X509_STORE_CTX_new(), "X509_STORE_CTX_new")
        defer { X509_STORE_CTX_free(context) }
        try LibcryptoError.check(
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
            return .failure(SignatureReason(verifyError: X509_STORE_CTX_get_error(context)))
        }
        let chain = X509_STORE_CTX_get0_chain(context)
        return .success((0..<OPENSSL_sk_num(chain)).map { id(OPENSSL_sk_value(chain, $0)) })
    }

    /// The id of an X509, as `libraryID` has it: the SHA-256 of its DER.
    private func id(_ certificate: UnsafeMutableRawPointer?) -> String {
        var octets = [UInt8](repeating: 0, count: DigestAlgorithm.sha256.length)
        guard let certificate else { return "" }
        guard X509_digest(OpaquePointer(certificate), DigestAlgorithm.sha256.method, &octets, nil) == 1 else {
            return ""
        }
        return Hexadecimal.text(octets)
    }
}

extension SignatureReason {
    /// From libcrypto's X509_V_ERR number.
    fileprivate init(verifyError number: Int32) {
        switch number {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            self.init(.untrustedIssuer)
        case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
            self.init(.chainBroken, "bad-signature")
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: self.init(.authorityOutOfTime)
        case X509_V_ERR_INVALID_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN: self.init(.chainForbidden, "not-an-authority")
        case X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_CERT_CHAIN_TOO_LONG: self.init(.chainForbidden, "path-length")
        case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION, X509_V_ERR_SUBTREE_MINMAX,
            X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
            X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, X509_V_ERR_INVALID_POLICY_EXTENSION, X509_V_ERR_NO_EXPLICIT_POLICY:
            self.init(.chainForbidden, "constraints")
        case X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK, X509_V_ERR_EE_KEY_TOO_SMALL,
            X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
            self.init(.chainWeak)
        default: self.init(.chainBroken, "invalid")
        }
    }
}

/// One X509 of libcrypto, freed with its owner.
struct X509Handle: ~Copyable {
    let pointer: OpaquePointer

    init(_ certificate: CertificateFacts) throws(LibcryptoError) {
        ERR_clear_error()
        pointer = try certificate.libraryForm.withUnsafeBufferPointer { bytes throws(LibcryptoError) in
            var position = bytes.baseAddress
            return try LibcryptoError.check(d2i_X509(nil, &position, bytes.count), "d2i_X509")
        }
    }

    deinit { X509_free(pointer) }
}

extension CertificateFacts {
    /// The certificate as libcrypto takes it.
    ///
    /// libcrypto compares the two places that name the signature's algorithm octet by octet, where RFC 5280, 4.1.1.2,
    /// compares what they mean. Where only the spelling differs, the outer one, which the signature does not cover, is
    /// written as the inner one.
    var libraryForm: [UInt8] {
        do throws(DERError) {
            var outer = try DERReader.sequence(der[...])
            let body = try outer.next(DERTag.sequence)
            let algorithm = try outer.next(DERTag.sequence)
            var parts = DERReader(body.content)
            _ = try parts.optional(DERTag.contextConstructed(0))
            _ = try parts.next(DERTag.integer)
            let inner = try parts.next(DERTag.sequence)
            guard !inner.encoding.elementsEqual(algorithm.encoding),
                try AlgorithmIdentifier(inner).means(AlgorithmIdentifier(algorithm))
            else { return der }
            return DERWriter.sequence(Array(body.encoding), Array(inner.encoding), Array(outer.rest))
        } catch {
            return der
        }
    }

    /// The SHA-256 of `libraryForm`: `id`, unless the form is another.
    var libraryID: String {
        let form = libraryForm
        return form == der ? id : Hexadecimal.text(DigestAlgorithm.sha256.hash(form))
    }
}
