// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A signature whose submission records something: from the moment it is written down, the portal's answer stands.
public struct PendingSubmission: Sendable, Equatable {
    public let purpose: Purpose
    public let code: VerificationCode
    /// CMS in DER.
    public let signature: [UInt8]
    /// Its declaration, for a consent.
    public let decision: Decision?
    /// When the code was received, UTC seconds. A session, and with it an answer to a repeated question, lives for
    /// `sessionLife` from then on.
    public let receivedAt: Int64

    /// Seconds that a session lives after its last code (contract/portal.md).
    public static let sessionLife: Int64 = 900

    /// Whether a session may still live that answers to these bytes as it did the first time.
    func isAnswerable(at now: Int64) -> Bool { now - receivedAt < Self.sessionLife }

    public init(
        purpose: Purpose, code: VerificationCode, signature: [UInt8], decision: Decision?, receivedAt: Int64
    ) {
        self.purpose = purpose
        self.code = code
        self.signature = signature
        self.decision = decision
        self.receivedAt = receivedAt
    }
}
