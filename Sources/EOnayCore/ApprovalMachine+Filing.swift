// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What is particular to an application: a lost answer is asked for by filing again, and a refusal of that says only that
/// the portal did not take it twice. So the portal's list is asked whether it took it once.
extension ApprovalMachine {
    var isRenewal: Bool { request.kind == .renew }

    mutating func filed(_ reference: String) -> [ApprovalEffect] {
        guard case .submitting = stage, isRenewal else { return [] }
        return store(ApprovalOutcome(.recorded, reference: reference))
    }

    mutating func found(_ reference: String) -> [ApprovalEffect] {
        guard case .lookingUp(_, _, let refusal) = stage else { return [] }
        guard reference.isEmpty else { return store(ApprovalOutcome(.recorded, reference: reference)) }
        return store(ApprovalOutcome(.failed, failure: ApprovalFailure(refusal)))
    }
}
