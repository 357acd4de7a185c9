// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

/// The judgement on a signature.
public struct VerificationDescription: Codable, Sendable, Equatable {
    /// The conclusion over all signers.
    public var conclusion: Conclusion
    /// Each signer's own.
    public var signers: [SignerDescription]
    /// OID of the content's type.
    public var contentType: String
    /// Length of the content in bytes; -1 where it was not there.
    public var contentLength: Int64
    /// The content, where it is short text in UTF-8.
    public var contentText: String?

    /// Creates the value from its fields.
    public init(
        conclusion: Conclusion, signers: [SignerDescription], contentType: String, contentLength: Int64,
        contentText: String?
    ) {
        self.conclusion = conclusion
        self.signers = signers
        self.contentType = contentType
        self.contentLength = contentLength
        self.contentText = contentText
    }
}

/// The judgement on one signer of a signature.
public struct SignerDescription: Codable, Sendable, Equatable {
    /// The conclusion on this signer.
    public var conclusion: Conclusion
    /// Everything that stands against it.
    public var reasons: [SignatureReason]
    /// The signer's certificate, where it was found.
    public var certificate: CertificateDescription?
    /// The signing-time attribute: seconds since 1970-01-01 UTC; 0 where it is missing.
    public var signingTime: Int64
    /// Name of the digest, such as "sha256".
    public var digest: String
    /// The level that was found, such as "CAdES-B-B"; empty where none.
    public var level: String
    /// Remarks beside the reasons.
    public var notes: [SignatureNote]

    /// Creates the value from its fields.
    public init(
        conclusion: Conclusion, reasons: [SignatureReason], certificate: CertificateDescription?,
        signingTime: Int64, digest: String, level: String, notes: [SignatureNote] = []
    ) {
        self.conclusion = conclusion
        self.reasons = reasons
        self.certificate = certificate
        self.signingTime = signingTime
        self.digest = digest
        self.level = level
        self.notes = notes
    }
}
