// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import PortalContract
import SystemBasics
import Texts

/// Something that `watch` reports.
enum WatchEvent: Equatable {
    case service(version: String, watcher: String)
    case serviceGone
    case watcher(String)
    case readers([String])
    case cardIn(reader: String)
    /// It was read: these certificates are on it.
    case cardRead(reader: String, ids: [String], holders: [String])
    case cardTrouble(reader: String, error: ServiceFault, heldBy: String)
    case cardOut(reader: String)
    case pinState(reader: String, state: String)
    case phase(id: String, holder: String, phase: String)
    case reminder(id: String, holder: String, notAfter: Int64, daysLeft: Int32)
    /// Its responder has said something else than before.
    case revocation(id: String, holder: String, ServiceRevocation)
    case snooze(id: String, holder: String, until: Int64)
    case approval(path: String, certificate: String, state: String)
    case approvalEnd(path: String, result: String, error: ServiceFault)
    /// A card has a new PIN, or was to have one.
    case pinEnd(path: String, result: String, error: ServiceFault)
}

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
        case .revocation(_, let holder, let revocation):
            let cell = revocation.cell(texts)
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
            let why = error.isEmpty ? "" : " (\(ShowableText.line(error.explained(texts).what)))"
            return Cell(texts.text("approval ended: %1", cell.text) + why, cell.style)
        case .pinEnd(_, let result, let error):
            let cell = words.result(result)
            let why = error.isEmpty ? "" : " (\(ShowableText.line(error.explained(texts).what)))"
            return Cell(texts.text("new PIN of a card: %1", cell.text) + why, cell.style)
        case .cardIn(let reader): return Cell(texts.text("card in: %1", reader), .strong)
        case .cardRead(let reader, _, let holders):
            return Cell(
                texts.text("card read: %1: %2", reader, holders.map(texts.holder).joined(separator: ", ")), .good)
        case .cardTrouble(let reader, let error, let heldBy):
            let why = ShowableText.line(error.explained(texts, ofCard: true).what)
            return Cell("\(reader): \(why)" + (heldBy.isEmpty ? "" : " (\(heldBy))"), .bad)
        case .cardOut(let reader): return Cell(texts.text("card out: %1", reader), .strong)
        case .pinState(let reader, let state):
            return Cell(texts.text("PIN of the card in %1: %2", reader, words.pinState(state).text))
        }
    }

    /// The documented form: one object for each event.
    func json(at now: Int64) -> JSON {
        let members: [(String, JSON)] =
            switch self {
            case .service(let version, let watcher):
                [("event", "service"), ("version", .string(version)), ("watcher", .string(watcher))]
            case .serviceGone: [("event", "service-gone")]
            case .watcher(let state): [("event", "watcher"), ("state", .string(state))]
            case .readers(let readers): [("event", "readers"), ("readers", .texts(readers))]
            case .cardIn(let reader): [("event", "card-in"), ("reader", .string(reader))]
            case .cardRead(let reader, let ids, _):
                [("event", "card-read"), ("reader", .string(reader)), ("certificates", .texts(ids))]
            case .cardTrouble(let reader, let error, let heldBy):
                [
                    ("event", "card-trouble"), ("reader", .string(reader)), ("error", .string(error.name)),
                    ("held_by", .optional(heldBy)),
                ]
            case .cardOut(let reader): [("event", "card-out"), ("reader", .string(reader))]
            case .pinState(let reader, let state):
                [("event", "pin-state"), ("reader", .string(reader)), ("state", .string(state))]
            case .phase(let id, _, let phase): [("event", "phase"), ("id", .string(id)), ("phase", .string(phase))]
            case .revocation(let id, _, let revocation):
                [
                    ("event", "revocation"), ("id", .string(id)), ("revocation", .string(revocation.state)),
                    ("since", .time(revocation.since)), ("reason", .optional(revocation.reason)),
                ]
            case .reminder(let id, _, let notAfter, let daysLeft):
                [
                    ("event", "reminder"), ("id", .string(id)), ("not_after", .integer(notAfter)),
                    ("days_left", .integer(Int64(daysLeft))),
                ]
            case .snooze(let id, _, let until): [("event", "snooze"), ("id", .string(id)), ("until", .time(until))]
            case .approval(let path, let certificate, let state):
                [
                    ("event", "approval"), ("approval", .string(path)), ("certificate", .string(certificate)),
                    ("state", .string(state)),
                ]
            case .approvalEnd(let path, let result, let error):
                [
                    ("event", "approval-end"), ("approval", .string(path)), ("result", .string(result)),
                    ("error", .optional(error.name)),
                ]
            case .pinEnd(let path, let result, let error):
                [
                    ("event", "pin-end"), ("operation", .string(path)), ("result", .string(result)),
                    ("error", .optional(error.name)),
                ]
            }
        return .object((members + [("at", .integer(now))]).map { JSON.Member($0, $1) })
    }
}
