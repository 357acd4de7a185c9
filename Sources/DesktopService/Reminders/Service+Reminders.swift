// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Cards
import EOnayCore
import Store

/// Phases and reminders.
extension Service {
    /// The alarm rang, the clock was set, or the machine has slept: nothing is believed, everything is asked again.
    func clockMoved() {
        review()
        cards.lookAgain()
    }

    /// Tells phases that have changed, reminds of what is due, and sets the alarm to the next instant at which either may happen.
    func review() {
        guard !isEnding else { return }
        let now = parts.alarm.now()
        for id in registry.order {
            guard let entry = registry[id] else { continue }
            let phase = reminders.phase(of: entry.validity, at: now)
            if let told = toldPhases.updateValue(phase, forKey: id), told != phase {
                certificateChanged(id, [.phase, .hindrances])
            }
        }
        dropReminders { !reminders.concerns($0) || !reminders.isDue($0, at: now) }
        let plan = reminders.plan(at: now)
        if journal.isAnothers {
            // Two services would remind of the same twice: it is for the one that can remember it.
            for reminder in plan.due { registry.settle(reminder, at: now) }
        } else if !plan.due.isEmpty {
            remind(plan.due, at: now)
        }
        parts.alarm.set(reminders.plan(at: now).next)
    }

    /// Has reminders written down, then told.
    private func remind(_ due: [Reminder], at now: Int64) {
        for reminder in due {
            registry.settle(reminder, at: now)
            certificateChanged(reminder.certificate, [.snoozedUntil])
        }
        let canBeSeen = !isPresenterAway
        record(due, at: now, seen: canBeSeen) { service, isRecorded in
            service.tell(due, areRecorded: canBeSeen && isRecorded)
        }
    }

    private func record(
        _ due: [Reminder], at now: Int64, seen: Bool = true,
        done: @escaping @Sendable (isolated Service, Bool) -> Void
    ) {
        write("a reminder") { store in
            for reminder in due {
                try await store.remindersTold(
                    certificate: reminder.certificate, thresholds: reminder.supersedes, at: now, seen: seen)
            }
        } done: { service, isRecorded in
            done(service, isRecorded)
        }
    }

    /// A signal for each, and one notice for all.
    private func tell(_ due: [Reminder], areRecorded: Bool) {
        for reminder in due {
            if let entry = registry[reminder.certificate] { emitReminder(reminder, notAfter: entry.known.notAfter) }
        }
        showReminders(due, areRecorded: areRecorded)
    }

    private func showReminders(_ due: [Reminder], areRecorded: Bool) {
        var notice = reminderNotice ?? ReminderNotice()
        notice.add(due, areRecorded: areRecorded)
        reminderNotice = notice
        guard !isEnding else { return takeBackUnseenReminders() }
        showReminder(of: notice.certificates)
    }

    /// What an earlier run told on the bus, and could not show.
    func showUnseenReminders() {
        let unseen = reminders.unseen(at: parts.alarm.now())
        if !unseen.isEmpty { showReminders(unseen, areRecorded: false) }
    }

    // MARK: - What became of the notice

    /// The board has a reminder on it.
    func reminderWasShown() {
        guard let due = reminderNotice?.shown(), !due.isEmpty else { return }
        record(due, at: parts.alarm.now()) { _, _ in }
    }

    /// Nobody sees what was written down as shown: it is shown at the next start, if not before.
    func takeBackUnseenReminders() {
        guard let early = reminderNotice?.unseen(), !early.isEmpty else { return }
        journal.remember("that a reminder was not shown") { store in
            for reminder in early {
                try await store.reminderNotShown(certificate: reminder.certificate, threshold: reminder.threshold)
            }
        }
    }

    /// Takes from the notice what it need not tell any more, and the notice away with the last of it.
    func dropReminders(where isMoot: (String) -> Bool) {
        guard reminderNotice?.drop(where: isMoot) == true, let left = reminderNotice?.certificates else { return }
        if left.isEmpty { withdraw(NoticeTexts.reminderKey) } else { showReminder(of: left) }
    }

    /// What is on the board says so from now on, and offers it no more.
    func renewalFiled(of id: String) {
        registry.noteFiledRenewal(of: id)
        if let shown = reminderNotice?.certificates, shown.contains(id) { showReminder(of: shown) }
    }

    /// Something that the notice on the board offers may have been done, or cannot be done any more.
    func refreshReminderOffers() {
        guard let shown = reminderNotice?.certificates, let notice = notices[NoticeTexts.reminderKey],
            let fresh = reminder(of: shown), fresh.buttons != notice.buttons
        else { return }
        show(fresh)
    }

    /// Grants a snooze as far as the rule allows, once that is on disk. `done` is called with what stood in the way.
    func snooze(
        _ id: String, until wish: Int64,
        done: @escaping @Sendable (isolated Service, ServiceError?) -> Void
    ) {
        guard let entry = registry[id] else { return done(self, ServiceError(.noCertificate)) }
        let (until, known) = (Snooze.granted(until: wish, for: entry.validity, at: parts.alarm.now()), entry.known)
        write("a snooze") { store in
            if try await store.snooze(certificate: id, until: until) { return }
            // Its card was read while nothing could be kept.
            try await store.remember([known])
            try await store.snooze(certificate: id, until: until)
        } done: { service, isStored in
            guard isStored else {
                service.journal.lookAgain()
                return done(service, service.journal.refusal)
            }
            service.registry.snooze(id, until: until)
            service.certificateChanged(id, [.snoozedUntil])
            if until != 0 { service.dropReminders { $0 == id } }
            service.review()
            done(service, nil)
        }
    }
}
