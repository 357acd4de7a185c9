// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An act for an approval; several are done in the order given.
public enum ApprovalEffect: Sendable, Equatable {
    /// Tell `tokenUnavailable` after so many seconds, `tokenInserted` if the card comes before.
    case waitForToken(seconds: UInt32)
    /// Start the token job and let it make ready to sign.
    case prepareToken
    /// Ask the certificate's responder, and tell `revocationChecked` within three seconds, whatever it says.
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

    /// Tell `codeLapsed` after so many seconds on the monotonic clock; replaces the timer before.
    case armCodeTimer(seconds: UInt32)
    case disarmCodeTimer
    /// Tell `retryDue` after so many seconds.
    case retry(after: UInt32)

    /// Keep the signature under this code for `Signatures()`, and write it with what is written next.
    case keepSignature(Purpose, VerificationCode, [UInt8])
    /// Write that this is about to be submitted, sync, and tell `stored` or `storeFailed`.
    case storeSubmission(PendingSubmission)
    /// Write the end, sync, and tell `stored` or `storeFailed`.
    case storeOutcome(ApprovalOutcome)
    /// Say `Completed`. Comes again if an unknown outcome becomes known.
    case complete(ApprovalOutcome)
}
