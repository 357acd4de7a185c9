// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A CAdES-B-B signature (ETSI EN 319 122-1) in the making: everything but the value that only the token can give.
///
/// The container is written here octet by octet instead of with OpenSSL's CMS functions: those want to sign themselves,
/// and the few structures of a B-B signature fit on this page. Content is attached as id-data; the signed attributes are
/// content-type, message-digest, signing-time and signing-certificate-v2. The digest follows the key: SHA-256, with
/// P-384 SHA-384, with P-521 SHA-512.
///
/// A draft is a value without handles: it may wait for a person's PIN between `input` and `finish`.
public struct SignatureDraft: Sendable {
    /// The token's input.
    public let input: SignatureInput

    private let content: [UInt8]
    private let certificate: CertificateFacts
    private let chain: [[UInt8]]
    private let algorithm: SignatureAlgorithm
    private let key: PublicKeyInfo
    /// The content octets of the SET OF attributes, sorted as DER wants.
    private let attributes: [UInt8]

    /// Prepares a signature over `content` by the holder of `certificate`.
    ///
    /// - Parameters:
    ///   - chain: certificates of the issuers, DER, that travel along.
    ///   - signingTime: claimed time, UTC seconds since 1970.
    /// - Throws: `SignatureDraftError` with `.unsupportedKey` for RSA below 2048 bits and unknown curves.
    public init(
        content: [UInt8], certificate: CertificateFacts, chain: [[UInt8]] = [], signingTime: Int64
    ) throws(SignatureDraftError) {
        guard let key = PublicKeyInfo(der: certificate.publicKeyInfo), !key.isWeak,
            let algorithm = Self.algorithm(for: key.kind)
        else { throw SignatureDraftError(code: .unsupportedKey, detail: "") }
        let digest = algorithm.digest
        let attributes = DERWriter.sortedContent([
            Self.attribute(.contentType, DERWriter.objectIdentifier(.data)),
            Self.attribute(.messageDigest, DERWriter.octetString(digest.hash(content))),
            Self.attribute(.signingTime, DERTime.encoded(signingTime)),
            Self.attribute(.signingCertificateV2, Self.signingCertificate(certificate, digest)),
        ])
        // The digest is over the SET OF itself, not over the [0] that stands for it in the container (RFC 5652, 5.4).
        let hash = digest.hash(DERWriter.element(DERTag.set, attributes))
        input =
            algorithm.scheme == .ecdsa
            ? .ecdsa(digest: hash)
            : .rsaPKCS1(
                digestInfo: DERWriter.sequence(
                    AlgorithmIdentifier.encoded(digest.identifier, null: true), DERWriter.octetString(hash)))
        self.content = content
        self.certificate = certificate
        self.chain = chain
        self.algorithm = algorithm
        self.key = key
        self.attributes = attributes
    }

    /// Puts the token's value in and gives the whole CMS, DER.
    ///
    /// The value is checked against the certificate's key first: a token that signed with another key, or only seemed to
    /// sign, is found out here and not at the portal.
    ///
    /// - Parameter rawSignature: as PKCS#11 gives it: for RSA the padded value, for ECDSA r and s one after the other.
    /// - Throws: `SignatureDraftError`.
    public func finish(rawSignature: [UInt8]) throws(SignatureDraftError) -> [UInt8] {
        var value = rawSignature
        if case .ec(let curve) = key.kind {
            guard let numbers = ECDSAValue(raw: rawSignature, length: curve.length) else {
                throw SignatureDraftError(code: .wrongSignature, detail: "")
            }
            value = numbers.der
        }
        guard try verifies(value) else { throw SignatureDraftError(code: .wrongSignature, detail: "") }
        return container(value)
    }
}

extension SignatureDraft {
    private static func algorithm(for key: PublicKeyInfo.Kind) -> SignatureAlgorithm? {
        key.ownDigest.map { digest in
            if case .rsa = key {
                SignatureAlgorithm(scheme: .rsaPKCS1, digest: digest)
            } else {
                SignatureAlgorithm(scheme: .ecdsa, digest: digest)
            }
        }
    }

    private func verifies(_ value: [UInt8]) throws(SignatureDraftError) -> Bool {
        do throws(LibcryptoError) {
            return try PublicKey(key).verifies(value, over: DERWriter.element(DERTag.set, attributes), by: algorithm)
        } catch {
            throw SignatureDraftError(code: .cryptoFailed, detail: "\(error.call): \(error.reason)")
        }
    }

    private static func attribute(_ type: ObjectIdentifier, _ value: [UInt8]) -> [UInt8] {
        DERWriter.sequence(DERWriter.objectIdentifier(type), DERWriter.setOf([value]))
    }

    /// SigningCertificateV2 (RFC 5035, 3) with the signer's certificate alone.
    private static func signingCertificate(_ certificate: CertificateFacts, _ digest: DigestAlgorithm) -> [UInt8] {
        // SHA-256 is the default of the field, and DER leaves defaults out.
        let algorithm = digest == .sha256 ? [] : AlgorithmIdentifier.encoded(digest.identifier)
        let issuer = DERWriter.element(DERTag.contextConstructed(4), certificate.issuer.der)
        let issuerSerial = DERWriter.sequence(
            DERWriter.sequence(issuer), DERWriter.element(DERTag.integer, certificate.serialOctets))
        let reference = DERWriter.sequence(
            algorithm, DERWriter.octetString(digest.hash(certificate.der)), issuerSerial)
        return DERWriter.sequence(DERWriter.sequence(reference))
    }

    /// ContentInfo with SignedData version 1 (RFC 5652, 3 and 5.1).
    private func container(_ value: [UInt8]) -> [UInt8] {
        let digest = AlgorithmIdentifier.encoded(algorithm.digest.identifier)
        let scheme = SignatureAlgorithm.identifier(algorithm.scheme, algorithm.digest)
        let signer = DERWriter.sequence(
            DERWriter.integer(1),
            DERWriter.sequence(
                certificate.issuer.der, DERWriter.element(DERTag.integer, certificate.serialOctets)),
            digest,
            DERWriter.element(DERTag.contextConstructed(0), attributes),
            // RFC 4055 wants NULL parameters with RSA, RFC 5758 none with ECDSA.
            scheme.map { AlgorithmIdentifier.encoded($0, null: algorithm.scheme == .rsaPKCS1) } ?? [],
            DERWriter.octetString(value))
        let signedData = DERWriter.sequence(
            DERWriter.integer(1),
            DERWriter.setOf([digest]),
            DERWriter.sequence(
                DERWriter.objectIdentifier(.data),
                DERWriter.element(DERTag.contextConstructed(0), DERWriter.octetString(content))),
            DERWriter.setOf([certificate.der] + chain, tag: DERTag.contextConstructed(0)),
            DERWriter.setOf([signer]))
        return DERWriter.sequence(
            DERWriter.objectIdentifier(.signedData), DERWriter.element(DERTag.contextConstructed(0), signedData))
    }
}

/// A token's input, ready for its mechanism.
public enum SignatureInput: Sendable, Equatable {
    /// A DigestInfo (RFC 8017, 9.2) for CKM_RSA_PKCS, which adds the padding.
    case rsaPKCS1(digestInfo: [UInt8])
    /// A digest for CKM_ECDSA, which answers r and s as raw octets.
    case ecdsa(digest: [UInt8])
}

/// Why a signature could not be prepared or put together.
public struct SignatureDraftError: Error, Sendable, Equatable {
    /// The kind of the error, to act on.
    public enum Code: String, Sendable {
        /// The certificate's key is of a kind, curve or strength that is not signed with here.
        case unsupportedKey = "unsupported-key"
        /// The value from the token is not this key's signature over what it was given.
        case wrongSignature = "wrong-signature"
        /// libcrypto failed; see `detail`.
        case cryptoFailed = "crypto-failed"
    }

    /// The kind of the error, to act on.
    public let code: Code
    /// The call that failed and OpenSSL's reason; "" where neither is known.
    public let detail: String

    /// Equal by code.
    public static func == (left: SignatureDraftError, right: SignatureDraftError) -> Bool {
        left.code == right.code
    }
}
