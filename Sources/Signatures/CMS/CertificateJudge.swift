// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Judges a signer's certificate in its world: its time, its issuers, its qualification, its revocation.
struct CertificateJudge {
    let verifier: CAdESVerifier
    let time: Int64
    let intermediates: [CertificateFacts]
    let evidence: [RevocationEvidence]

    /// The report on a signer whose own bytes have been checked.
    func report(_ check: SignerCheck) -> SignerReport {
        var reasons = check.reasons
        var chain: [CertificateFacts] = []
        var revocation: RevocationJudgement?
        if let certificate = check.certificate {
            if certificate.notBefore > time { reasons.append(SignatureReason(.notYetValid)) }
            if certificate.notAfter < time { reasons.append(SignatureReason(.expired)) }
            do throws(ChainError) {
                // Out of its own time, a certificate's issuers are judged for the nearest moment of it, so that being
                // expired and being from nobody known remain two different things.
                let moment = min(max(time, certificate.notBefore), certificate.notAfter)
                chain = try verifier.trust.chain(for: certificate, intermediates: intermediates.map(\.der), at: moment)
            } catch {
                reasons.append(error.signatureReason)
            }
            if verifier.requiresQualified, case .notQualified(let why) = certificate.qualification {
                reasons += why.map { SignatureReason(.notQualified, $0.rawValue) }
            }
            if let usage = certificate.keyUsage, usage.isDisjoint(with: [.digitalSignature, .nonRepudiation]) {
                reasons.append(SignatureReason(.chainForbidden, "key-usage"))
            }
            revocation = judgeRevocation(chain, evidence + check.signer.evidence, &reasons)
        }
        // A stable order: what makes it invalid before what leaves it open.
        let ordered =
            reasons.filter { $0.subIndication.conclusion == .invalid }
            + reasons.filter { $0.subIndication.conclusion != .invalid }
        return SignerReport(
            conclusion: ordered.first?.subIndication.conclusion ?? .valid, reasons: ordered,
            certificate: check.certificate, chain: chain, signingTime: check.signingTime,
            digest: check.digest?.rawValue ?? "", level: check.level,
            notes: notes(check, isRevocationKnown: revocation != nil && revocation?.status != .unknown),
            hasTimeStamp: check.signer.has(.signatureTimeStamp), revocation: revocation)
    }

    private func notes(_ check: SignerCheck, isRevocationKnown: Bool) -> [SignatureNote] {
        var notes: [SignatureNote] = []
        if check.signer.attributes?.isSorted == false { notes.append(.attributesUnsorted) }
        if check.certificate != nil, !isRevocationKnown { notes.append(.revocationUnknown) }
        if ObjectIdentifier.timeStamps.contains(where: check.signer.has) { notes.append(.timeStampUnjudged) }
        if check.signer.has(.counterSignature) { notes.append(.counterSignatureUnjudged) }
        return notes
    }

    /// Looks in the evidence for what it says of each certificate of a chain, the anchor excepted.
    private func judgeRevocation(
        _ chain: [CertificateFacts], _ evidence: [RevocationEvidence], _ reasons: inout [SignatureReason]
    ) -> RevocationJudgement? {
        var leaf: RevocationJudgement?
        for (depth, (certificate, issuer)) in zip(chain, chain.dropFirst()).enumerated() {
            let judgement = RevocationJudgement.best(of: evidence, on: certificate, issuer: issuer, at: time)
            if depth == 0 { leaf = judgement }
            if case .revoked(let since, _)? = judgement?.status, since <= time {
                let isHold = judgement?.status.isHold == true
                let fault: SignatureFault =
                    depth == 0 ? isHold ? .suspended : .revoked : isHold ? .authoritySuspended : .authorityRevoked
                reasons.append(SignatureReason(fault))
            }
        }
        guard verifier.requiresRevocation else { return leaf }
        if leaf == nil || leaf?.status == .unknown { reasons.append(SignatureReason(.revocationUnknown)) }
        return leaf
    }
}

extension ChainError {
    /// Where EN 319 102-1 puts the lack of a good chain.
    fileprivate var signatureReason: SignatureReason {
        switch code {
        case .noAnchor: SignatureReason(.untrustedIssuer)
        case .outOfTime: SignatureReason(.authorityOutOfTime)
        case .weakAlgorithm: SignatureReason(.chainWeak)
        case .notAnAuthority, .pathLength, .constraints, .unknownCriticalExtension:
            SignatureReason(.chainForbidden, code.rawValue)
        case .badSignature, .invalid: SignatureReason(.chainBroken, code.rawValue)
        }
    }
}
