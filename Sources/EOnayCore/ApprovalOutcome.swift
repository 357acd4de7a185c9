// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How an approval ended.
public struct ApprovalOutcome: Sendable, Equatable {
    /// The raw value is the word of the bus.
    public enum Result: String, Sendable, CaseIterable {
        /// The portal has recorded the decision, and so has this computer.
        case recorded
        /// The portal took a login's signature.
        case signed
        /// Nothing was recorded.
        case failed
        case cancelled
        /// Submitted, and no answer could be had: the portal may have recorded it or not.
        case unknown
    }

    public let result: Result
    /// What went wrong; nil for `recorded` and `signed`.
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

    /// What became of an approval that the service's end cut short before anything was submitted.
    public static let interrupted = ApprovalOutcome(
        .failed, failure: ApprovalFailure(.internal, detail: "service-restarted"))
}

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
    /// What is decided; nil while it is not known (`SignCode`) and for a login.
    public let decision: Decision?
    /// When the portal's code lapses, UTC seconds; 0 while there is none.
    public let deadline: Int64
    /// Nil while it goes on.
    public let outcome: ApprovalOutcome?
}
