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

    /// PSS whose mask is made with the signature's own digest, as everybody makes it.
    private init?(pss parameters: DERElement?) {
        guard let parameters = PSSParameters(parameters), parameters.mask == .mgf1, parameters.trailer == 1,
            parameters.maskDigest == parameters.digest, let digest = Digest(parameters.digest)
        else { return nil }
        self.init(scheme: .rsaPSS(saltLength: parameters.saltLength), digest: digest)
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
