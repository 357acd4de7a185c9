// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore

/// A CMS SignedData (RFC 5652, 5.1) taken apart, nothing judged yet.
struct SignedData {
    static let maximumSigners = 32
    static let maximumCertificates = 256

    let version: Int
    let digestAlgorithms: [AlgorithmIdentifier]
    let contentType: ObjectIdentifier
    /// The signed content, without the string around it; nil where it is kept apart.
    let content: [UInt8]?
    /// DER of those that are X.509; attribute certificates and older kinds are stepped over.
    let certificates: [[UInt8]]
    /// Revocation lists and OCSP answers that came along.
    let evidence: [RevocationEvidence]
    /// The container has revocation data, readable or not.
    let hasRevocationData: Bool
    let signers: [SignerInfo]

    /// Reads a ContentInfo. Lengths must be definite; `BER.definite` makes them so.
    init(_ bytes: [UInt8], rules: DERReader.Rules) throws(SignatureReason) {
        do throws(DERError) {
            let outer = try DERReader.single(bytes[...], tag: DERTag.sequence, rules: rules)
            var info = DERReader(outer.content, rules: rules)
            guard try info.objectIdentifier() == .signedData else {
                throw DERError(.unexpectedTag)
            }
            let explicit = try info.next(DERTag.contextConstructed(0))
            try info.expectEnd()
            let body = try DERReader.single(explicit.content, tag: DERTag.sequence, rules: rules)
            try self.init(body: DERReader(body.content, rules: rules))
        } catch {
            throw Self.reason(error, bytes)
        }
    }

    private init(body: DERReader) throws(DERError) {
        var body = body
        version = try body.smallInteger()
        var list = body.inside(try body.next(DERTag.set))
        var algorithms: [AlgorithmIdentifier] = []
        for element in try list.all(limit: Self.maximumSigners) {
            algorithms.append(try AlgorithmIdentifier(element, rules: body.rules))
        }
        digestAlgorithms = algorithms

        var encapsulated = body.inside(try body.next(DERTag.sequence))
        contentType = try encapsulated.objectIdentifier()
        if let explicit = try encapsulated.optional(DERTag.contextConstructed(0)) {
            var inner = body.inside(explicit)
            // PKCS #7 allowed other types to be put here bare and signed their content octets; CMS has an OCTET STRING. Plain
            // data is one in both: of anything else, two programs would show two different things as signed.
            let isString = body.rules == .der || contentType == .data
            let value = isString ? try inner.next(DERTag.octetString) : try inner.next()
            try inner.expectEnd()
            content = Array(value.content)
        } else {
            content = nil
        }
        try encapsulated.expectEnd()

        var certificates: [[UInt8]] = []
        if let field = try body.optional(DERTag.contextConstructed(0)) {
            var list = body.inside(field)
            for element in try list.all(limit: Self.maximumCertificates) where element.tag == DERTag.sequence {
                certificates.append(Array(element.encoding))
            }
        }
        self.certificates = certificates
        let revocation = try body.optional(DERTag.contextConstructed(1))
        hasRevocationData = revocation != nil
        evidence =
            try revocation.map { field throws(DERError) in try RevocationEvidence.choices(body.inside(field)) } ?? []

        var infos = body.inside(try body.next(DERTag.set))
        try body.expectEnd()
        var signers: [SignerInfo] = []
        for element in try infos.all(limit: Self.maximumSigners) {
            guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
            signers.append(try SignerInfo(body.inside(element)))
        }
        self.signers = signers
    }

    /// Says of unreadable bytes whether they are at least another kind of CMS.
    private static func reason(_ error: DERError, _ bytes: [UInt8]) -> SignatureReason {
        guard error.code != .tooLarge else { return SignatureReason(.tooManyParts) }
        let type = contentType(bytes[...])
        return SignatureReason(type != nil && type != .signedData ? .notSignedData : .malformed)
    }

    /// The type that a ContentInfo begins with, however its bytes go on; nil where they begin in no such way.
    static func contentType(_ bytes: ArraySlice<UInt8>) -> ObjectIdentifier? {
        guard bytes.first == DERTag.sequence, bytes.count > 2 else { return nil }
        let length = bytes[bytes.startIndex + 1]
        // Short, indefinite, or so many octets of length; the end of the content may be missing.
        let octets = length <= 0x80 ? 0 : Int(length & 0x7F)
        guard octets <= 8, bytes.count > 2 + octets else { return nil }
        var info = DERReader(bytes.dropFirst(2 + octets))
        do throws(DERError) {
            let type = try info.objectIdentifier()
            // A ContentInfo goes on with its content; another structure may also begin with an identifier.
            return info.isAtEnd || info.nextTag == DERTag.contextConstructed(0) ? type : nil
        } catch {
            return nil
        }
    }
}

/// One signer of a SignedData (RFC 5652, 5.3) taken apart, nothing judged yet.
struct SignerInfo {
    /// The name of the signer's certificate.
    enum Identifier {
        case issuerAndSerial(issuer: DistinguishedName, serial: [UInt8])
        case keyIdentifier([UInt8])

        func matches(_ certificate: CertificateFacts) -> Bool {
            switch self {
            case .issuerAndSerial(let issuer, let serial):
                serial == certificate.serialOctets && issuer.names(certificate.issuer)
            case .keyIdentifier(let identifier):
                !identifier.isEmpty && identifier == certificate.subjectKeyIdentifier
            }
        }
    }

    let version: Int
    let identifier: Identifier
    let digestAlgorithm: AlgorithmIdentifier
    let attributes: SignedAttributes?
    let signatureAlgorithm: AlgorithmIdentifier
    let signature: [UInt8]
    /// nil where the field is missing.
    let unsignedAttributes: SignedAttributes?

    init(_ reader: DERReader) throws(DERError) {
        var parts = reader
        version = try parts.smallInteger()
        if let identifier = try parts.optional(DERTag.context(0)) {
            self.identifier = .keyIdentifier(Array(identifier.content))
        } else {
            var pair = parts.inside(try parts.next(DERTag.sequence))
            let issuer = try DistinguishedName(pair.next(DERTag.sequence))
            identifier = .issuerAndSerial(issuer: issuer, serial: Array(try pair.integerOctets()))
            try pair.expectEnd()
        }
        digestAlgorithm = try AlgorithmIdentifier(parts.next(), rules: parts.rules)
        let field = try parts.optional(DERTag.contextConstructed(0))
        attributes = try field.map { field throws(DERError) in try SignedAttributes(field, rules: reader.rules) }
        signatureAlgorithm = try AlgorithmIdentifier(parts.next(), rules: parts.rules)
        signature = Array(try parts.octetString())
        let unsigned = try parts.optional(DERTag.contextConstructed(1))
        unsignedAttributes = try unsigned.map { field throws(DERError) in
            try SignedAttributes(field, rules: reader.rules, isLenient: true)
        }
        try parts.expectEnd()
    }

    /// Whether an unsigned attribute of a type is there.
    func has(_ type: ObjectIdentifier) -> Bool { unsignedAttributes?.contains(type) == true }

    /// The contents of the attribute revocation-values (ETSI TS 101 733, 6.3.4); nothing where it cannot be read.
    var evidence: [RevocationEvidence] {
        (unsignedAttributes?.values(.revocationValues) ?? []).flatMap { value in
            do throws(DERError) {
                return try RevocationEvidence.revocationValues(value)
            } catch {
                return []  // unsigned: a hand that can break it could also leave it out
            }
        }
    }
}

/// The attributes of a signer, those that the signature covers or those that it does not (RFC 5652, 5.3 and 11).
struct SignedAttributes {
    static let maximum = 64

    /// An attribute's value, if it stands there as it must: one attribute with one value.
    enum Value {
        case missing
        case one(DERElement)
        case repeated
    }

    /// The octets that a signature is over: the attributes as a SET OF instead of the `[0]` of the container, in DER's order whatever
    /// the one received (RFC 5652, 5.4).
    let signedBytes: [UInt8]
    /// The same in the order received, which some programs sign.
    let receivedBytes: [UInt8]
    /// In ascending order of their encodings, as DER wants.
    let isSorted: Bool
    private let attributes: [(type: ObjectIdentifier, values: [DERElement])]

    /// - Parameter isLenient: an attribute whose values cannot be read is there without any, as those that nothing covers may be.
    init(_ field: DERElement, rules: DERReader.Rules, isLenient: Bool = false) throws(DERError) {
        var list = DERReader(field.content, rules: rules)
        let elements = try list.all(limit: Self.maximum)
        var attributes: [(type: ObjectIdentifier, values: [DERElement])] = []
        for element in elements {
            var parts = DERReader(element.content, rules: rules)
            do throws(DERError) {
                guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
                let type = try parts.objectIdentifier()
                attributes.append((type, []))
                var values = DERReader(try parts.next(DERTag.set).content, rules: rules)
                try parts.expectEnd()
                attributes[attributes.endIndex - 1].values = try values.all(limit: Self.maximum)
            } catch {
                guard isLenient else { throw error }
            }
        }
        self.attributes = attributes
        isSorted = zip(elements, elements.dropFirst()).allSatisfy {
            !$1.encoding.lexicographicallyPrecedes($0.encoding)
        }
        receivedBytes = DERWriter.element(DERTag.set, field.content)
        signedBytes =
            isSorted
            ? receivedBytes
            : DERWriter.element(DERTag.set, DERWriter.sortedContent(elements.map { Array($0.encoding) }))
    }

    /// An attribute of whatever type occurs a second time.
    var repeatsTypes: Bool { Set(attributes.map(\.type)).count < attributes.count }

    func contains(_ type: ObjectIdentifier) -> Bool { attributes.contains { $0.type == type } }

    /// All values of all attributes of a type.
    func values(_ type: ObjectIdentifier) -> [DERElement] {
        attributes.filter { $0.type == type }.flatMap(\.values)
    }

    func value(_ type: ObjectIdentifier) -> Value {
        let found = attributes.filter { $0.type == type }
        guard let first = found.first else { return .missing }
        guard found.count == 1, first.values.count == 1 else { return .repeated }
        return .one(first.values[0])
    }
}

/// A signature's own reference to its signer's certificate, among the signed attributes (RFC 2634, 5.4; RFC 5035, 3).
///
/// Without it, the certificate in the container could be exchanged for another one over the same key.
struct SignerReference {
    private let digest: DigestAlgorithm
    private let hash: ArraySlice<UInt8>
    /// The general names and the serial number of the issuer, where they are given.
    private let issuerSerial: (issuer: [ArraySlice<UInt8>], serial: ArraySlice<UInt8>)?

    /// Reads the first reference of a SigningCertificate (version 1, always SHA-1) or SigningCertificateV2.
    ///
    /// nil where the digest is unknown.
    init?(_ attribute: DERElement, version: Int, rules: DERReader.Rules) throws(DERError) {
        guard attribute.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(attribute.content, rules: rules)
        var list = parts.inside(try parts.next(DERTag.sequence))
        var reference = parts.inside(try list.next(DERTag.sequence))
        if version == 1 {
            digest = .sha1
        } else if let algorithm = try reference.optional(DERTag.sequence) {
            guard let named = try AlgorithmIdentifier(algorithm, rules: rules).digest else { return nil }
            digest = named
        } else {
            digest = .sha256
        }
        hash = try reference.octetString()
        guard let pair = try reference.optional(DERTag.sequence) else {
            issuerSerial = nil
            return
        }
        var issuerAndSerial = parts.inside(pair)
        var names = parts.inside(try issuerAndSerial.next(DERTag.sequence))
        let issuer = try names.all(limit: 16).filter { $0.tag == DERTag.contextConstructed(4) }.map(\.content)
        issuerSerial = (issuer, try issuerAndSerial.integerOctets())
    }

    /// The hash can be had for two certificates at once.
    var isWeak: Bool { digest.isWeak }

    /// Whether an issuer stands in it in this very spelling.
    func spells(_ issuer: [UInt8]) -> Bool {
        issuerSerial?.issuer.contains { $0.elementsEqual(issuer) } == true
    }

    func matchesHash(_ certificate: CertificateFacts) -> Bool {
        digest.hash(certificate.der).elementsEqual(hash)
    }

    /// Whether the reference names this certificate, by hash and, where given, by issuer and serial number.
    func matches(_ certificate: CertificateFacts) -> Bool {
        guard matchesHash(certificate) else { return false }
        guard let issuerSerial else { return true }
        return issuerSerial.serial.elementsEqual(certificate.serialOctets)
            && issuerSerial.issuer.contains { certificate.issuer.names($0) }
    }
}
