// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One signer of a SignedData (RFC 5652, 5.3) taken apart, nothing judged yet.
struct SignerInfo {
    /// How the signer's certificate is named.
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

    /// What the attribute revocation-values holds (ETSI TS 101 733, 6.3.4); nothing where it cannot be read.
    var evidence: [RevocationEvidence] {
        (unsignedAttributes?.values(.revocationValues) ?? []).flatMap { value in
            do throws(DERError) {
                return try RevocationEvidence.revocationValues(value)
            } catch {
                return []  // unsigned: whoever can break it could leave it out
            }
        }
    }
}
