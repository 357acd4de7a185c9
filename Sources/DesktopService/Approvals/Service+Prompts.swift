// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

/// A person who closes a prompt is not shown the next one at once, though a program asks again and again.
extension Service {
    /// How long a caller has to wait before a person is asked for it; nil where it need not.
    func secondsUntilPrompt(of requester: Requester) -> Int64? {
        deferral.secondsLeft(for: requester, at: ContinuousClock.now)
    }

    /// Ends an approval whose program has to wait, once it is known which one it is: it may have come by a connection of its own for each call.
    func deferPrompt(of approval: Approval) {
        guard approval.asksPerson, let requester = approval.requester, let left = secondsUntilPrompt(of: requester)
        else { return }
        handle(.refusedAtStart(ApprovalFailure(.promptDeferred, detail: "\(left)")), of: approval)
    }

    /// Learns from an event what became of a prompt.
    func notePrompt(of approval: Approval, since before: ApprovalStatus, _ event: ApprovalEvent) {
        guard approval.asksPerson, let requester = approval.requester else { return }
        if event == .pinAccepted { return deferral.pinTaken(for: requester) }
        guard before.outcome == nil, let failure = approval.status.outcome?.failure else { return }
        let stood = before.state == .waitingForPIN
        if failure.error == .pinCancelled || (stood && failure.error == .cancelled && event != .serviceEnding) {
            deferral.promptClosed(of: requester, at: ContinuousClock.now)
        }
    }
}
