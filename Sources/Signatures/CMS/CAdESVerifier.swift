// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// Judges CMS signatures at the B level of CAdES, after the basic validation of ETSI EN 319 102-1, clause 5.3.
///
/// Takes what other programs write too: content attached or apart, several signers, signing-certificate in version 1 or
/// 2, BER with indefinite lengths. For what a portal accepts there is `PortalSignature`, which takes much less.
/// Pure computing on the calling thread, milliseconds; no network and no clock.
public struct CAdESVerifier: Sendable {
    /// Longer signatures are refused unread.
    public static let maximumLength = 64 * 1024 * 1024

    /// The trusted authorities.
    public let trust: TrustStore

    public init(trust: TrustStore) { self.trust = trust }

    /// Judges a signature, DER, BER or PEM.
    ///
    /// - Parameters:
    ///   - content: what was signed, where the signature does not carry it. Given with an attached content, the two must
    ///     be equal.
    ///   - time: the instant for which certificates are judged, UTC seconds since 1970.
    ///   - certificates: further certificates, DER, to find the signer and its chain among.
    ///   - evidence: OCSP answers and revocation lists to judge the signers' certificates by.
    public func verify(
        _ signature: [UInt8], content: [UInt8]? = nil, at time: Int64, certificates: [[UInt8]] = [],
        evidence: [RevocationEvidence] = []
    ) -> SignatureReport {
        let data: SignedData
        do throws(SignatureReason) {
            data = try Self.read(signature)
        } catch {
            return SignatureReport(reasons: [error])
        }
        var reasons: [SignatureReason] = []
        if data.signers.isEmpty { reasons.append(SignatureReason(.noSigner)) }
        if let attached = data.content, let content, attached != content {
            reasons.append(SignatureReason(.contentDiffers))
        }
        let bag = CertificateBag(data.certificates + certificates)
        let judge = CertificateJudge(
            trust: trust, time: time, intermediates: bag.facts, evidence: evidence + data.evidence)
        let signers = data.signers.map { signer in
            var check = SignerCheck(
                signer, contentType: data.contentType, content: data.content ?? content, rules: .forgiving)
            check.run(certificates: bag.facts, unreadable: bag.hasUnreadable)
            return judge.report(check)
        }
        return SignatureReport(
            reasons: reasons, signers: signers, contentType: data.contentType.description,
            content: data.content ?? content)
    }

    private static func read(_ signature: [UInt8]) throws(SignatureReason) -> SignedData {
        guard signature.count <= maximumLength else { throw SignatureReason(.tooLarge) }
        let type = SignedData.contentType(signature[...])
        guard type == nil || type == .signedData else { throw SignatureReason(.notSignedData) }
        let bytes = type == nil ? try unarmoured(signature) : signature
        let definite: [UInt8]
        do throws(DERError) {
            definite = try BER.definite(bytes[...], skips: [0x00, 0x0A, 0x0D])
        } catch {
            throw SignatureReason(.malformed)
        }
        return try SignedData(definite, rules: .forgiving)
    }

    private static func unarmoured(_ text: [UInt8]) throws(SignatureReason) -> [UInt8] {
        let isArmoured = PEMText.begins(text, labels: PEMText.signatureLabels)
        do throws(CertificateError) {
            if let block = try PEMText.blocks(text).first(where: { PEMText.signatureLabels.contains($0.label) }) {
                return block.der
            }
        } catch {
            // A signature's armour that is broken is a broken signature; a text that holds another block is none.
            if isArmoured { throw SignatureReason(.malformed, error.code.rawValue) }
        }
        throw SignatureReason(.notCMS)
    }
}

/// Judges a signer's certificate in its world: its time, its issuers, its qualification, its revocation.
struct CertificateJudge {
    let trust: TrustStore
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
            do throws(SignatureReason) {
                // Out of its own time, a certificate's issuers are judged for the nearest moment of it, so that being
                // expired and being from nobody known remain two different things.
                let moment = min(max(time, certificate.notBefore), certificate.notAfter)
                chain = try trust.chain(for: certificate, intermediates: intermediates.map(\.der), at: moment)
            } catch {
                reasons.append(error)
            }
            reasons += certificate.qualification.reasons.map { SignatureReason(.notQualified, $0.rawValue) }
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
            revocation: revocation)
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
        return leaf
    }
}

/// The judgement on a CMS signature and each of its signers.
public struct SignatureReport: Sendable, Equatable {
    /// Valid only if there is a signer and all are valid; invalid if the container or any signer is; else indeterminate.
    public let conclusion: Conclusion
    /// The faults of the container as a whole; empty where it could be read.
    public let reasons: [SignatureReason]
    /// In the container's order.
    public let signers: [SignerReport]
    /// The type of what is signed in dotted decimal, "1.2.840.113549.1.7.1" for plain data; "" where unread.
    public let contentType: String
    /// The signed content: attached, or as given; nil where neither.
    public let content: [UInt8]?

    init(
        reasons: [SignatureReason] = [], signers: [SignerReport] = [], contentType: String = "",
        content: [UInt8]? = nil
    ) {
        let container = reasons.map(\.subIndication.conclusion)
        let all = container + signers.map(\.conclusion)
        if all.contains(.invalid) {
            conclusion = .invalid
        } else if all.contains(.indeterminate) || signers.isEmpty {
            conclusion = .indeterminate
        } else {
            conclusion = .valid
        }
        self.reasons = reasons
        self.signers = signers
        self.contentType = contentType
        self.content = content
    }
}

/// The judgement on one signer.
public struct SignerReport: Sendable, Equatable {
    /// The signature's place on the ladder of CAdES, judged by its signed attributes alone.
    public enum Level: String, Sendable {
        /// ETSI EN 319 122-1 baseline: all four attributes.
        case baselineB = "CAdES-B-B"
        /// ETSI TS 101 733: as above without signing-time.
        case basic = "CAdES-BES"
        /// A CMS signature that does not bind its certificate.
        case none = "CMS"
    }

    /// The conclusion from all reasons together.
    public let conclusion: Conclusion
    /// Every reason found, worst first; empty where valid.
    public let reasons: [SignatureReason]
    /// nil where the signature does not say whose it is, or its certificate was not found.
    public let certificate: CertificateFacts?
    /// From the signer's certificate to the anchor, both included; empty where no chain was found.
    public let chain: [CertificateFacts]
    /// The time that the signer claims, UTC seconds since 1970; nothing proves it.
    public let signingTime: Int64?
    /// "sha-256", "sha-384", "sha-512", "sha-1"; "" where unknown.
    public let digest: String
    /// The level that its attributes give it, valid or not.
    public let level: Level
    /// Facts that should be known beside the reasons; empty where there are none.
    public let notes: [SignatureNote]
    /// The state of the certificate's revocation; nil where nothing was asked or given.
    public let revocation: RevocationJudgement?
}
