// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What was found out about one signer.
public struct SignerReport: Sendable, Equatable {
    /// How far the signature goes on the ladder of CAdES, judged by its signed attributes alone.
    public enum Level: String, Sendable {
        /// ETSI EN 319 122-1 baseline: all four attributes.
        case baselineB = "CAdES-B-B"
        /// ETSI TS 101 733: as above without signing-time.
        case basic = "CAdES-BES"
        /// A CMS signature that does not bind its certificate.
        case none = "CMS"
    }

    /// What all reasons together make of it.
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
    /// What its attributes make it, valid or not.
    public let level: Level
    /// What should be known beside the reasons; empty where nothing.
    public let notes: [SignatureNote]
    /// The signature bears a time stamp, which this B-level judgement does not look into.
    public let hasTimeStamp: Bool
    /// What is known of the certificate's revocation; nil where nothing was asked or given.
    public let revocation: RevocationJudgement?
}
