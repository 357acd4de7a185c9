// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A CMS SignedData (RFC 5652, 5.1) taken apart, nothing judged yet.
struct SignedData {
    static let maximumSigners = 32
    static let maximumCertificates = 256

    let version: Int
    let digestAlgorithms: [AlgorithmIdentifier]
    let contentType: ObjectIdentifier
    /// What was signed, without the string around it; nil where it is kept apart.
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
            // PKCS #7 allowed any type here and signed its content octets; CMS has an OCTET STRING.
            let value = body.rules == .der ? try inner.next(DERTag.octetString) : try inner.next()
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
        evidence = try revocation.map { field throws(DERError) in try Self.evidence(body.inside(field)) } ?? []

        var infos = body.inside(try body.next(DERTag.set))
        try body.expectEnd()
        var signers: [SignerInfo] = []
        for element in try infos.all(limit: Self.maximumSigners) {
            guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
            signers.append(try SignerInfo(body.inside(element)))
        }
        self.signers = signers
    }

    /// RevocationInfoChoices (RFC 5652, 10.2.1), with OCSP answers as RFC 5940 puts them there.
    private static func evidence(_ field: DERReader) throws(DERError) -> [RevocationEvidence] {
        var list = field
        var evidence: [RevocationEvidence] = []
        for element in try list.all(limit: maximumCertificates) {
            if element.tag == DERTag.sequence {
                evidence.append(.crl(Array(element.encoding)))
            } else if element.tag == DERTag.contextConstructed(1) {
                var parts = field.inside(element)
                guard try parts.objectIdentifier() == .ocspRevocationInfo else { continue }
                evidence.append(.ocsp(Array(try parts.next(DERTag.sequence).encoding)))
            }
        }
        return evidence
    }

    /// Says of unreadable bytes whether they are at least another kind of CMS.
    private static func reason(_ error: DERError, _ bytes: [UInt8]) -> SignatureReason {
        guard error.code != .tooLarge else { return SignatureReason(.tooManyParts) }
        var outer = DERReader(bytes[...])
        let type = (try? outer.next(DERTag.sequence)).flatMap { element in
            var info = outer.inside(element)
            return try? info.objectIdentifier()  // no type, no news: the bytes are malformed, as said below
        }
        return SignatureReason(type != nil && type != .signedData ? .notSignedData : .malformed)
    }
}
