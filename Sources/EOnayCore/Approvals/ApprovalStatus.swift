// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An approval as its object on the bus shows it.
public struct ApprovalStatus: Sendable, Equatable {
    /// The raw value is the word of the bus.
    public enum State: String, Sendable, CaseIterable {
        case checking
        case waitingForToken = "waiting-for-token"
        case waitingForPIN = "waiting-for-pin"
        case signing
        case submitting
        case done
        case failed
        case cancelled
    }

    public let state: State
    /// Which signature of how many.
    public let step: UInt32
    public let steps: UInt32
    /// The decision; nil while it is not known (`SignCode`) and for a login.
    public let decision: Decision?
    /// When the portal's code lapses, UTC seconds; 0 while there is none.
    public let deadline: Int64
    /// Nil while it goes on.
    public let outcome: ApprovalOutcome?

    public init(
        state: State, step: UInt32, steps: UInt32, decision: Decision?, deadline: Int64, outcome: ApprovalOutcome?
    ) {
        self.state = state
        self.step = step
        self.steps = steps
        self.decision = decision
        self.deadline = deadline
        self.outcome = outcome
    }
}
