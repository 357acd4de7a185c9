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
