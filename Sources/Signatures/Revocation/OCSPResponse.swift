// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
            var outer = DERReader(try DERReader.single(der[...], tag: DERTag.sequence).content)
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
        var bytes = DERReader(try DERReader.single(explicit.content, tag: DERTag.sequence).content)
        guard try bytes.objectIdentifier() == .ocspBasic else { throw DERError(.unsupported) }
        return try Parts(DERReader.single(bytes.octetString(), tag: DERTag.sequence))
    }

    /// The nonce it repeats; nil where it has none.
    public var nonce: [UInt8]? { parts.nonce }

    /// When it was signed, UTC seconds since 1970.
    public var producedAt: Int64 { parts.producedAt }

    /// What the answer says of a certificate, if it may say so.
    ///
    /// It must be signed by the issuer itself, or by a responder that the issuer certified with id-kp-OCSPSigning, and it
    /// must name the certificate. It must be current at `time`, UTC seconds since 1970, unless it tells of a revocation,
    /// which stays true: then its signer must have been in time when it was made.
    public func judgement(
        of certificate: CertificateFacts, issuer: CertificateFacts, at time: Int64, freshness: Freshness = .standard
    ) throws(RevocationError) -> RevocationJudgement {
        let about = parts.answers.filter { $0.identifier?.names(certificate, issuer: issuer) == true }.map(\.judgement)
        let lasting = about.first(where: \.isFinal)
        let signer = try responder(parts.responder, issuer: issuer, at: lasting == nil ? time : producedAt)
        try parts.structure.check(signedBy: signer)
        if let lasting { return lasting }
        guard producedAt <= time + freshness.skew else { throw RevocationError(.notYetCurrent, "produced-at") }
        guard var worst = about.first else { throw RevocationError(.otherCertificate) }
        for judgement in about {
            try freshness.check(thisUpdate: judgement.thisUpdate, nextUpdate: judgement.nextUpdate, at: time)
            // Several answers about one certificate: a hold counts, else the first.
            if RevocationJudgement.weight(of: judgement.status) > RevocationJudgement.weight(of: worst.status) {
                worst = judgement
            }
        }
        return worst
    }

    /// Who signed, if the issuer lets him (RFC 6960, 4.2.2.2).
    ///
    /// A delegate's own revocation is not looked into, with or without id-pkix-ocsp-nocheck; the standard leaves that to
    /// who asks (4.2.2.2.1).
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
            var reader = DERReader(try DERReader.single(der[...], tag: DERTag.sequence).content)
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
