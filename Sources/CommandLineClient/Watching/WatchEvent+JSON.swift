// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension WatchEvent {
    /// The documented form: one object for each event.
    func json(at now: Int64) -> JSON {
        let members: [(String, JSON)] =
            switch self {
            case .service(let version, let watcher):
                [("event", "service"), ("version", .text(version)), ("watcher", .text(watcher))]
            case .serviceGone: [("event", "service-gone")]
            case .watcher(let state): [("event", "watcher"), ("state", .text(state))]
            case .readers(let readers): [("event", "readers"), ("readers", .texts(readers))]
            case .cardIn(let reader): [("event", "card-in"), ("reader", .text(reader))]
            case .cardRead(let reader, let ids, _):
                [("event", "card-read"), ("reader", .text(reader)), ("certificates", .texts(ids))]
            case .cardTrouble(let reader, let error, let heldBy):
                [
                    ("event", "card-trouble"), ("reader", .text(reader)), ("error", .text(error.name)),
                    ("held_by", .optional(heldBy)),
                ]
            case .cardOut(let reader): [("event", "card-out"), ("reader", .text(reader))]
            case .pinState(let reader, let state):
                [("event", "pin-state"), ("reader", .text(reader)), ("state", .text(state))]
            case .phase(let id, _, let phase): [("event", "phase"), ("id", .text(id)), ("phase", .text(phase))]
            case .reminder(let id, _, let notAfter, let daysLeft):
                [
                    ("event", "reminder"), ("id", .text(id)), ("not_after", .number(notAfter)),
                    ("days_left", .number(Int64(daysLeft))),
                ]
            case .snooze(let id, _, let until): [("event", "snooze"), ("id", .text(id)), ("until", .time(until))]
            case .approval(let path, let certificate, let state):
                [
                    ("event", "approval"), ("approval", .text(path)), ("certificate", .text(certificate)),
                    ("state", .text(state)),
                ]
            case .approvalEnd(let path, let result, let error):
                [
                    ("event", "approval-end"), ("approval", .text(path)), ("result", .text(result)),
                    ("error", .optional(error.name)),
                ]
            }
        return .object((members + [("at", .number(now))]).map { JSON.Member(name: $0, value: $1) })
    }
}
