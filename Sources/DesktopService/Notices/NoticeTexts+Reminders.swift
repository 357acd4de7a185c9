// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

extension NoticeTexts {
    /// What can be done about a certificate that ends.
    struct Offers: Sendable, Equatable {
        var approve: Bool
        var renew: Bool
    }

    /// One notice for all that is due, soonest end first; `subjects` is not empty.
    func reminder(of subjects: [Subject], offers: Offers) -> Notice {
        let first = subjects[0]
        var buttons: [Notice.Button] = []
        if offers.approve {
            buttons.append(.init(label: texts.text("Give E-Onay"), action: .approve(certificate: first.id)))
        }
        if offers.renew {
            buttons.append(.init(label: texts.text("Renew"), action: .renew(certificate: first.id)))
        }
        if subjects.contains(where: { $0.phase != .expired }) {
            let action = Notice.Action.snooze(certificates: subjects.map(\.id))
            buttons.append(.init(label: texts.text("Remind me later"), action: action))
        }
        return Notice(
            key: Self.reminderKey, summary: headline(of: subjects),
            body: subjects.count == 1 ? advice(for: first) : subjects.map(line).joined(separator: "\n"),
            urgency: urgency(of: first), buttons: buttons, isPersistent: true)
    }

    private func headline(of subjects: [Subject]) -> String {
        let first = subjects[0]
        guard subjects.count == 1 else {
            return texts.text(
                "%1 e-signature certificate needs attention", plural: "%1 e-signature certificates need attention",
                count: subjects.count)
        }
        if first.phase == .expired { return texts.text("Your e-signature has expired") }
        if first.daysLeft < 1 { return texts.text("Your e-signature ends today") }
        return texts.text(
            "%1 day left for your e-signature", plural: "%1 days left for your e-signature", count: first.daysLeft)
    }

    private func advice(for subject: Subject) -> String {
        let first = "\(subject.holder): \(validity(of: subject))."
        let second =
            subject.phase == .expired
            ? texts.text("It can no longer be renewed electronically; apply on paper.")
            : texts.text("Renew it before that; afterwards it can be done only on paper.")
        return "\(first)\n\(second)"
    }

    private func line(for subject: Subject) -> String {
        "\(subject.holder): \(validity(of: subject))"
    }

    /// The nearer the end, the louder: the last three days and the end itself do not fade by themselves.
    private func urgency(of subject: Subject) -> Notice.Urgency {
        subject.daysLeft <= 3 ? .critical : .normal
    }
}
