// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

extension NoticeTexts {
    /// The facts that a notice shows of an approval.
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
        /// Why putting the card in would not do, while the card is waited for; nil where it would.
        var trouble: ErrorName?
        /// The certificate whose issuer has a page on which a locked PIN is unlocked; nil where none is known.
        var unlocks: String?
        /// The issuer's telephone number.
        var phone: String?
    }

    /// Replaces itself in place as the approval goes on.
    func progress(of approval: ApprovalSubject) -> Notice {
        var lines = [sentence(for: approval), approval.portal]
        if approval.deadline > 0 { lines.append(texts.text("Until %1", texts.timeOfDay(approval.deadline))) }
        return Notice(
            key: Self.approvalKey(approval.name), summary: title(of: approval), body: lines.joined(separator: "\n"),
            urgency: .low,
            buttons: [.init(label: texts.text("Cancel"), action: .cancel(approval: approval.name))], isPersistent: true)
    }

    /// The result, in place of the progress.
    func result(of approval: ApprovalSubject, result: String, error: ErrorName?, reference: String, number: String = "")
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
            lines.append(
                approval.decision.isEmpty
                    ? texts.text("The portal did not answer. Look at your page there before you start again.")
                    : texts.text("The portal received your signature and did not answer; it will be asked again."))
            notice.urgency = .critical
        default:
            let explanation = texts.error(error ?? .internal)
            notice.summary = failed(approval)
            lines = [explanation.what, explanation.remedy]
            if error == .pinLocked { unlock(approval, &notice, &lines) }
        }
        notice.body = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        return notice
    }

    /// The issuer's page is the one way that needs no program of the card's maker.
    private func unlock(_ approval: ApprovalSubject, _ notice: inout Notice, _ lines: inout [String]) {
        if let certificate = approval.unlocks {
            lines.removeLast()
            lines.append(texts.text("Your certification centre unlocks it on its page."))
            notice.buttons = [.init(label: texts.text("Unlock"), action: .unlock(certificate: certificate))]
        }
        if let phone = approval.phone { lines.append(texts.text("Help by telephone: %1", phone)) }
    }

    private func failed(_ approval: ApprovalSubject) -> String {
        if approval.isRenewal { return texts.text("The renewal was not filed") }
        return approval.decision.isEmpty ? texts.text("The code was not signed") : texts.text("E-Onay was not given")
    }

    /// A pressed button has nothing to begin, because it stands already: a decision, or with no decision the application for renewal.
    func standing(holder: String, portal: String, decision: String, reference: String) -> Notice {
        let summary =
            switch decision {
            case "accept": texts.text("Your E-Onay stands already")
            case "decline": texts.text("Your refusal is recorded already")
            default: texts.text("Your application for its renewal has been filed.")
            }
        let lines = [holder, portal, reference.isEmpty ? "" : texts.text("Reference: %1", reference)]
        return Notice(
            key: Self.refusalKey, summary: summary, body: lines.filter { !$0.isEmpty }.joined(separator: "\n"),
            urgency: .normal)
    }

    /// A pressed button could not begin its approval. The title is short, since servers cut it off.
    func refusal(_ error: ErrorName, detail: String = "") -> Notice {
        let explanation = texts.error(error, detail: detail)
        return Notice(
            key: Self.refusalKey, summary: texts.text("That could not be done"),
            body: "\(explanation.what)\n\(explanation.remedy)", urgency: .normal)
    }

    private func title(of approval: ApprovalSubject) -> String {
        approval.holder.isEmpty ? "E-Onay" : "E-Onay: \(approval.holder)"
    }

    private func sentence(for approval: ApprovalSubject) -> String {
        switch approval.state {
        case "waiting-for-token":
            approval.trouble.map { "\(texts.error($0).what) \(texts.error($0).remedy)" }
                ?? texts.text("Put in the card.")
        case "waiting-for-pin": texts.text("Enter the PIN in the window that has opened.")
        case "signing": texts.text("The card is signing.")
        case "submitting": texts.text("The portal is recording.")
        default: texts.text("Checking the card and the portal.")
        }
    }
}

extension NoticeTexts.ApprovalSubject {
    /// - Parameter absence: why the card that is waited for is not there.
    init(_ approval: ApprovalView, holder: String, absence: ErrorName) {
        let (status, request) = (approval.status, approval.request)
        self.init(
            name: approval.name, holder: holder, decision: status.decision?.rawValue ?? "",
            isRenewal: request.kind == .renew, portal: request.portal.text, state: status.state.rawValue,
            step: status.step, steps: status.steps, deadline: status.deadline,
            trouble: status.state == .waitingForToken && absence != .noToken ? absence : nil)
    }
}
