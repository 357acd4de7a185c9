// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// The making of a signature value: kind of key, padding and digest.
struct SignatureAlgorithm: Equatable {
    enum Scheme: Equatable {
        /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
        case rsaPKCS1
        /// RSASSA-PSS (RFC 8017, 8.1), mask generation with the signature's own digest.
        case rsaPSS(saltLength: Int)
        /// ECDSA with the value as a SEQUENCE of r and s (RFC 5480).
        case ecdsa
    }

    let scheme: Scheme
    let digest: DigestAlgorithm
}

extension SignatureAlgorithm {
    /// Reads an identifier; nil where it names nothing that is known here.
    ///
    /// CMS may name the key's algorithm only (`rsaEncryption`) and leave the digest to a field of its own.
    init?(_ identifier: AlgorithmIdentifier, digest: DigestAlgorithm? = nil) {
        switch identifier.algorithm {
        case .rsaEncryption:
            guard identifier.hasNoParameters, let digest else { return nil }
            self.init(scheme: .rsaPKCS1, digest: digest)
        case .rsaPSS:
            self.init(pss: identifier.parameters)
        case .ecPublicKey:
            guard let digest else { return nil }
            self.init(scheme: .ecdsa, digest: digest)
        default:
            guard identifier.hasNoParameters else { return nil }
            for known in DigestAlgorithm.allCases {
                for scheme in [Scheme.rsaPKCS1, .ecdsa] where Self.identifier(scheme, known) == identifier.algorithm {
                    self.init(scheme: scheme, digest: known)
                    return
                }
            }
            return nil
        }
    }

    /// PSS whose mask is made with the signature's own digest, as everybody makes it.
    private init?(pss parameters: DERElement?) {
        guard let parameters = PSSParameters(parameters), parameters.mask == .mgf1, parameters.trailer == 1,
            parameters.maskDigest == parameters.digest, let digest = DigestAlgorithm(parameters.digest)
        else { return nil }
        self.init(scheme: .rsaPSS(saltLength: parameters.saltLength), digest: digest)
    }

    /// The identifier that names scheme and digest together; nil for PSS, which needs parameters.
    static func identifier(_ scheme: Scheme, _ digest: DigestAlgorithm) -> ObjectIdentifier? {
        switch (scheme, digest) {
        case (.rsaPKCS1, .sha1): ObjectIdentifier(1, 2, 840, 113549, 1, 1, 5)
        case (.rsaPKCS1, .sha256): ObjectIdentifier(1, 2, 840, 113549, 1, 1, 11)
        case (.rsaPKCS1, .sha384): ObjectIdentifier(1, 2, 840, 113549, 1, 1, 12)
        case (.rsaPKCS1, .sha512): ObjectIdentifier(1, 2, 840, 113549, 1, 1, 13)
        case (.ecdsa, .sha1): ObjectIdentifier(1, 2, 840, 10045, 4, 1)
        case (.ecdsa, .sha256): ObjectIdentifier(1, 2, 840, 10045, 4, 3, 2)
        case (.ecdsa, .sha384): ObjectIdentifier(1, 2, 840, 10045, 4, 3, 3)
        case (.ecdsa, .sha512): ObjectIdentifier(1, 2, 840, 10045, 4, 3, 4)
        case (.rsaPSS, _): nil
        }
    }
}

/// An algorithm and its parameters as certificates and CMS name them (RFC 5280, 4.1.1.2).
struct AlgorithmIdentifier {
    let algorithm: ObjectIdentifier
    let parameters: DERElement?
    /// Algorithm and parameters as encoded, without the SEQUENCE around them.
    let content: ArraySlice<UInt8>

    init(_ element: DERElement, rules: DERReader.Rules = .forgiving) throws(DERError) {
        guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        try self.init(content: element.content, rules: rules)
    }

    /// Reads one whose own tag was replaced by an IMPLICIT one.
    init(content: ArraySlice<UInt8>, rules: DERReader.Rules = .forgiving) throws(DERError) {
        var parts = DERReader(content, rules: rules)
        algorithm = try parts.objectIdentifier()
        parameters = parts.isAtEnd ? nil : try parts.next()
        try parts.expectEnd()
        self.content = content
    }

    /// Parameters are absent or NULL, which RFC 5754 wants treated alike.
    var hasNoParameters: Bool {
        guard let parameters else { return true }
        return parameters.tag == DERTag.null && parameters.content.isEmpty
    }

    /// Whether both name the same algorithm with parameters that mean the same, however they are written.
    ///
    /// A certificate or a list names its algorithm twice, and RFC 5280 (4.1.1.2, 5.1.1.2) wants both alike. Writers of
    /// which one half has NULL and the other nothing exist (all of TÜBİTAK's test authorities), and DER lets PSS leave its
    /// defaults out.
    func means(_ other: AlgorithmIdentifier) -> Bool {
        guard algorithm == other.algorithm else { return false }
        if algorithm == .rsaPSS {
            if let ours = PSSParameters(parameters), let theirs = PSSParameters(other.parameters) {
                return ours == theirs
            }
        } else if hasNoParameters, other.hasNoParameters {
            return true
        }
        return content.elementsEqual(other.content)
    }

    /// The digest that this names, nil where it names none known.
    var digest: DigestAlgorithm? {
        hasNoParameters ? DigestAlgorithm(algorithm) : nil
    }

    static func encoded(_ algorithm: ObjectIdentifier, null: Bool = false) -> [UInt8] {
        let identifier = DERWriter.objectIdentifier(algorithm)
        return null ? DERWriter.sequence(identifier, DERWriter.null) : DERWriter.sequence(identifier)
    }
}

/// RSASSA-PSS-params (RFC 4055, 3.1): each field has a default, which DER leaves out and other writers spell out.
struct PSSParameters: Equatable {
    private(set) var digest = DigestAlgorithm.sha1.identifier
    private(set) var mask = ObjectIdentifier.mgf1
    /// The digest of the mask generation.
    private(set) var maskDigest = DigestAlgorithm.sha1.identifier
    private(set) var saltLength = 20
    private(set) var trailer = 1

    /// Reads parameters; absent ones are all defaults. nil for what is none, NULL included.
    init?(_ parameters: DERElement?) {
        guard let parameters else { return }
        guard parameters.tag == DERTag.sequence else { return nil }
        do throws(DERError) {
            var parts = DERReader(parameters.content)
            if let field = try parts.optional(DERTag.contextConstructed(0)) { digest = try Self.digest(field.content) }
            if let field = try parts.optional(DERTag.contextConstructed(1)) {
                let named = try AlgorithmIdentifier(DERReader.single(field.content, tag: DERTag.sequence))
                guard let inner = named.parameters else { return nil }
                (mask, maskDigest) = (named.algorithm, try Self.digest(inner.encoding))
            }
            if let field = try parts.optional(DERTag.contextConstructed(2)) {
                saltLength = try Self.number(field.content)
            }
            if let field = try parts.optional(DERTag.contextConstructed(3)) { trailer = try Self.number(field.content) }
            try parts.expectEnd()
        } catch {
            return nil
        }
    }

    private static func digest(_ bytes: ArraySlice<UInt8>) throws(DERError) -> ObjectIdentifier {
        let named = try AlgorithmIdentifier(DERReader.single(bytes, tag: DERTag.sequence))
        guard named.hasNoParameters else { throw DERError(.badValue) }
        return named.algorithm
    }

    private static func number(_ bytes: ArraySlice<UInt8>) throws(DERError) -> Int {
        try DERReader.smallInteger(DERReader.single(bytes, tag: DERTag.integer).content)
    }
}

/// The digests that signatures here are made of.
enum DigestAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// Broken for signatures; only names certificates and keys (RFC 5035 version 1, RFC 6960).
    case sha1 = "sha-1"
    case sha256 = "sha-256"
    case sha384 = "sha-384"
    case sha512 = "sha-512"

    var identifier: ObjectIdentifier {
        switch self {
        case .sha1: ObjectIdentifier(1, 3, 14, 3, 2, 26)
        case .sha256: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 1)
        case .sha384: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 2)
        case .sha512: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 3)
        }
    }

    init?(_ identifier: ObjectIdentifier) {
        guard let digest = Self.allCases.first(where: { $0.identifier == identifier }) else { return nil }
        self = digest
    }

    var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Too weak for a signature.
    var isWeak: Bool { self == .sha1 }

    /// OpenSSL's static description, never freed.
    var method: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        let output = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var size: UInt32 = 0
            let result = EVP_Digest(input, input.count, buffer.baseAddress, &size, method, nil)
            count = result == 1 ? Int(size) : 0
        }
        // Digesting memory fails only where none is left to allocate; a digest of zeros would be worse than stopping.
        precondition(output.count == length, "EVP_Digest failed")
        return output
    }
}
