// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One signer of a SignedData (RFC 5652, 5.3) taken apart, nothing judged yet.
struct SignerInfo {
    /// How the signer's certificate is named.
    enum Identifier {
        case issuerAndSerial(issuer: [UInt8], serial: [UInt8])
        case keyIdentifier([UInt8])

        func matches(_ certificate: CertificateFacts) -> Bool {
            switch self {
            case .issuerAndSerial(let issuer, let serial):
                issuer == certificate.issuer.der && serial == certificate.serialOctets
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
    /// The types of the unsigned attributes; nil where the field is missing.
    let unsignedAttributes: [ObjectIdentifier]?

    init(_ reader: DERReader) throws(DERError) {
        var parts = reader
        version = try parts.smallInteger()
        if let identifier = try parts.optional(DERTag.context(0)) {
            self.identifier = .keyIdentifier(Array(identifier.content))
        } else {
            var pair = parts.inside(try parts.next(DERTag.sequence))
            let issuer = try pair.next(DERTag.sequence).encoding
            identifier = .issuerAndSerial(issuer: Array(issuer), serial: Array(try pair.integerOctets()))
            try pair.expectEnd()
        }
        digestAlgorithm = try AlgorithmIdentifier(parts.next(), rules: parts.rules)
        let field = try parts.optional(DERTag.contextConstructed(0))
        attributes = try field.map { field throws(DERError) in try SignedAttributes(field, rules: reader.rules) }
        signatureAlgorithm = try AlgorithmIdentifier(parts.next(), rules: parts.rules)
        signature = Array(try parts.octetString())
        if let unsigned = try parts.optional(DERTag.contextConstructed(1)) {
            var list = parts.inside(unsigned)
            var types: [ObjectIdentifier] = []
            for element in try list.all(limit: SignedAttributes.maximum) {
                var attribute = parts.inside(element)
                types.append(try attribute.objectIdentifier())
            }
            unsignedAttributes = types
        } else {
            unsignedAttributes = nil
        }
        try parts.expectEnd()
    }
}
