// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Why an approval ended without what was asked for.
public struct ApprovalFailure: Error, Sendable, Equatable {
    public let error: ErrorName
    /// A stable word for programs, such as the portal's problem name; may be empty. Never a secret or a name.
    public let detail: String

    /// The detail of TokenBusy where another approval of this service uses the card.
    public static let anotherApproval = "another-approval"

    /// The courier ended without an answer.
    public static let courierEnded = ApprovalFailure(.internal, detail: "courier-ended")
    /// The courier gave no answer within its time, and was ended: what keeps it is the network, as a rule.
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
