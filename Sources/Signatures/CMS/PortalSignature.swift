// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
    public let certificate: CertificateFacts
    /// The other certificates that came along, DER.
    public let otherCertificates: [[UInt8]]
    /// Claimed by the signer, UTC seconds since 1970; recorded, not judged.
    public let signingTime: Int64

    /// Checks everything about a signature that its own bytes decide.
    ///
    /// DER throughout, content attached as id-data, exactly one signer with his certificate, signed attributes
    /// content-type, message-digest, signing-time and signing-certificate-v2 once each, SHA-2, RSA of 2048 bits or more
    /// or a point on P-256, P-384 or P-521, no unsigned attributes, and a value that verifies.
    ///
    /// - Throws: `SignatureRefusal.badSignature`.
    public static func open(_ der: [UInt8]) throws(SignatureRefusal) -> PortalSignature {
        throw .badSignature(SignatureReason(.malformed))
    }

    /// Judges the certificate in the contract's order: its time, its issuer, its qualification.
    ///
    /// - Returns: the chain from the signer's certificate to the anchor, both included, to be kept with the record.
    /// - Throws: `SignatureRefusal`, never `.badSignature`.
    public func judgeCertificate(trust: TrustStore, at time: Int64) throws(SignatureRefusal) -> [CertificateFacts] {
        throw .untrustedIssuer(ChainError(code: .noAnchor))
    }
}
