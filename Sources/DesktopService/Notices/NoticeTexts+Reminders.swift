// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Texts

extension NoticeTexts {
    /// The offers for a certificate that ends, each with the certificate that can have it.
    struct Offers: Sendable, Equatable {
        var approve: String?
        var renew: String?
        /// A new certificate whose issuer has a page where its PIN is fetched.
        var fetchPIN: String?
    }

    /// One notice for all that is due, soonest end first; `subjects` is not empty.
    func reminder(of subjects: [Subject], offers: Offers) -> Notice {
        let putOff = subjects.contains { !$0.isHandover && $0.phase != .expired }
        let isOne = subjects.count == 1
        return Notice(
            key: Self.reminderKey, summary: isOne ? headline(of: subjects[0]) : headline(ofSeveral: subjects),
            body: isOne ? advice(for: subjects[0]) : subjects.map(line).joined(separator: "\n"),
            urgency: urgency(of: subjects),
            buttons: buttons(for: offers, snoozing: putOff ? subjects.filter { !$0.isHandover }.map(\.id) : []),
            isPersistent: true)
    }

    /// A button for each offer, and one to put off reminders of these.
    func buttons(for offers: Offers, snoozing ids: [String]) -> [Notice.Button] {
        let actions: [(String, Notice.Action)?] = [
            offers.approve.map { (texts.text("Give E-Onay"), .approve(certificate: $0)) },
            offers.renew.map { (texts.text("Renew"), .renew(certificate: $0)) },
            offers.fetchPIN.map { (texts.text("Get the PIN"), .fetchPIN(certificate: $0)) },
            ids.isEmpty ? nil : (texts.text("Remind me later"), .snooze(certificates: ids)),
        ]
        return actions.compactMap(\.self).map { Notice.Button(label: $0.0, action: $0.1) }
    }

    private func headline(of subject: Subject) -> String {
        if subject.isHandover { return texts.text("From now on, use your new card") }
        let days = subject.daysLeft
        // Neither "today" nor "tomorrow": the last 86,400 seconds are mostly a part of both.
        switch (subject.kind, subject.phase) {
        case (.nes, .expired), (.mobileNES, .expired): return texts.text("Your e-signature has expired")
        case (.nes, _) where days < 1, (.mobileNES, _) where days < 1:
            return texts.text("Your e-signature expires within 24 hours")
        case (.nes, _), (.mobileNES, _):
            return texts.text(
                "Your e-signature expires in %1 day", plural: "Your e-signature expires in %1 days", count: days)
        case (.seal, .expired): return texts.text("Your company's seal has expired")
        case (.seal, _) where days < 1: return texts.text("Your company's seal expires within 24 hours")
        case (.seal, _):
            return texts.text(
                "Your company's seal expires in %1 day", plural: "Your company's seal expires in %1 days", count: days)
        case (_, .expired): return texts.text("Your certificate has expired")
        case (_, _) where days < 1: return texts.text("Your certificate expires within 24 hours")
        default:
            return texts.text(
                "Your certificate expires in %1 day", plural: "Your certificate expires in %1 days", count: days)
        }
    }

    private func headline(ofSeveral subjects: [Subject]) -> String {
        guard subjects.allSatisfy(\.kind.isNES) else {
            return texts.text(
                "%1 certificate needs your attention", plural: "%1 certificates need your attention",
                count: subjects.count)
        }
        return texts.text(
            "%1 e-signature needs your attention", plural: "%1 e-signatures need your attention", count: subjects.count)
    }

    /// The holder, the day, and the one thing to do.
    private func advice(for subject: Subject) -> String {
        var lines = [texts.holder(subject.holder)]
        if subject.isHandover {
            lines += handover(from: subject)
        } else if subject.phase == .expired {
            lines.append(texts.text("It ended on %1.", texts.date(subject.notAfter)))
            lines += afterEnd(of: subject)
        } else {
            lines.append(texts.text("Last day: %1", texts.date(subject.notAfter)))
            lines +=
                subject.hasFiledRenewal
                ? [texts.text("Your application for its renewal has been filed.")] : wayToRenew(subject)
        }
        return lines.joined(separator: "\n")
    }

    private func handover(from subject: Subject) -> [String] {
        guard let successor = subject.successor else { return [] }
        return [
            texts.text("New card: good until %1", texts.day(successor.notAfter)),
            texts.text("Old card: last day %1", texts.day(subject.notAfter)),
            texts.text("Before you first sign with it, get its PIN from the issuer."),
        ]
    }

    private func afterEnd(of subject: Subject) -> [String] {
        if let successor = subject.successor {
            return [texts.text("Your new card is good from %1.", texts.date(successor.notBefore))]
        }
        switch subject.kind {
        case .nes, .mobileNES: return [texts.text("A new one takes an application on paper.")]
        case .seal: return [texts.text("No invoice can be sealed until you have a new one.")]
        default: return []
        }
    }

    /// Before the window opens, what comes first; in it, the renewal itself.
    private func wayToRenew(_ subject: Subject) -> [String] {
        let isOpen = subject.phase == .renewalDue
        if let note = subject.issuerNote { return [note] }
        if subject.kind == .seal, isOpen { return [texts.text("After that no invoice can be sealed: renew it now.")] }
        if subject.renewalBeginsAtInstitution {
            let officer = texts.text("Ask your institution's e-signature officer to open the renewal.")
            if isOpen { return [texts.text("After that it takes an application on paper."), officer] }
            return [
                officer,
                texts.text(
                    "It opens three months before the end, by Kamu SM's guide one month; the new card takes up to ten working days."
                ),
            ]
        }
        if !isOpen { return [texts.text("It can be renewed from %1.", texts.day(subject.renewalBegins))] }
        guard subject.kind.isNES else { return [] }
        return [
            texts.text("Until then you can renew it online."),
            texts.text("After that it takes an application on paper."),
        ]
    }

    /// "Şükrü İğdırlı: 6 days left (12 December 2026)"
    private func line(for subject: Subject) -> String {
        if subject.isHandover, let successor = subject.successor {
            let use = texts.text("use the new card, good until %1", texts.day(successor.notAfter))
            return "\(texts.holder(subject.holder)): \(use)"
        }
        let left =
            switch subject.phase {
            case .expired: texts.text("has expired")
            case _ where subject.daysLeft < 1: texts.text("less than a day left")
            default: texts.text("%1 day left", plural: "%1 days left", count: subject.daysLeft)
            }
        return "\(texts.holder(subject.holder)): \(left) (\(texts.day(subject.notAfter)))"
    }

    /// The nearer the end, the louder: the last three days and the end itself do not fade by themselves; what comes before the renewal is
    /// quiet.
    private func urgency(of subjects: [Subject]) -> Notice.Urgency {
        if subjects.contains(where: { !$0.isHandover && $0.daysLeft <= 3 }) { return .critical }
        return subjects.allSatisfy { !$0.isHandover && $0.phase == .valid } ? .low : .normal
    }
}
