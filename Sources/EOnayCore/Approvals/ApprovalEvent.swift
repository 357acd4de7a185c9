// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An event of an approval, for `ApprovalMachine.handle`.
public enum ApprovalEvent: Sendable, Equatable {
    /// The approval starts, and its card is in.
    case begin(ApprovalFacts)
    /// The approval starts without its card; why it cannot be had.
    case beginWithoutToken(ApprovalFailure)
    /// The approval may not start: nobody has been asked for anything.
    case refusedAtStart(ApprovalFailure)
    /// The card that was waited for is in and read.
    case tokenInserted(ApprovalFacts)
    /// The wait for the card is over, or vain: why it cannot be had.
    case tokenUnavailable(ApprovalFailure)

    /// The token job is ready to sign.
    case prepared(ApprovalSigner)
    /// The certificate's responder has answered, or does not: whether it says "revoked", and whether that can be taken back.
    case revocationChecked(isRevoked: Bool, isSuspended: Bool = false)
    /// The person is being asked for the PIN.
    case promptShown
    /// The PIN was taken, the card computes.
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
    /// The portal took the signature.
    case receipt(PortalReceipt)
    /// The session is confirmed; whether it is logged in by that.
    case confirmed(isLoggedIn: Bool)
    /// The portal took the application.
    case filed(reference: String)
    /// The newest application for a renewal that the portal has of this holder; empty where it has none.
    case newestApplication(reference: String)
    /// The portal answered by a problem of the contract: it did not do what it was asked. `as` is what the bus calls it
    /// where the portal said more than the problem's name.
    case refused(ProblemName, as: ErrorName? = nil)
    /// No answer, or one that means nothing: what the portal did is not known.
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

    /// Somebody wants it to end.
    case cancel
    /// The caller has left the bus.
    case callerLeft
    /// The service is told to end.
    case serviceEnding
    /// The service has come back and found the approval submitted and unanswered.
    case resume
}
