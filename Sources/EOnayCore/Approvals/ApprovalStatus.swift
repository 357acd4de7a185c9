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

/// How an approval ended.
public struct ApprovalOutcome: Sendable, Equatable {
    /// The raw value is the word of the bus.
    public enum Result: String, Sendable, CaseIterable {
        /// The portal has recorded the decision, and so has this computer.
        case recorded
        /// The portal accepted a login's signature.
        case signed
        /// Nothing was recorded.
        case failed
        case cancelled
        /// Submitted, and no answer could be had: the portal may have recorded it or not.
        case unknown

        /// The state of an approval that has ended so.
        public var state: ApprovalStatus.State {
            switch self {
            case .recorded, .signed: .done
            case .failed, .unknown: .failed
            case .cancelled: .cancelled
            }
        }
    }

    public let result: Result
    /// The failure; nil for `recorded` and `signed`.
    public let failure: ApprovalFailure?
    /// The record's reference; empty where there is none.
    public let reference: String
    /// The six digits of a login by `SignCode`; else empty.
    public let number: String

    public init(_ result: Result, failure: ApprovalFailure? = nil, reference: String = "", number: String = "") {
        self.result = result
        self.failure = failure
        self.reference = reference
        self.number = number
    }

    /// The outcome of an approval that the service's end cut short before anything was submitted.
    public static let interrupted = ApprovalOutcome(
        .failed, failure: ApprovalFailure(.internal, detail: "service-restarted"))
}

/// Why an approval ended without what was asked for.
public struct ApprovalFailure: Error, Sendable, Equatable {
    public let error: ErrorName
    /// A stable word for programs, such as the portal's problem name; may be empty. Never a secret or a name.
    public let detail: String

    /// The detail of TokenBusy where another approval of this service uses the card.
    public static let anotherApproval = "another-approval"
    /// The detail of TokenBusy where the card's PIN is being changed or unblocked by this service.
    public static let pinOperation = "pin-operation"

    /// The courier ended without an answer.
    public static let courierEnded = ApprovalFailure(.internal, detail: "courier-ended")
    /// The courier gave no answer within its time, and was ended: as a rule the network holds it up.
    public static let courierDeadline = ApprovalFailure(.portalUnreachable, detail: "courier-deadline")

    /// The courier could not be started: too much is open already.
    public static let courierExhausted = ApprovalFailure(.limitExceeded, detail: "no-descriptor")

    public init(_ error: ErrorName, detail: String = "") {
        self.error = error
        self.detail = detail
    }

    /// A refusal of the portal as the bus names it, its own name being the detail.
    public init(_ problem: ProblemName) { self.init(problem.errorName, detail: problem.rawValue) }
}
