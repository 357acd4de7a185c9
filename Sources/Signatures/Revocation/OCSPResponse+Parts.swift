// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension OCSPResponse {
    /// How an answer names its signer.
    enum ResponderID {
        case name([UInt8])
        case keyHash([UInt8])

        func names(_ certificate: CertificateFacts) -> Bool {
            switch self {
            case .name(let der): return certificate.subject.names(der)
            case .keyHash(let hash):
                guard let key = PublicKeyInfo(der: certificate.publicKeyInfo) else { return false }
                return Digest.sha1.hash(key.keyOctets) == hash
            }
        }
    }

    /// One SingleResponse.
    struct Answer {
        /// nil where it is named by a digest that is unknown here.
        let identifier: OCSPCertificateID?
        let status: RevocationJudgement.Status
        let thisUpdate: Int64
        let nextUpdate: Int64?

        var judgement: RevocationJudgement {
            RevocationJudgement(status: status, source: .ocsp, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
        }

        init(_ element: DERElement) throws(DERError) {
            guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
            var parts = DERReader(element.content)
            identifier = try OCSPCertificateID(parts.next())
            let choice = try parts.next()
            switch choice.tag {
            case DERTag.context(0): status = .good
            case DERTag.context(2): status = .unknown
            case DERTag.contextConstructed(1):
                var revoked = DERReader(choice.content)
                let since = try revoked.time()
                var reason: Int?
                if let explicit = try revoked.optional(DERTag.contextConstructed(0)) {
                    var inner = DERReader(explicit.content)
                    reason = try inner.smallInteger(DERTag.enumerated)
                }
                status = .revoked(at: since, reason: reason)
            default: throw DERError(.unexpectedTag)
            }
            thisUpdate = try parts.time()
            if let explicit = try parts.optional(DERTag.contextConstructed(0)) {
                var inner = DERReader(explicit.content)
                nextUpdate = try inner.time()
            } else {
                nextUpdate = nil
            }
            if let explicit = try parts.optional(DERTag.contextConstructed(1)) {
                _ = try Parts.nonce(in: explicit)
            }
            try parts.expectEnd()
        }
    }

    /// Everything in a BasicOCSPResponse, unjudged.
    struct Parts {
        let structure: SignedStructure
        let responder: ResponderID
        let producedAt: Int64
        let answers: [Answer]
        let nonce: [UInt8]?
        let certificates: [[UInt8]]

        init(_ basic: DERElement) throws(DERError) {
            var outer = DERReader(basic.content)
            structure = try SignedStructure(&outer)
            var certificates: [[UInt8]] = []
            if let explicit = try outer.optional(DERTag.contextConstructed(0)) {
                var list = DERReader(try DERReader.single(explicit.content, tag: DERTag.sequence).content)
                certificates = try list.all(limit: 32).map { Array($0.encoding) }
            }
            try outer.expectEnd()
            self.certificates = certificates

            var data = DERReader(structure.signed.content)
            _ = try data.optional(DERTag.contextConstructed(0))
            if let name = try data.optional(DERTag.contextConstructed(1)) {
                responder = .name(Array(name.content))
            } else {
                var inner = DERReader(try data.next(DERTag.contextConstructed(2)).content)
                responder = .keyHash(Array(try inner.octetString()))
            }
            producedAt = try data.time()
            var list = DERReader(try data.next(DERTag.sequence).content)
            var answers: [Answer] = []
            for element in try list.all(limit: 256) { answers.append(try Answer(element)) }
            self.answers = answers
            let extensions = try data.optional(DERTag.contextConstructed(1))
            nonce = try extensions.flatMap { field throws(DERError) in try Parts.nonce(in: field) }
            try data.expectEnd()
        }

        /// The nonce among extensions; refuses critical ones that are unknown here.
        static func nonce(in field: DERElement) throws(DERError) -> [UInt8]? {
            var list = DERReader(try DERReader.single(field.content, tag: DERTag.sequence).content)
            var nonce: [UInt8]?
            for element in try list.all(limit: 32) {
                var parts = DERReader(element.content)
                let identifier = try parts.objectIdentifier()
                let critical = parts.nextTag == DERTag.boolean ? try parts.boolean() : false
                let value = try parts.octetString()
                if identifier == .ocspNonce {
                    // RFC 8954 has an OCTET STRING inside; some responders put the octets there bare.
                    let inner = try? DERReader.single(value, tag: DERTag.octetString)  // bare, then
                    nonce = Array(inner?.content ?? value)
                } else if critical {
                    throw DERError(.unsupported)
                }
            }
            return nonce
        }
    }
}
