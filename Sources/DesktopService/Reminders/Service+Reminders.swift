// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore
import Store

/// Phases and reminders.
extension Service {
    /// The alarm rang, the clock was set, or the machine has slept: nothing is believed, everything is asked again.
    func clockMoved() {
        review()
        parts.cards.retry()
    }

    /// Tells phases that have changed, reminds of what is due, and sets the alarm to the next instant at which either may happen.
    func review() {
        guard !isEnding else { return }
        let now = parts.alarm.now()
        for id in book.order {
            guard let entry = book[id] else { continue }
            let phase = reminders.phase(of: entry.validity, at: now)
            if let told = toldPhases.updateValue(phase, forKey: id), told != phase {
                certificateChanged(id, ["Phase", "Hindrances"])
            }
        }
        let plan = reminders.plan(at: now)
        if !plan.due.isEmpty { remind(plan.due, at: now) }
        parts.alarm.set(reminders.plan(at: now).next)
    }

    /// One notice for all that is due, one signal for each; then it is remembered as told.
    private func remind(_ due: [Reminder], at now: Int64) {
        for reminder in due {
            guard let entry = book[reminder.certificate] else { continue }
            emitReminder(reminder, notAfter: entry.known.notAfter)
            book.settle(reminder)
            certificateChanged(reminder.certificate, ["SnoozedUntil"])
            remember("a reminder") { store in
                for rung in reminder.settles.reversed() {  // the newest first: it alone settles the others
                    try await store.reminderShown(certificate: reminder.certificate, rung: rung, at: now)
                }
                try await store.snooze(certificate: reminder.certificate, until: 0)
            }
        }
        showReminder(of: due.map(\.certificate))
    }

    /// Grants a snooze as far as the rule allows.
    func snooze(_ id: String, until wish: Int64) {
        guard let entry = book[id] else { return }
        let until = Snooze.granted(until: wish, for: entry.validity, at: parts.alarm.now())
        book.snooze(id, until: until)
        certificateChanged(id, ["SnoozedUntil"])
        remember("a snooze") { try await $0.snooze(certificate: id, until: until) }
        review()
    }
}
