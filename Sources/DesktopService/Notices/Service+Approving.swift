// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// "E-Onay ver" in a reminder.
extension Service {
    /// Looks anew: the bubble may be an old one, or was clicked twice. What is under way or decided is not begun again.
    func approveFromNotice(_ certificate: String) {
        guard let key = registry[certificate]?.known.identityKey else { return showRefusal(.noCertificate) }
        let ofThisPerson = approvals.values.filter { approval in
            approval.isDecision
                && (approval.request.certificate == certificate || (!key.isEmpty && approval.identityKey == key))
        }
        // Its progress is on the screen.
        if ofThisPerson.contains(where: { !$0.status.isOver }) { return }
        let unclear = ofThisPerson.first { $0.end?.result == ApprovalOutcome.Result.unknown.rawValue }
        if let unclear { return showResult(unclear) }
        guard registry.decision(for: certificate) == nil else { return showStanding(of: certificate, renewal: false) }
        beginFromNotice(.approve(.accept), certificate)
    }

    /// Whether that is under way with this certificate.
    func isUnfinished(_ approval: Approval, _ kind: ApprovalRequest.Kind, with certificate: String) -> Bool {
        !approval.status.isOver && approval.request.kind == kind && approval.request.certificate == certificate
    }
}
