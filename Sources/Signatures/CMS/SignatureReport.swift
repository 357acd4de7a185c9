// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

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
