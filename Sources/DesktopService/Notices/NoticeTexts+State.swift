// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store
import Texts

extension NoticeTexts {
    /// More than a bubble can show.
    private static let mostInState = 4

    /// How things stand: each certificate, its end and its holder's E-Onay, the soonest end first. Where none is known: what to do.
    ///
    /// - Parameters:
    ///   - reminded: those that a reminder stands for, or waits for a screen.
    ///   - absence: why no card can be seen.
    func state(
        of certificates: [(subject: Subject, decision: HistoryEntry?)], offers: Offers, reminded: [String],
        absence: ErrorName
    ) -> Notice {
        let explanation = texts.cardError(absence)
        let trouble = "\(explanation.what) \(explanation.remedy)"
        guard let first = certificates.first?.subject else {
            let toDo = absence == .noToken ? texts.error(.noCertificate).remedy : trouble
            return Notice(key: Self.stateKey, summary: texts.text("No certificate is known yet"), body: toDo)
        }
        let isOne = !certificates.contains { $0.subject.holder != first.holder }
        var lines = certificates.prefix(Self.mostInState).flatMap { certificate in
            (isOne ? [] : ["\(texts.holder(certificate.subject.holder)):"])
                + [validity(of: certificate.subject)]
                // Nobody gives E-Onay with a seal.
                + (certificate.subject.kind.isNES ? [sentence(for: certificate.decision)] : [])
        }
        if isOne { lines = Self.unique(lines) }
        let rest = certificates.count - Self.mostInState
        if rest > 0 {
            lines.append(
                texts.text(
                    "… and %1 more: eonay certificates", plural: "… and %1 more: eonay certificates", count: rest))
        }
        // A card that is out, or a reader that is not connected, is nothing to complain of.
        if absence != .noToken, absence != .noReader { lines.append(trouble) }
        return Notice(
            key: Self.stateKey, summary: isOne ? texts.holder(first.holder) : "E-Onay",
            body: lines.joined(separator: "\n"), buttons: buttons(for: offers, snoozing: reminded))
    }

    private func sentence(for decision: HistoryEntry?) -> String {
        guard let decision else { return texts.text("No E-Onay has been given on this computer.") }
        return decision.decision == Decision.accept.rawValue
            ? texts.text("E-Onay given on %1", texts.date(decision.at))
            : texts.text("E-Onay refused on %1", texts.date(decision.at))
    }

    /// An address that was opened with this program is none of ours.
    func foreignAddress() -> Notice {
        Notice(
            key: Self.refusalKey,
            summary: texts.text("Nothing was signed"),
            body: texts.text("This is not an address that a portal's page has for E-Onay; nothing was signed.") + "\n"
                + texts.text("Copy the code from the page instead: eonay sign CODE"))
    }
}
