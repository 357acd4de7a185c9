// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The life of an approval, as a function: an event goes in, effects come out. It starts no job, reads no clock
// and writes no file, so that each state can be met with each event in a test.
//
// Approve goes  new → (waitingForToken) → gathering → openingSession → signing(login) → submittingLogin → confirming →
// deciding → signing(consent) → storingSubmission → submitting ⇄ waitingToAsk → storingOutcome ⇄ waitingToStore →
// ended.
// SignCode goes from gathering to signing and from there to storingSubmission.
// Renew goes as Approve to confirming, then lookingBack, and from there to storingSubmission; what it submits then is the
// application, which only the session that was confirmed can file.
//
// storingSubmission is the point of no return. Until then nothing was recorded anywhere, so whatever happens ends the
// approval as failed or cancelled, and that is true. From then on the portal may have recorded it: cancelling, pulling
// the card or the code's end change nothing, and only the portal's own word ends it. No answer is no word: the same
// bytes are posted again, which the contract makes harmless, and if that leads nowhere the outcome is "unknown".

/// The state machine of an approval, pure: events in, effects out.
public struct ApprovalMachine: Sendable {
    public let request: ApprovalRequest

    enum Stage: Sendable, Equatable {
        case new
        case waitingForToken
        /// Both jobs run; the first of signer and offer that comes is kept here.
        case gathering(ApprovalSigner?, Offer?)
        /// The declaration to come; nil for a renewal.
        case openingSession(Declaration?)
        /// All is there but the answer of the certificate's responder. With what is shown, for a login.
        case checkingRevocation(OfferedCode, Declaration?, receivedAt: Int64)
        case signing(SigningOrder, Progress, receivedAt: Int64)
        case submittingLogin(Errand)
        case confirming(Errand)
        /// The portal is asked for older applications, to distinguish them from the one to come.
        case lookingBack(PendingSubmission)
        case deciding(Declaration)
        case storingSubmission(PendingSubmission)
        /// Submitted `attempt` times without an answer before this one.
        case submitting(PendingSubmission, attempt: Int)
        case waitingToAsk(PendingSubmission, attempt: Int)
        /// An application was refused that may have been filed before: the portal's list shows whether it was.
        case lookingUp(PendingSubmission, attempt: Int, ProblemName)
        case storingOutcome(ApprovalOutcome)
        case waitingToStore(ApprovalOutcome)
        case ended(ApprovalOutcome)
    }

    /// The purpose of the session.
    enum Errand: Sendable, Equatable {
        case declare(Declaration)
        /// The login's signature, which is what is kept of a renewal.
        case renew(PendingSubmission)
    }

    /// The portal's part before the card is asked to sign.
    enum Offer: Sendable, Equatable {
        case statement(Declaration)
        case code(OfferedCode, at: Int64)
    }

    enum Progress: Sendable, Equatable {
        case ordered
        case waitingForPIN
        case signing
    }

    var stage = Stage.new
    /// The values that hold while the stage does not set them.
    var step: UInt32 = 1
    var decision: Decision?
    var deadline: Int64 = 0
    /// Which jobs and timer run, so that each that was started is ended once.
    var tokenRuns = false
    var courierRuns = false
    /// The certificate's responder has been asked, and no PIN is asked before its answer.
    var awaitsRevocation = false
    var codeTimerRuns = false
    /// The courier that submitted is gone, and with it the session: it can no longer be asked what was recorded.
    var sessionLost = false
    /// The portal's newest application before this one; empty where it had none.
    var earlierApplication = ""
    /// `Completed` was said with the outcome unknown.
    var reported: ApprovalOutcome?

    /// An approval that has not begun.
    public init(_ request: ApprovalRequest) {
        self.request = request
        if case .approve(let decision) = request.kind { self.decision = decision }
    }

    /// An approval that had been submitted when the service ended, with the unknown outcome that may have been
    /// reported; `resume` asks the portal what became of it.
    public init(_ request: ApprovalRequest, submitted: PendingSubmission, reported: ApprovalOutcome?) {
        self.init(request)
        stage = .waitingToAsk(submitted, attempt: 0)
        step = request.steps
        decision = submitted.decision
        sessionLost = true
        self.reported = reported
    }

    /// The approval as its object shows it.
    public var status: ApprovalStatus {
        ApprovalStatus(
            state: state, step: step, steps: request.steps, decision: decision, deadline: deadline, outcome: outcome)
    }

    /// Whether the approval has said `Completed`: its card and its place are free for others.
    public var isOver: Bool { outcome != nil }

    /// Whether nothing more will happen to it.
    public var isSettled: Bool {
        if case .ended = stage { true } else { false }
    }

    /// Whether its token job runs: nobody else can have the card.
    public var usesToken: Bool { tokenRuns }

    private var outcome: ApprovalOutcome? {
        if case .ended(let outcome) = stage { outcome } else { reported }
    }

    private var state: ApprovalStatus.State {
        if let outcome { return outcome.result.state }
        switch stage {
        case .new, .gathering, .openingSession, .checkingRevocation: return .checking
        case .waitingForToken: return .waitingForToken
        case .signing(let order, .ordered, _): return order.step == 1 ? .checking : .submitting
        case .signing(_, .waitingForPIN, _): return .waitingForPIN
        case .signing(_, .signing, _): return .signing
        case .submittingLogin, .confirming, .lookingBack, .deciding, .storingSubmission, .submitting, .waitingToAsk,
            .lookingUp,
            .storingOutcome, .waitingToStore, .ended:
            return .submitting
        }
    }

    /// Handles an event that happened at `now` (UTC seconds), and gives the effects to perform.
    ///
    /// An event that has no meaning in the present stage (the last words of a job that was ended, say) changes nothing.
    public mutating func handle(_ event: ApprovalEvent, at now: Int64) -> [ApprovalEffect] {
        switch event {
        case .begin(let facts): begin(facts, at: now)
        case .beginWithoutToken(let failure): beginWithoutToken(failure)
        case .refusedAtStart(let failure): stage == .new ? fail(failure) : []
        case .tokenInserted(let facts): tokenInserted(facts, at: now)
        case .tokenUnavailable(let failure): tokenUnavailable(failure)
        case .prepared(let signer): prepared(signer, at: now)
        case .revocationChecked(let isRevoked, let isSuspended):
            revocationChecked(isSuspended ? .certificateSuspended : isRevoked ? .certificateRevoked : nil, at: now)
        case .promptShown: progressed(to: .waitingForPIN)
        case .pinAccepted: progressed(to: .signing)
        case .signed(let signature): signed(signature)
        case .tokenFailed(let failure): endIfCardIsNeeded(failure)
        case .tokenRemoved: endIfCardIsNeeded(ApprovalFailure(.tokenRemoved))
        case .statement(let statement): offered(statement, at: now)
        case .code(let code): offered(code, at: now)
        case .receipt(let receipt): received(receipt, at: now)
        case .confirmed(let isLoggedIn): confirmed(isLoggedIn)
        case .filed(let reference): filed(reference)
        case .newestApplication(let reference): found(reference)
        case .refused(let problem, let error): refused(problem, error ?? problem.errorName, at: now)
        case .unanswered(let failure): unanswered(failure, at: now)
        case .courierLost: courierEnded(.courierEnded, at: now)
        case .courierHung: courierEnded(.courierDeadline, at: now)
        case .courierExhausted: courierEnded(.courierExhausted, at: now)
        case .codeLapsed: codeLapsed()
        case .stored: stored()
        case .storeFailed: storeFailed()
        case .retryDue: askAgain()
        case .resume: resume(at: now)
        case .cancel: giveUp("")
        case .callerLeft: request.isBound ? giveUp("caller-left") : []
        case .serviceEnding: giveUp("service-ended")
        }
    }
}

/// The ways out.
extension ApprovalMachine {
    /// Whether nothing has been submitted that could be recorded.
    private var canTurnBack: Bool {
        switch stage {
        case .new, .waitingForToken, .gathering, .openingSession, .checkingRevocation, .signing, .submittingLogin,
            .confirming, .lookingBack, .deciding:
            true
        case .storingSubmission, .submitting, .waitingToAsk, .lookingUp, .storingOutcome, .waitingToStore, .ended: false
        }
    }

    mutating func giveUp(_ detail: String) -> [ApprovalEffect] {
        guard canTurnBack else { return [] }
        return end(ApprovalOutcome(.cancelled, failure: ApprovalFailure(.cancelled, detail: detail)))
    }

    mutating func endIfCardIsNeeded(_ failure: ApprovalFailure) -> [ApprovalEffect] {
        guard canTurnBack, tokenRuns else { return [] }
        return fail(failure)
    }

    /// The code's end counts wherever one is in use, until something was submitted that could be recorded: the process that works with it may hang.
    mutating func codeLapsed() -> [ApprovalEffect] {
        switch stage {
        case .gathering, .checkingRevocation, .signing, .submittingLogin: fail(ApprovalFailure(.codeExpired))
        default: []
        }
    }

    mutating func fail(_ failure: ApprovalFailure) -> [ApprovalEffect] {
        end(ApprovalOutcome(.failed, failure: failure))
    }

    /// Nothing waits for this record: that nothing was recorded is true with or without it.
    mutating func end(_ outcome: ApprovalOutcome) -> [ApprovalEffect] {
        [.storeOutcome(outcome)] + conclude(outcome)
    }

    /// Ends the jobs and says `Completed`, unless just that was said before.
    mutating func conclude(_ outcome: ApprovalOutcome) -> [ApprovalEffect] {
        var effects: [ApprovalEffect] = []
        if tokenRuns { effects.append(.killToken) }
        if courierRuns { effects.append(.closeCourier) }
        if codeTimerRuns { effects.append(.disarmCodeTimer) }
        (tokenRuns, courierRuns, codeTimerRuns, deadline) = (false, false, false, 0)
        stage = .ended(outcome)
        if reported != outcome { effects.append(.complete(outcome)) }
        return effects
    }
}
