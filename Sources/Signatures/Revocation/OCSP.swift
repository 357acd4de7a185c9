// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// A question about one certificate, to be posted to a responder as `application/ocsp-request` (RFC 6960, 4.1).
public struct OCSPRequest: Sendable {
    /// An OCSPRequest, DER.
    public let der: [UInt8]
    let nonce: [UInt8]
    private let certificate: CertificateFacts
    private let issuer: CertificateFacts

    /// Asks for a certificate of an issuer, with 32 random octets as nonce (RFC 8954).
    public init(certificate: CertificateFacts, issuer: CertificateFacts) throws(LibcryptoError) {
        self.certificate = certificate
        self.issuer = issuer
        var random = [UInt8](repeating: 0, count: 32)
        try LibcryptoError.check(RAND_bytes(&random, Int32(random.count)), "RAND_bytes")
        nonce = random
        let request = DERWriter.sequence(OCSPCertificateID(certificate, issuer: issuer).der)
        let nonce = DERWriter.sequence(
            DERWriter.objectIdentifier(.ocspNonce), DERWriter.octetString(DERWriter.octetString(random)))
        der = DERWriter.sequence(
            DERWriter.sequence(
                DERWriter.sequence(request),
                DERWriter.element(DERTag.contextConstructed(2), DERWriter.sequence(nonce))))
    }

    /// Judges the answer to this question, an OCSPResponse (DER), at an instant, UTC seconds since 1970. An answer without a nonce
    /// counts: many responders sign ahead. Throws where it proves nothing.
    public func judge(response: [UInt8], at time: Int64) throws(RevocationError) -> RevocationJudgement {
        let answer = try OCSPResponse(response)
        guard answer.nonce == nil || answer.nonce == nonce else { throw RevocationError(.nonceMismatch) }
        return try answer.judgement(of: certificate, issuer: issuer, at: time)
    }
}

/// A responder's answer (RFC 6960, 4.2), read, and judged for one certificate at a time.
public struct OCSPResponse: Sendable {
    /// Longer answers are refused unread.
    public static let maximumLength = 1024 * 1024

    /// As received; kept with a record, it proves the judgement later.
    public let der: [UInt8]
    private let parts: Parts
    private let certificates: [CertificateFacts]

    /// The words of RFC 6960, 4.2.1, for a responder's refusals.
    private static let refusals = [
        1: "malformed-request", 2: "internal-error", 3: "try-later", 5: "signature-required", 6: "unauthorized",
    ]

    /// Reads an OCSPResponse; throws where the responder refused or the bytes are none.
    public init(_ der: [UInt8]) throws(RevocationError) {
        guard der.count <= Self.maximumLength else { throw RevocationError(.tooLarge) }
        self.der = der
        let status: Int
        let basic: Parts?
        do throws(DERError) {
            var outer = try DERReader.sequence(der[...])
            status = try outer.smallInteger(DERTag.enumerated)
            basic = status == 0 ? try Self.basic(outer.next(DERTag.contextConstructed(0))) : nil
        } catch {
            throw RevocationError(error.code == .unsupported ? .unsupported : .malformed, error.code.rawValue)
        }
        guard let basic else { throw RevocationError(.refused, Self.refusals[status] ?? "status-\(status)") }
        parts = basic
        certificates = CertificateBag(basic.certificates).facts
    }

    private static func basic(_ explicit: DERElement) throws(DERError) -> Parts {
        var bytes = try DERReader.sequence(explicit.content)
        guard try bytes.objectIdentifier() == .ocspBasic else { throw DERError(.unsupported) }
        return try Parts(DERReader.single(bytes.octetString(), tag: DERTag.sequence))
    }

    /// The nonce it repeats; nil where it has none.
    public var nonce: [UInt8]? { parts.nonce }

    /// When it was signed, UTC seconds since 1970.
    public var producedAt: Int64 { parts.producedAt }

    /// The answer's word on a certificate, if it may give one.
    ///
    /// It must be signed by the issuer itself, or by a responder that the issuer certified with id-kp-OCSPSigning, and it
    /// must name the certificate. It must be current at `time`, UTC seconds since 1970, unless it reports a revocation,
    /// which stays true: then its signer must have been in time when it was made.
    public func judgement(
        of certificate: CertificateFacts, issuer: CertificateFacts, at time: Int64
    ) throws(RevocationError) -> RevocationJudgement {
        let about = parts.answers.filter { $0.identifier?.names(certificate, issuer: issuer) == true }.map(\.judgement)
        let lasting = about.first(where: \.isFinal)
        let signer = try responder(parts.responder, issuer: issuer, at: lasting == nil ? time : producedAt)
        try parts.structure.check(signedBy: signer)
        if let lasting { return lasting }
        guard producedAt <= time + Freshness.skew else { throw RevocationError(.notYetCurrent, "produced-at") }
        guard var worst = about.first else { throw RevocationError(.otherCertificate) }
        for judgement in about {
            try Freshness.check(thisUpdate: judgement.thisUpdate, nextUpdate: judgement.nextUpdate, at: time)
            // Several answers about one certificate: a hold counts, else the first.
            if RevocationJudgement.weight(of: judgement.status) > RevocationJudgement.weight(of: worst.status) {
                worst = judgement
            }
        }
        return worst
    }

    /// The signer, if the issuer allows that one (RFC 6960, 4.2.2.2).
    ///
    /// A delegate's own revocation is not looked into, with or without id-pkix-ocsp-nocheck; the standard leaves that to
    /// the asking party (4.2.2.2.1).
    private func responder(
        _ identifier: ResponderID, issuer: CertificateFacts, at time: Int64
    ) throws(RevocationError) -> CertificateFacts {
        if identifier.names(issuer) { return issuer }
        guard let delegate = certificates.first(where: identifier.names) else {
            throw RevocationError(.unauthorisedSigner, "no-certificate")
        }
        guard delegate.extendedKeyUsage.contains(ObjectIdentifier.ocspSigning.description),
            delegate.keyUsage?.contains(.digitalSignature) != false, delegate.unknownCriticalExtensions.isEmpty
        else { throw RevocationError(.unauthorisedSigner, "key-usage") }
        guard delegate.isValid(at: time) else { throw RevocationError(.unauthorisedSigner, "out-of-time") }
        guard delegate.issuer.names(issuer.subject) else { throw RevocationError(.unauthorisedSigner, "issuer") }
        do throws(RevocationError) {
            try delegate.structure().check(signedBy: issuer)
        } catch {
            throw RevocationError(.unauthorisedSigner, "issuer-signature")
        }
        return delegate
    }
}

extension CertificateFacts {
    /// The certificate's own signature; throws where it names one algorithm inside and another one outside.
    func structure() throws(RevocationError) -> SignedStructure {
        do throws(DERError) {
            var reader = try DERReader.sequence(der[...])
            let structure = try SignedStructure(&reader)
            var body = DERReader(structure.signed.content)
            _ = try body.optional(DERTag.contextConstructed(0))
            _ = try body.next(DERTag.integer)
            guard try AlgorithmIdentifier(body.next()).means(structure.algorithm) else { throw DERError(.badValue) }
            return structure
        } catch {
            throw RevocationError(.malformed, "certificate")
        }
    }
}

extension OCSPResponse {
    /// The name of an answer's signer.
    enum ResponderID {
        case name([UInt8])
        case keyHash([UInt8])

        func names(_ certificate: CertificateFacts) -> Bool {
            switch self {
            case .name(let der): return certificate.subject.names(der)
            case .keyHash(let hash):
                guard let key = PublicKeyInfo(der: certificate.publicKeyInfo) else { return false }
                return DigestAlgorithm.sha1.hash(key.keyOctets) == hash
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
                var list = try DERReader.sequence(explicit.content)
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
            var list = try DERReader.sequence(field.content)
            var nonce: [UInt8]?
            for element in try list.all(limit: 32) {
                var parts = DERReader(element.content)
                let (identifier, isCritical, value) = try parts.extensionFields()
                if identifier == .ocspNonce {
                    // RFC 8954 has an OCTET STRING inside; some responders put the octets there bare.
                    let inner = try? DERReader.single(value, tag: DERTag.octetString)  // bare, then
                    nonce = Array(inner?.content ?? value)
                } else if isCritical {
                    throw DERError(.unsupported)
                }
            }
            return nonce
        }
    }
}

/// OCSP's name of a certificate: hashes of its issuer's name and key, and its serial number (RFC 6960, 4.1.1).
struct OCSPCertificateID {
    private let digest: DigestAlgorithm
    private let nameHash: [UInt8]
    private let keyHash: [UInt8]
    private let serial: [UInt8]

    /// SHA-1, which every responder knows (RFC 5019, 2.1.1) and which here only names what is asked for.
    init(_ certificate: CertificateFacts, issuer: CertificateFacts, digest: DigestAlgorithm = .sha1) {
        self.digest = digest
        nameHash = digest.hash(certificate.issuer.der)
        keyHash = digest.hash(PublicKeyInfo(der: issuer.publicKeyInfo)?.keyOctets ?? [])
        serial = certificate.serialOctets
    }

    /// Reads the one in an answer; nil where its digest is unknown.
    init?(_ element: DERElement) throws(DERError) {
        guard element.tag == DERTag.sequence else { throw DERError(.unexpectedTag) }
        var parts = DERReader(element.content)
        guard let digest = try AlgorithmIdentifier(parts.next()).digest else { return nil }
        self.digest = digest
        nameHash = Array(try parts.octetString())
        keyHash = Array(try parts.octetString())
        serial = Array(try parts.integerOctets())
        try parts.expectEnd()
    }

    func names(_ certificate: CertificateFacts, issuer: CertificateFacts) -> Bool {
        let expected = OCSPCertificateID(certificate, issuer: issuer, digest: digest)
        guard keyHash == expected.keyHash && serial == expected.serial else { return false }
        // The name is the issuer's as the certificate spells it; responders also take it as the issuer spells it.
        return nameHash == expected.nameHash
            || (certificate.issuer.names(issuer.subject) && nameHash == digest.hash(issuer.subject.der))
    }

    var der: [UInt8] {
        DERWriter.sequence(
            AlgorithmIdentifier.encoded(digest.identifier, null: true), DERWriter.octetString(nameHash),
            DERWriter.octetString(keyHash), DERWriter.element(DERTag.integer, serial))
    }
}
