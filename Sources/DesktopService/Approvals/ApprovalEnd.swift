// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import BusContract
import EOnayCore
import Store

/// How an approval ended, as it is kept, shown and signalled.
struct ApprovalEnd: Sendable, Equatable {
    /// UTC seconds.
    let at: Int64
    let outcome: ApprovalOutcome
    /// The sentence for people, in the service's language at that time: the fault and its remedy; empty where nothing went wrong.
    let message: String

    init(at: Int64, _ outcome: ApprovalOutcome, message: String) {
        (self.at, self.outcome, self.message) = (at, outcome, message)
    }

    /// The error's name on the bus; empty where nothing went wrong.
    var error: String { outcome.failure?.error.busName ?? "" }

    /// A detail that narrows the error down, for programs.
    var errorDetail: String { outcome.failure?.detail ?? "" }

    /// Whether the renewal that was requested is applied for now, by this approval or before it.
    func filesRenewal(_ request: ApprovalRequest) -> Bool {
        request.kind == .renew && (outcome.result == .recorded || outcome.failure?.error == .alreadyFiled)
    }
}

extension ApprovalEnd {
    /// As the record holds it.
    init(_ stored: StoredApproval.End) {
        let failure: ApprovalFailure? =
            switch ReportedError(stored.error) {
            case .known(let error): ApprovalFailure(error, detail: stored.errorDetail)
            // A later version recorded it; its sentence is kept beside.
            case .unknown: ApprovalFailure(.internal, detail: stored.errorDetail)
            case nil: nil
            }
        let outcome = ApprovalOutcome(
            ApprovalOutcome.Result(rawValue: stored.result) ?? .failed, failure: failure,
            reference: stored.reference, number: stored.confirmationNumber)
        self.init(at: stored.at, outcome, message: stored.message)
    }

    /// As the record is to hold it.
    var stored: StoredApproval.End {
        StoredApproval.End(
            at: at, result: outcome.result.rawValue, error: error, message: message, errorDetail: errorDetail,
            reference: outcome.reference, confirmationNumber: outcome.number)
    }
}
