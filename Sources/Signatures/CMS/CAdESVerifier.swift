// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Judges CMS signatures at the B level of CAdES, after the basic validation of ETSI EN 319 102-1, clause 5.3.
///
/// Takes what other programs write too: content attached or apart, several signers, signing-certificate in version 1 or
/// 2, BER with indefinite lengths. For what a portal accepts there is `PortalSignature`, which takes much less.
/// Pure computing on the calling thread, milliseconds; no network and no clock.
public struct CAdESVerifier: Sendable {
    /// Longer signatures are refused unread.
    public static let maximumLength = 64 * 1024 * 1024

    /// Whom to trust.
    public let trust: TrustStore
    /// A signer must have a qualified certificate (NES).
    public let requiresQualified: Bool
    /// A signer's certificate must be known not to be revoked; without this, evidence is used where there is any.
    public let requiresRevocation: Bool

    /// A verifier for these anchors; by default one that wants NES and looks at revocation where it can.
    public init(trust: TrustStore, requiresQualified: Bool = true, requiresRevocation: Bool = false) {
        self.trust = trust
        self.requiresQualified = requiresQualified
        self.requiresRevocation = requiresRevocation
    }

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
            verifier: self, time: time, intermediates: bag.facts, evidence: evidence + data.evidence)
        let signers = data.signers.map { signer in
            var check = SignerCheck(
                signer, contentType: data.contentType, content: data.content ?? content, rules: .forgiving)
            check.run(certificates: bag.facts, unreadable: bag.hasUnreadable)
            return judge.report(check)
        }
        return SignatureReport(
            reasons: reasons, signers: signers, contentType: data.contentType.description,
            content: data.content ?? content, isAttached: data.content != nil)
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
        let isArmoured = PEM.begins(text, labels: PEM.signatureLabels)
        do throws(CertificateError) {
            if let block = try PEM.blocks(text).first(where: { PEM.signatureLabels.contains($0.label) }) {
                return block.der
            }
        } catch {
            // A signature's armour that is broken is a broken signature; a text that holds another block is none.
            if isArmoured { throw SignatureReason(.malformed, error.code.rawValue) }
        }
        throw SignatureReason(.notCMS)
    }
}
