// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// From the submission to the end: the portal's answer stands.
extension ApprovalMachine {
    /// Seconds before each repetition while the person waits.
    static let patience: [UInt32] = [1, 2, 4, 8, 16, 32]
    /// Seconds between repetitions, of questions and of what the disk did not take, once the outcome was reported as unknown.
    static let pause: UInt32 = 60

    mutating func stored() -> [ApprovalEffect] {
        switch stage {
        case .storingSubmission where isRenewal && !courierRuns:
            return fail(.courierEnded)
        case .storingSubmission(let submission):
            return submit(submission, attempt: 0)
        case .storingOutcome(let outcome): return conclude(outcome)
        default: return []
        }
    }

    mutating func storeFailed() -> [ApprovalEffect] {
        switch stage {
        case .new, .storingSubmission: return fail(ApprovalFailure(.storeFailed))
        case .storingOutcome(let outcome) where outcome.failure != nil: return conclude(outcome)
        case .storingOutcome(let outcome):
            // The portal has it and this computer has not: neither "recorded" nor "failed" would be true. The session is
            // left alone: after a restart it can still be asked.
            stage = .waitingToStore(outcome)
            guard reported == nil else { return [.retry(after: Self.pause)] }
            let unknown = ApprovalOutcome(
                .unknown, failure: ApprovalFailure(.storeFailed), reference: outcome.reference, number: outcome.number)
            (reported, deadline) = (unknown, 0)
            return [.complete(unknown), .retry(after: Self.pause)]
        default: return []
        }
    }

    mutating func received(_ receipt: PortalReceipt, at now: Int64) -> [ApprovalEffect] {
        switch (stage, receipt) {
        case (.submittingLogin(let errand), .signedIn(let number)):
            stage = .confirming(errand)
            (codeTimerRuns, deadline) = (false, 0)
            return [.disarmCodeTimer, .ask(.confirm(number: number))]
        case (.submittingLogin, .recorded): return fail(ApprovalFailure(.portalUntrusted, detail: "answer-result"))
        case (.submitting, _) where isRenewal: return []
        case (.submitting(let submission, _), .signedIn(let number)) where submission.purpose == .login:
            return store(ApprovalOutcome(.signed, number: number))
        case (.submitting(let submission, _), .recorded(let reference)) where submission.purpose == .consent:
            return store(ApprovalOutcome(.recorded, reference: reference))
        case (.submitting(let submission, let attempt), _):
            return wait(submission, attempt, ApprovalFailure(.portalUntrusted, detail: "answer-result"), at: now)
        default: return []
        }
    }

    /// A problem of the contract is the portal's word that it did not record these bytes, with one exception: where the session
    /// is lost, a code that the portal no longer accepts may have been used up by these very bytes.
    mutating func refused(_ problem: ProblemName, _ error: ErrorName, at now: Int64) -> [ApprovalEffect] {
        let failure = ApprovalFailure(error, detail: problem.rawValue)
        switch stage {
        case .gathering, .openingSession, .submittingLogin, .confirming, .lookingBack, .deciding:
            return fail(failure)
        case .submitting where sessionLost && problem.isAboutTheCode:
            return leaveUnknown(failure)
        case .submitting(let submission, let attempt) where isRenewal && attempt > 0:
            stage = .lookingUp(submission, attempt: attempt, problem)
            return [.ask(.newestApplication)]
        case .lookingUp: return leaveUnknown(failure)
        case .submitting: return store(ApprovalOutcome(.failed, failure: failure))
        default: return []
        }
    }

    mutating func unanswered(_ failure: ApprovalFailure, at now: Int64) -> [ApprovalEffect] {
        switch stage {
        case .gathering, .openingSession, .submittingLogin, .confirming, .lookingBack, .deciding: return fail(failure)
        case .submitting(let submission, let attempt), .lookingUp(let submission, let attempt, _):
            return wait(submission, attempt, failure, at: now)
        default: return []
        }
    }

    mutating func courierEnded(_ failure: ApprovalFailure, at now: Int64) -> [ApprovalEffect] {
        guard courierRuns else { return [] }
        courierRuns = false
        sessionLost = true
        switch stage {
        case .gathering, .openingSession, .checkingRevocation, .signing, .submittingLogin, .confirming, .lookingBack,
            .deciding:
            return fail(failure)
        case .submitting(let submission, let attempt), .lookingUp(let submission, let attempt, _):
            return isRenewal ? leaveUnknown(failure) : wait(submission, attempt, failure, at: now)
        default: return []
        }
    }

    /// Waits before the same bytes are posted again; past the person's patience says "unknown" and goes on asking for
    /// as long as a session can answer.
    private mutating func wait(
        _ submission: PendingSubmission, _ attempt: Int, _ failure: ApprovalFailure, at now: Int64
    ) -> [ApprovalEffect] {
        if attempt < Self.patience.count {
            stage = .waitingToAsk(submission, attempt: attempt + 1)
            return [.retry(after: Self.patience[attempt])]
        }
        guard submission.isAnswerable(at: now) else { return leaveUnknown(failure) }
        var news: [ApprovalEffect] = []
        if reported == nil {
            let outcome = ApprovalOutcome(.unknown, failure: failure)
            news = [.storeOutcome(outcome), .complete(outcome)]
            (reported, deadline) = (outcome, 0)
        }
        stage = .waitingToAsk(submission, attempt: attempt + 1)
        return news + [.retry(after: Self.pause)]
    }

    /// No session is left to ask.
    private mutating func leaveUnknown(_ failure: ApprovalFailure) -> [ApprovalEffect] {
        if let reported { return conclude(reported) }
        return end(ApprovalOutcome(.unknown, failure: failure))
    }

    mutating func resume(at now: Int64) -> [ApprovalEffect] {
        guard case .waitingToAsk(let submission, _) = stage else { return [] }
        // The end "unknown" that was reported stays: a question that can have no answer is not asked.
        if let reported, !submission.isAnswerable(at: now) { return conclude(reported) }
        return askAgain()
    }

    mutating func askAgain() -> [ApprovalEffect] {
        switch stage {
        case .waitingToAsk(let submission, let attempt): return submit(submission, attempt: attempt)
        case .waitingToStore(let outcome): return store(outcome)
        default: return []
        }
    }

    private mutating func submit(_ submission: PendingSubmission, attempt: Int) -> [ApprovalEffect] {
        // An application is filed by the session that was confirmed or not at all, and that went with its courier.
        if isRenewal && !courierRuns { return leaveUnknown(ApprovalFailure(.internal, detail: "session-lost")) }
        stage = .submitting(submission, attempt: attempt)
        if isRenewal { return [.ask(.apply)] }
        let opening: [ApprovalEffect] = courierRuns ? [] : [.openCourier]
        courierRuns = true
        return opening + [.ask(.submit(submission.code, signature: submission.signature))]
    }

    mutating func store(_ outcome: ApprovalOutcome) -> [ApprovalEffect] {
        stage = .storingOutcome(outcome)
        return [.storeOutcome(outcome)]
    }
}

extension ProblemName {
    /// Whether the portal says only that it accepts no signature under this code.
    var isAboutTheCode: Bool {
        switch self {
        case .unknownCode, .codeLapsed, .codeUsed: true
        default: false
        }
    }
}

/// The special rule of an application: a lost answer is asked for by filing again, and a refusal of that says only that
/// the portal did not file it twice. So the portal's list is asked for before the first time and after such a refusal: an
/// application that is new on it was filed.
extension ApprovalMachine {
    var isRenewal: Bool { request.kind == .renew }

    mutating func filed(_ reference: String) -> [ApprovalEffect] {
        guard case .submitting = stage, isRenewal else { return [] }
        return store(ApprovalOutcome(.recorded, reference: reference))
    }

    mutating func found(_ reference: String) -> [ApprovalEffect] {
        switch stage {
        case .lookingBack(let submission):
            earlierApplication = reference
            stage = .storingSubmission(submission)
            return [.storeSubmission(submission)]
        case .lookingUp(_, _, let refusal):
            // One that was there before is of another certificate, another year, or another computer.
            guard reference.isEmpty || reference == earlierApplication else {
                return store(ApprovalOutcome(.recorded, reference: reference))
            }
            return store(ApprovalOutcome(.failed, failure: ApprovalFailure(refusal)))
        default: return []
        }
    }
}
