// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What is to be done for an approval, in the order given.
public enum ApprovalEffect: Sendable, Equatable {
    /// Tell `waitElapsed` after so many seconds, `tokenInserted` if the card comes before.
    case waitForToken(seconds: UInt32)
    /// Start the token job and let it make ready to sign.
    case prepareToken
    /// Let the token job show the text, ask for the PIN and sign.
    case sign(SigningOrder)
    /// No more signatures: let the token job log out and end.
    case closeToken
    /// End the token job now, its prompt with it.
    case killToken

    /// Start a courier to the portal.
    case openCourier
    /// Ask the portal, after what was asked before.
    case ask(PortalQuestion)
    /// Let the courier end its session, and end.
    case closeCourier

    /// Tell `codeLapsed` after so many seconds on the monotonic clock; replaces the timer before.
    case armCodeTimer(seconds: UInt32)
    case disarmCodeTimer
    /// Tell `retryDue` after so many seconds.
    case retry(after: UInt32)

    /// Keep a signature for `Signatures()`. Nothing waits for it.
    case keepSignature(Purpose, [UInt8])
    /// Write that this is about to be submitted, sync, and tell `stored` or `storeFailed`.
    case storeSubmission(PendingSubmission)
    /// Write the end, sync, and tell `stored` or `storeFailed`.
    case storeOutcome(ApprovalOutcome)
    /// Say `Completed`. Comes again if an unknown outcome becomes known.
    case complete(ApprovalOutcome)
}

/// What the courier is to ask.
public enum PortalQuestion: Sendable, Equatable {
    case statement
    /// Begin a session for this person.
    case session(NationalIdentity)
    /// What is this code for?
    case code(VerificationCode)
    case submit(VerificationCode, signature: [UInt8])
    case confirm(number: String)
    /// Ask for a code for this decision on this version of the statement.
    case decide(Decision, version: String)
}

/// One signature that the token job is to make.
public struct SigningOrder: Sendable, Equatable {
    public let purpose: Purpose
    public let code: VerificationCode
    /// What is signed, for a consent.
    public let declaration: Declaration?
    /// What is shown before the PIN is entered: for a login, the declaration that will follow it.
    public let shown: Declaration?
    /// When the code lapses: UTC seconds, for people.
    public let deadline: Int64
    /// The same in seconds from now, for the monotonic clock.
    public let secondsLeft: UInt32
    public let step: UInt32
    public let steps: UInt32
}

/// A signature whose submission records something: from the moment it is written down, the portal's answer stands.
public struct PendingSubmission: Sendable, Equatable {
    public let purpose: Purpose
    public let code: VerificationCode
    /// CMS in DER.
    public let signature: [UInt8]
    /// What it declares, for a consent.
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
