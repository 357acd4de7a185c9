// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

extension NoticeTexts {
    /// What a notice tells of an approval.
    struct ApprovalSubject: Sendable, Equatable {
        /// The approval's place on the bus; the notice's key is made of it.
        var name: String
        var holder: String
        /// "accept", "decline", or empty where only a code is signed.
        var decision: String
        /// It files the application for a renewal.
        var isRenewal = false
        var portal: String
        /// The contract's state.
        var state: String
        var step: UInt32
        var steps: UInt32
        /// UTC seconds; 0 where no code runs.
        var deadline: Int64
    }

    /// Replaces itself in place as the approval goes on.
    func progress(of approval: ApprovalSubject) -> Notice {
        var lines = [sentence(for: approval.state), approval.portal]
        if approval.deadline > 0 { lines.append(texts.text("Until %1", texts.timeOfDay(approval.deadline))) }
        return Notice(
            key: Self.approvalKey(approval.name), summary: title(of: approval), body: lines.joined(separator: "\n"),
            urgency: .low,
            buttons: [.init(label: texts.text("Cancel"), action: .cancel(approval: approval.name))], isPersistent: true)
    }

    /// The result, in place of the progress.
    func result(of approval: ApprovalSubject, result: String, error: String, reference: String, number: String = "")
        -> Notice
    {
        var notice = Notice(key: Self.approvalKey(approval.name), summary: "", body: "")
        var lines = [approval.holder, approval.portal]
        switch result {
        case "recorded":
            notice.summary =
                approval.isRenewal
                ? texts.text("Your application for renewal is filed")
                : approval.decision == "decline"
                    ? texts.text("Your refusal is recorded") : texts.text("Your E-Onay is recorded")
            lines.append(texts.text("Reference: %1", reference))
        case "signed":
            notice.summary = texts.text("The code is signed")
            lines.append(texts.text("Go on at the portal's page."))
            if !number.isEmpty { lines.append(texts.text("The number for that page: %1", number)) }
        case "unknown":
            notice.summary = texts.text("Not known yet whether it is recorded")
            lines.append(texts.text("The portal received your signature and did not answer; it will be asked again."))
            notice.urgency = .critical
        default:
            let explanation = texts.error(error)
            notice.summary =
                approval.isRenewal ? texts.text("The renewal was not filed") : texts.text("E-Onay was not given")
            lines = [explanation.what, explanation.remedy]
        }
        notice.body = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        return notice
    }

    private func title(of approval: ApprovalSubject) -> String {
        approval.holder.isEmpty ? "E-Onay" : "E-Onay: \(approval.holder)"
    }

    private func sentence(for state: String) -> String {
        switch state {
        case "waiting-for-token": texts.text("Put in the card.")
        case "waiting-for-pin": texts.text("Enter the PIN in the window that has opened.")
        case "signing": texts.text("The card is signing.")
        case "submitting": texts.text("The portal is recording.")
        default: texts.text("Checking the card and the portal.")
        }
    }
}
