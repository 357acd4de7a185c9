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
