// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

extension NoticeTexts {
    /// The offers for a certificate that ends, each with the certificate that can have it.
    struct Offers: Sendable, Equatable {
        var approve: String?
        var renew: String?
    }

    /// One notice for all that is due, soonest end first; `subjects` is not empty.
    func reminder(of subjects: [Subject], offers: Offers) -> Notice {
        let canComeAgain = subjects.contains { $0.phase != .expired }
        let isOne = subjects.count == 1
        return Notice(
            key: Self.reminderKey, summary: isOne ? headline(of: subjects[0]) : headline(ofSeveral: subjects.count),
            body: isOne ? advice(for: subjects[0]) : subjects.map(line).joined(separator: "\n"),
            urgency: urgency(of: subjects[0]),
            buttons: buttons(for: offers, snoozing: canComeAgain ? subjects.map(\.id) : []), isPersistent: true)
    }

    /// A button for each offer, and one to put off reminders of these.
    func buttons(for offers: Offers, snoozing ids: [String]) -> [Notice.Button] {
        let actions: [(String, Notice.Action)?] = [
            offers.approve.map { (texts.text("Give E-Onay"), .approve(certificate: $0)) },
            offers.renew.map { (texts.text("Renew"), .renew(certificate: $0)) },
            ids.isEmpty ? nil : (texts.text("Remind me later"), .snooze(certificates: ids)),
        ]
        return actions.compactMap(\.self).map { Notice.Button(label: $0.0, action: $0.1) }
    }

    private func headline(of subject: Subject) -> String {
        if subject.phase == .expired { return texts.text("Your e-signature has expired") }
        // Neither "today" nor "tomorrow": the last 86,400 seconds are mostly a part of both.
        if subject.daysLeft < 1 { return texts.text("Your e-signature expires within 24 hours") }
        return texts.text(
            "Your e-signature expires in %1 day", plural: "Your e-signature expires in %1 days",
            count: subject.daysLeft)
    }

    private func headline(ofSeveral count: Int) -> String {
        texts.text(
            "%1 e-signature needs your attention", plural: "%1 e-signatures need your attention", count: count)
    }

    private func advice(for subject: Subject) -> String {
        guard subject.phase != .expired else {
            return [
                texts.holder(subject.holder), texts.text("It ended on %1.", texts.date(subject.notAfter)),
                texts.text("A new one takes an application on paper."),
            ].joined(separator: "\n")
        }
        let way =
            subject.hasFiledRenewal
            ? [texts.text("Your application for its renewal has been filed.")]
            : [
                texts.text("Until then you can renew it online."),
                texts.text("After that it takes an application on paper."),
            ]
        return ([texts.holder(subject.holder), texts.text("Last day: %1", texts.date(subject.notAfter))] + way).joined(
            separator: "\n")
    }

    /// "Şükrü İğdırlı: 6 days left (12 December 2026)"
    private func line(for subject: Subject) -> String {
        let left =
            switch subject.phase {
            case .expired: texts.text("has expired")
            case _ where subject.daysLeft < 1: texts.text("less than a day left")
            default: texts.text("%1 day left", plural: "%1 days left", count: subject.daysLeft)
            }
        return "\(texts.holder(subject.holder)): \(left) (\(texts.day(subject.notAfter)))"
    }

    /// The nearer the end, the louder: the last three days and the end itself do not fade by themselves.
    private func urgency(of subject: Subject) -> Notice.Urgency {
        subject.daysLeft <= 3 ? .critical : .normal
    }
}
