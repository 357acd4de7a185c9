// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// A question about one certificate, to be posted to a responder as `application/ocsp-request` (RFC 6960, 4.1).
public struct OCSPRequest: Sendable {
    /// An OCSPRequest, DER.
    public let der: [UInt8]
    /// What the answer should repeat; nil where none was wanted.
    public let nonce: [UInt8]?
    private let certificate: CertificateFacts
    private let issuer: CertificateFacts

    /// Asks for a certificate of an issuer, with 32 random octets as nonce (RFC 8954) unless not wanted.
    public init(certificate: CertificateFacts, issuer: CertificateFacts, withNonce: Bool = true) throws(CryptoError) {
        self.certificate = certificate
        self.issuer = issuer
        let request = DERWriter.sequence(OCSPCertificateID(certificate, issuer: issuer).der)
        let list = DERWriter.sequence(request)
        guard withNonce else {
            nonce = nil
            der = DERWriter.sequence(DERWriter.sequence(list))
            return
        }
        var random = [UInt8](repeating: 0, count: 32)
        try CryptoError.check(RAND_bytes(&random, Int32(random.count)), "RAND_bytes")
        let extensions = DERWriter.sequence(
            DERWriter.sequence(
                DERWriter.objectIdentifier(.ocspNonce), DERWriter.octetString(DERWriter.octetString(random))))
        nonce = random
        der = DERWriter.sequence(
            DERWriter.sequence(list, DERWriter.element(DERTag.contextConstructed(2), extensions)))
    }

    /// Judges the answer to this question.
    ///
    /// - Parameters:
    ///   - response: an OCSPResponse, DER.
    ///   - time: now, UTC seconds since 1970.
    ///   - requiresNonce: refuse an answer without a nonce; many responders sign ahead and have none.
    /// - Throws: `RevocationError` where the answer proves nothing.
    public func judge(
        response: [UInt8], at time: Int64, freshness: Freshness = .standard, requiresNonce: Bool = false
    ) throws(RevocationError) -> RevocationJudgement {
        let answer = try OCSPResponse(response)
        if let nonce {
            if let repeated = answer.nonce {
                guard repeated == nonce else { throw RevocationError(.nonceMismatch) }
            } else if requiresNonce {
                throw RevocationError(.nonceMismatch, "missing")
            }
        }
        return try answer.judgement(of: certificate, issuer: issuer, at: time, freshness: freshness)
    }
}
