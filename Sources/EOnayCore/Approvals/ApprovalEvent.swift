// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An event of an approval, for `ApprovalMachine.handle`.
public enum ApprovalEvent: Sendable, Equatable {
    /// The approval starts, and its card is in.
    case begin(ApprovalFacts)
    /// The approval starts without its card; the reason why it is not there.
    case beginWithoutToken(ApprovalFailure)
    /// The approval may not start; no person has been asked for anything.
    case refusedAtStart(ApprovalFailure)
    /// The card that was waited for is in and read.
    case tokenInserted(ApprovalFacts)
    /// The wait for the card is over, or cannot succeed; the reason why it is not there.
    case tokenUnavailable(ApprovalFailure)

    /// The token job is ready to sign.
    case prepared(ApprovalSigner)
    /// The certificate's responder has answered, or does not: whether it says "revoked", and whether that can be undone.
    case revocationChecked(isRevoked: Bool, isSuspended: Bool = false)
    /// The person is being asked for the PIN.
    case promptShown
    /// The PIN was right; the card computes.
    case pinAccepted
    /// The signature: CMS in DER.
    case signed([UInt8])
    /// The token job failed, or ended by itself.
    case tokenFailed(ApprovalFailure)
    /// The card was pulled out.
    case tokenRemoved

    /// The portal's statements.
    case statement(OfferedStatement)
    /// A code: the session's login code, the code that was asked about, or the consent code.
    case code(OfferedCode)
    /// The portal accepted the signature.
    case receipt(PortalReceipt)
    /// The session is confirmed; whether it is logged in by that.
    case confirmed(isLoggedIn: Bool)
    /// The portal accepted the application.
    case filed(reference: String)
    /// The newest application for a renewal that the portal has of this holder; empty where it has none.
    case newestApplication(reference: String)
    /// The portal answered by a problem of the contract: it did not do what it was asked. `as` is the error on the bus
    /// where the portal said more than the problem's name.
    case refused(ProblemName, as: ErrorName? = nil)
    /// No answer, or one without a meaning: the portal may have done it or not.
    case unanswered(ApprovalFailure)
    /// The courier ended, and its session with it.
    case courierLost
    /// The courier gave no answer within its time, and was ended.
    case courierHung
    /// The courier could not be started, since this process has no descriptor left for it.
    case courierExhausted

    /// The code's time is over, by the monotonic clock.
    case codeLapsed
    /// The record is on disk, synced.
    case stored
    /// The record could not be written.
    case storeFailed
    /// It is time to ask the portal, or the disk, again.
    case retryDue

    /// A person or a program cancels it.
    case cancel
    /// The caller has left the bus.
    case callerLeft
    /// The service is about to end.
    case serviceEnding
    /// The service has come back and found the approval submitted and unanswered.
    case resume
}

/// An act for an approval; several are done in the order given.
public enum ApprovalEffect: Sendable, Equatable {
    /// Send `tokenUnavailable` after so many seconds, `tokenInserted` if the card comes before.
    case waitForToken(seconds: UInt32)
    /// Start the token job and let it make ready to sign.
    case prepareToken
    /// Ask the certificate's responder, and send `revocationChecked` within three seconds, whatever it says.
    case checkRevocation
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

    /// Send `codeLapsed` after so many seconds on the monotonic clock; replaces the timer before.
    case armCodeTimer(seconds: UInt32)
    case disarmCodeTimer
    /// Send `retryDue` after so many seconds.
    case retry(after: UInt32)

    /// Keep the signature under this code for `Signatures()`, and write it with what is written next.
    case keepSignature(Purpose, VerificationCode, [UInt8])
    /// Write that this is about to be submitted, sync, and send `stored` or `storeFailed`.
    case storeSubmission(PendingSubmission)
    /// Write the end, sync, and send `stored` or `storeFailed`.
    case storeOutcome(ApprovalOutcome)
    /// Emit `Completed`. Comes again if an unknown outcome becomes known.
    case complete(ApprovalOutcome)
}

/// One signature that the token job is to make.
public struct SigningOrder: Codable, Sendable, Equatable {
    public let purpose: Purpose
    public let code: VerificationCode
    /// The declaration to sign, for a consent.
    public let declaration: Declaration?
    /// The declaration shown before the PIN is entered: for a login, the one that will follow it.
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
