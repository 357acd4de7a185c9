// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What was found out about a CMS signature and each of its signers.
public struct SignatureReport: Sendable, Equatable {
    /// Valid only if there is a signer and all are valid; invalid if the container or any signer is; else indeterminate.
    public let conclusion: Conclusion
    /// What is wrong with the container as a whole; empty where it could be read.
    public let reasons: [SignatureReason]
    /// In the container's order.
    public let signers: [SignerReport]
    /// The type of what is signed in dotted decimal, "1.2.840.113549.1.7.1" for plain data; "" where unread.
    public let contentType: String
    /// What was signed: attached, or as given; nil where neither.
    public let content: [UInt8]?
    /// The content is attached to the signature.
    public let isAttached: Bool

    init(
        reasons: [SignatureReason] = [], signers: [SignerReport] = [], contentType: String = "",
        content: [UInt8]? = nil, isAttached: Bool = false
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
        self.isAttached = isAttached
    }
}

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
    /// What is known of the certificate's revocation; nil where nothing was asked or given.
    public let revocation: RevocationJudgement?
}

/// What a reader of a judgement should know though it stands against nothing, by a stable short code.
public enum SignatureNote: String, Sendable, Hashable, CaseIterable {
    /// The signed attributes stand in another order than DER's (RFC 5652, 5.3), whichever of the two was signed.
    case attributesUnsorted = "attributes-unsorted"
    /// Nothing at hand says whether the certificate was revoked.
    case revocationUnknown = "revocation-unknown"
    /// A time stamp is there and was not looked into.
    case timeStampUnjudged = "time-stamp-unjudged"
    /// A counter-signature is there and was not looked into.
    case counterSignatureUnjudged = "counter-signature-unjudged"
}

/// What a validation concludes (ETSI EN 319 102-1, 5.1.3).
public enum Conclusion: String, Sendable, Hashable {
    /// TOTAL-PASSED: every check succeeded.
    case valid
    /// TOTAL-FAILED: no later evidence can make it good.
    case invalid
    /// INDETERMINATE: what is known does not suffice to say.
    case indeterminate
}
