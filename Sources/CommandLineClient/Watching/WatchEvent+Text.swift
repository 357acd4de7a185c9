// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

extension WatchEvent {
    /// A line for people, without the time.
    func cell(_ texts: Texts) -> Cell {
        let words = Words(texts: texts)
        switch self {
        case .service(let version, let watcher):
            return Cell(texts.text("service %1: %2", version, words.watcher(watcher).text))
        case .serviceGone: return Cell(texts.text("the service does not run; waiting for it"), .warning)
        case .watcher(let state):
            let cell = words.watcher(state)
            return Cell(texts.text("card watcher: %1", cell.text), cell.style)
        case .readers(let readers):
            return Cell(
                readers.isEmpty
                    ? texts.text("no card reader is connected")
                    : texts.text("readers: %1", readers.joined(separator: ", ")))
        case .phase(_, let holder, let phase):
            let cell = words.phase(phase)
            return Cell(texts.text("certificate of %1: %2", texts.holder(holder), cell.text), cell.style)
        case .reminder(_, let holder, let notAfter, let daysLeft):
            return Cell(
                texts.text(
                    "reminder: the certificate of %1 ends on %2, %3", texts.holder(holder), texts.day(notAfter),
                    words.daysLeft(daysLeft).text), .warning)
        case .snooze(_, let holder, let until):
            return Cell(
                until == 0
                    ? texts.text("reminders for %1 are on", texts.holder(holder))
                    : texts.text("no reminder for %1 before %2", texts.holder(holder), texts.date(until)))
        case .approval(_, let certificate, let state):
            return Cell(texts.text("approval with %1: %2", String(certificate.prefix(8)), words.state(state)))
        case .approvalEnd(_, let result, let error):
            let cell = words.result(result)
            let why = error.isEmpty ? "" : " (\(Cell.showable(error.explained(texts).what)))"
            return Cell(texts.text("approval ended: %1", cell.text) + why, cell.style)
        default: return cardCell(texts)
        }
    }

    private func cardCell(_ texts: Texts) -> Cell {
        switch self {
        case .cardIn(let reader): Cell(texts.text("card in: %1", reader), .strong)
        case .cardRead(let reader, _, let holders):
            Cell(texts.text("card read: %1: %2", reader, holders.map(texts.holder).joined(separator: ", ")), .good)
        case .cardTrouble(let reader, let error, let heldBy):
            Cell(
                "\(reader): \(Cell.showable(error.explained(texts, ofCard: true).what))"
                    + (heldBy.isEmpty ? "" : " (\(heldBy))"),
                .bad)
        case .cardOut(let reader): Cell(texts.text("card out: %1", reader), .strong)
        case .pinState(let reader, let state):
            Cell(texts.text("PIN of the card in %1: %2", reader, Words(texts: texts).pinState(state).text))
        default: ""
        }
    }
}
