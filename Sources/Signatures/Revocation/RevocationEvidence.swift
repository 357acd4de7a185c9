// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The bytes of an answer or list, as they came.
public enum RevocationEvidence: Sendable, Equatable {
    /// An OCSPResponse, DER (RFC 6960, 4.2.1).
    case ocsp([UInt8])
    /// A CertificateList, DER or PEM (RFC 5280, 5.1).
    case crl([UInt8])
}

extension RevocationEvidence {
    private static let maximum = 256

    /// RevocationInfoChoices (RFC 5652, 10.2.1), with OCSP answers as RFC 5940 puts them there, or bare as some do.
    static func choices(_ field: DERReader) throws(DERError) -> [RevocationEvidence] {
        var list = field
        var evidence: [RevocationEvidence] = []
        for element in try list.all(limit: maximum) {
            if element.tag == DERTag.sequence {
                evidence.append(.crl(Array(element.encoding)))
            } else if element.tag == DERTag.contextConstructed(1) {
                var parts = field.inside(element)
                switch try parts.objectIdentifier() {
                case .ocspRevocationInfo: evidence.append(.ocsp(Array(try parts.next(DERTag.sequence).encoding)))
                case .ocspBasic: evidence.append(basic(try parts.next(DERTag.sequence)))
                default: continue
                }
            }
        }
        return evidence
    }

    /// RevocationValues (ETSI TS 101 733, 6.3.4): lists, and answers without the shell around them.
    static func revocationValues(_ value: DERElement) throws(DERError) -> [RevocationEvidence] {
        guard value.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(value.content)
        var evidence: [RevocationEvidence] = []
        if let lists = try parts.optional(DERTag.contextConstructed(0)) {
            var list = DERReader(try DERReader.single(lists.content, tag: DERTag.sequence).content)
            evidence += try list.all(limit: maximum).map { .crl(Array($0.encoding)) }
        }
        if let answers = try parts.optional(DERTag.contextConstructed(1)) {
            var list = DERReader(try DERReader.single(answers.content, tag: DERTag.sequence).content)
            evidence += try list.all(limit: maximum).map(basic)
        }
        return evidence
    }

    /// An OCSPResponse around a BasicOCSPResponse; the shell is not signed.
    private static func basic(_ answer: DERElement) -> RevocationEvidence {
        let bytes = DERWriter.sequence(
            DERWriter.objectIdentifier(.ocspBasic), DERWriter.octetString(answer.encoding))
        return .ocsp(
            DERWriter.sequence([DERTag.enumerated, 1, 0], DERWriter.element(DERTag.contextConstructed(0), bytes)))
    }
}
