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
