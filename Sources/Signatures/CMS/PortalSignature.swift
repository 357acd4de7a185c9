// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// A signature that a portal may take: its cryptography is checked, its certificate not yet judged.
///
/// Two halves, because contract/portal.md puts the comparison of identity and text between them: `open` is its step
/// "bad-signature", `judgeCertificate` its steps "certificate time", "untrusted-issuer" and "not-qualified".
public struct PortalSignature: Sendable {
    /// The contract's limit for a body.
    public static let maximumLength = 64 * 1024

    /// The CMS as received.
    public let der: [UInt8]
    /// The text that was signed.
    public let content: [UInt8]
    /// The signer's; the signature is bound to it.
    public let certificate: CertificateFacts
    /// The other certificates that came along, DER.
    public let otherCertificates: [[UInt8]]
    /// Claimed by the signer, UTC seconds since 1970; recorded, not judged.
    public let signingTime: Int64

    /// Checks everything about a signature that its own bytes decide.
    ///
    /// DER throughout, content attached as id-data, exactly one signer with their certificate, signed attributes
    /// content-type, message-digest, signing-time and signing-certificate-v2 and no attribute twice, RSA of 2048 bits or
    /// more or a point on P-256, P-384 or P-521, the digest that belongs to the key (SHA-256, with P-384 SHA-384, with
    /// P-521 SHA-512), no unsigned attributes, and a value that verifies.
    ///
    /// - Throws: the first reason found; the contract calls all of them "bad-signature".
    public static func open(_ der: [UInt8]) throws(SignatureReason) -> PortalSignature {
        guard der.count <= maximumLength else { throw SignatureReason(.tooLarge) }
        let data: SignedData
        do throws(SignatureReason) {
            data = try SignedData(der, rules: .der)
        } catch {
            throw Self.isOtherBER(der) ? SignatureReason(.notDER) : error
        }
        guard let signer = data.signers.first, data.signers.count == 1 else {
            throw SignatureReason(data.signers.isEmpty ? .noSigner : .notOneSigner)
        }
        guard let content = data.content else { throw SignatureReason(.notAttached) }
        guard data.contentType == .data else { throw SignatureReason(.notData) }
        guard signer.attributes != nil else { throw SignatureReason(.attributesMissing) }

        let certificates = CertificateBag(data.certificates)
        var check = SignerCheck(signer, contentType: data.contentType, content: content, rules: .der)
        check.run(certificates: certificates.facts, unreadable: certificates.hasUnreadable)
        check.runStrict(data)
        if let reason = check.reasons.first { throw reason }
        guard let certificate = check.certificate, let signingTime = check.signingTime else {
            throw SignatureReason(.certificateMissing)
        }
        return PortalSignature(
            der: der, content: content, certificate: certificate,
            otherCertificates: data.certificates.filter { $0 != certificate.der }, signingTime: signingTime)
    }

    /// Judges the certificate in the contract's order: its time, its issuer, its qualification.
    ///
    /// - Parameter intermediates: certificates, DER, that may lead to an anchor beside those that came with the signature.
    /// - Returns: the chain from the signer's certificate to the anchor, both included, to be kept with the record.
    /// - Throws: `.notYetValid`, `.expired`, what `TrustStore.chain` throws, or `.notQualified`.
    public func judgeCertificate(
        trust: TrustStore, intermediates: [[UInt8]] = [], at time: Int64
    ) throws(SignatureReason) -> [CertificateFacts] {
        guard certificate.notBefore <= time else { throw SignatureReason(.notYetValid) }
        guard time <= certificate.notAfter else { throw SignatureReason(.expired) }
        let chain = try trust.chain(for: certificate, intermediates: otherCertificates + intermediates, at: time)
        if let reason = certificate.qualification.reasons.first {
            throw SignatureReason(.notQualified, reason.rawValue)
        }
        return chain
    }

    /// Whether bytes that are no DER would be a SignedData by the looser rules: a difference that helps the person who wrote them.
    private static func isOtherBER(_ bytes: [UInt8]) -> Bool {
        guard let definite = try? BER.definite(bytes[...]) else { return false }  // not even BER
        return (try? SignedData(definite, rules: .forgiving)) != nil  // nor another SignedData: the first error stands
    }
}
