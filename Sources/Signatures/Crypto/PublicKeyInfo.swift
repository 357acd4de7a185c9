// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) read far enough to know whether libcrypto should see it at all.
struct PublicKeyInfo {
    enum Curve: Sendable {
        case p256, p384, p521

        /// Octets of one coordinate, and of r and s.
        var length: Int {
            switch self {
            case .p256: 32
            case .p384: 48
            case .p521: 66
            }
        }

        init?(_ identifier: ObjectIdentifier) {
            switch identifier {
            case .p256: self = .p256
            case .p384: self = .p384
            case .p521: self = .p521
            default: return nil
            }
        }
    }

    enum Kind: Equatable {
        case rsa(bits: Int)
        case ec(Curve)
        case other

        /// The one digest to sign with by such a key (contract/portal.md), about as strong as the key; nil for none.
        var ownDigest: DigestAlgorithm? {
            switch self {
            case .rsa, .ec(.p256): .sha256
            case .ec(.p384): .sha384
            case .ec(.p521): .sha512
            case .other: nil
            }
        }
    }

    let kind: Kind
    /// An RSA key that forges easily: short, or with an exponent that is even, 1, or no small number.
    let isWeak: Bool
    let der: [UInt8]
    /// The octets of the key's BIT STRING, which OCSP hashes.
    let keyOctets: [UInt8]

    /// nil where the bytes are no SubjectPublicKeyInfo.
    init?(der: some Collection<UInt8>) {
        do throws(DERError) {
            try self.init(reading: Array(der))
        } catch {
            return nil
        }
    }

    private init(reading der: [UInt8]) throws(DERError) {
        var parts = try DERReader.sequence(der[...])
        let algorithm = try AlgorithmIdentifier(parts.next())
        let octets = try parts.wholeOctets()
        try parts.expectEnd()
        self.der = der
        keyOctets = Array(octets)
        switch algorithm.algorithm {
        case .rsaEncryption:
            var key = try DERReader.sequence(octets)
            let modulus = try key.integerOctets().drop { $0 == 0 }
            let exponent = try key.integerOctets().drop { $0 == 0 }
            try key.expectEnd()
            guard let first = modulus.first, let last = exponent.last else { throw DERError(.badValue) }
            let bits = modulus.count * 8 - first.leadingZeroBitCount
            // Verifying with a giant modulus would be a way to keep us busy.
            guard bits <= 8_192 else {
                (kind, isWeak) = (.other, false)
                return
            }
            kind = .rsa(bits: bits)
            isWeak = bits < 2_048 || last & 1 == 0 || exponent.count > 8 || (exponent.count == 1 && last < 3)
        case .ecPublicKey:
            // Curves given by explicit parameters are refused: they can be chosen to make forging easy (CVE-2020-0601).
            guard let parameters = algorithm.parameters, parameters.tag == DERTag.objectIdentifier,
                let curve = Curve(try ObjectIdentifier(content: parameters.content))
            else {
                (kind, isWeak) = (.other, false)
                return
            }
            (kind, isWeak) = (.ec(curve), false)
        default: (kind, isWeak) = (.other, false)
        }
    }

    var keyType: KeyType {
        switch kind {
        case .rsa(bits: 2_048): .rsa2048
        case .rsa(bits: 3_072): .rsa3072
        case .rsa(bits: 4_096): .rsa4096
        case .ec(.p256): .ecP256
        case .ec(.p384): .ecP384
        case .ec(.p521): .ecP521
        case .rsa, .other: .other
        }
    }
}

/// The kinds of key that a certificate can bear, by the names of the bus contract.
public enum KeyType: String, Sendable, Hashable, CaseIterable {
    case rsa2048 = "rsa-2048"
    case rsa3072 = "rsa-3072"
    case rsa4096 = "rsa-4096"
    case ecP256 = "ec-p256"
    case ecP384 = "ec-p384"
    case ecP521 = "ec-p521"
    /// Another algorithm, curve or length.
    case other
}

/// The two numbers of an ECDSA signature, of which a token gives the raw octets and CMS wants DER (RFC 5480, RFC 3279).
struct ECDSAValue {
    /// Both numbers without leading zeros.
    let r: [UInt8]
    let s: [UInt8]

    /// From r and s one after the other, each of the curve's length (PKCS#11 2.40, 2.3.1).
    init?(raw: [UInt8], length: Int) {
        guard raw.count == 2 * length else { return nil }
        self.init(r: raw.prefix(length), s: raw.suffix(length))
    }

    /// From ECDSA-Sig-Value in DER.
    init?(der: ArraySlice<UInt8>, length: Int) {
        do throws(DERError) {
            var parts = try DERReader.sequence(der, rules: .der)
            let r = try parts.integerOctets()
            let s = try parts.integerOctets()
            try parts.expectEnd()
            guard let first = r.first, let second = s.first, first < 0x80, second < 0x80 else { return nil }
            self.init(r: r, s: s)
            guard self.r.count <= length, self.s.count <= length else { return nil }
        } catch {
            return nil
        }
    }

    /// A zero in either place would satisfy a careless verifier for any message (CVE-2022-21449).
    private init?(r: ArraySlice<UInt8>, s: ArraySlice<UInt8>) {
        self.r = Array(r.drop { $0 == 0 })
        self.s = Array(s.drop { $0 == 0 })
        guard !self.r.isEmpty, !self.s.isEmpty else { return nil }
    }

    var der: [UInt8] {
        DERWriter.sequence(DERWriter.unsignedInteger(r), DERWriter.unsignedInteger(s))
    }
}
