// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How a signature value was made: with which kind of key, padding and digest.
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
    let digest: Digest

    /// Reads an identifier; nil where it names nothing that is known here.
    ///
    /// CMS may name the key's algorithm only (`rsaEncryption`) and leave the digest to a field of its own.
    init?(_ identifier: AlgorithmIdentifier, digest: Digest? = nil) {
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
            for known in Digest.allCases {
                if Self.identifier(.rsaPKCS1, known) == identifier.algorithm {
                    self.init(scheme: .rsaPKCS1, digest: known)
                    return
                }
                if Self.identifier(.ecdsa, known) == identifier.algorithm {
                    self.init(scheme: .ecdsa, digest: known)
                    return
                }
            }
            return nil
        }
    }

    init(scheme: Scheme, digest: Digest) {
        self.scheme = scheme
        self.digest = digest
    }

    /// RSASSA-PSS-params (RFC 4055, 3.1). Its defaults are SHA-1, so all that we accept is written out.
    private init?(pss parameters: DERElement?) {
        guard let parameters, parameters.tag == DERTag.sequence else { return nil }
        do throws(DERError) {
            var parts = DERReader(parameters.content)
            guard let hash = try parts.optional(DERTag.contextConstructed(0)),
                let mask = try parts.optional(DERTag.contextConstructed(1)),
                let salt = try parts.optional(DERTag.contextConstructed(2))
            else { return nil }
            if let trailer = try parts.optional(DERTag.contextConstructed(3)) {
                var reader = DERReader(trailer.content)
                guard try reader.smallInteger() == 1 else { return nil }
            }
            try parts.expectEnd()
            let hashed = try AlgorithmIdentifier(DERReader.single(hash.content, tag: DERTag.sequence))
            let masked = try AlgorithmIdentifier(DERReader.single(mask.content, tag: DERTag.sequence))
            guard let digest = hashed.digest, masked.algorithm == .mgf1, let inner = masked.parameters,
                try AlgorithmIdentifier(inner).digest == digest
            else { return nil }
            var reader = DERReader(salt.content)
            self.init(scheme: .rsaPSS(saltLength: try reader.smallInteger()), digest: digest)
        } catch {
            return nil
        }
    }

    /// The identifier that names scheme and digest together; nil for PSS, which needs parameters.
    static func identifier(_ scheme: Scheme, _ digest: Digest) -> ObjectIdentifier? {
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
