// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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

    /// The code's end counts wherever one is in use, until something was submitted that could be recorded: whoever has it then may hang.
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
