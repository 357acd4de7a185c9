// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The special rule of an application: a lost answer is asked for by filing again, and a refusal of that says only that
/// the portal did not take it twice. So the portal's list is asked before the first time and after such a refusal: what
/// is new on it was taken.
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
