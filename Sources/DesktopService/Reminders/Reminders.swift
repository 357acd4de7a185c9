// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// The reports of the reminders.
enum ReminderChange: Sendable {
    /// Certificates that have another phase than before.
    case phases([String])
    /// To be written down, then `announce`d.
    ///
    /// - canBeSeen: as far as is known, something can be shown.
    case due([Reminder], canBeSeen: Bool)
    /// The notice is about other certificates than before; about none, it goes.
    case notice
    /// To be written down: these have been seen, which was not sure when they fell due.
    case seen([Reminder])
    /// To be taken back: nobody has seen what was written down as seen.
    case unseen([Reminder])
}

/// The reminders: what is due, the one notice that says so, and the phases of the certificates.
///
/// A reminder is written down before it is shown, and shown as soon as somebody can see it.
final class Reminders {
    private let alarm: any Alarm
    private let known: () -> [KnownCertificate]
    var report: (ReminderChange) -> Void = { _ in }

    private var schedule: ReminderSchedule
    /// The reminder that stands on the screen, or waits for one.
    private var notice = ReminderNotice()
    /// Phases as they were reported.
    private var phases: [String: Phase] = [:]
    /// Nothing can be shown at the moment; a presenter says so once.
    private var isPresenterAway = false
    private var isEnding = false

    /// - Parameter known: all certificates, the soonest end first.
    init(_ planner: ReminderPlanner, alarm: any Alarm, known: @escaping () -> [KnownCertificate]) {
        (schedule, self.alarm, self.known) = (ReminderSchedule(planner: planner), alarm, known)
    }

    /// The certificates that the notice is about.
    var certificates: [String] { notice.certificates }

    /// Those among them whose successor takes over.
    var handovers: Set<String> { notice.handovers }

    /// Whether one of these is to be reminded of now.
    func areDue(_ ids: [String]) -> Bool {
        schedule.plan(for: known(), at: alarm.now()).due.contains { ids.contains($0.certificate) }
    }

    func phase(of certificate: KnownCertificate) -> Phase { schedule.phase(of: certificate, at: alarm.now()) }

    /// Plans by other rules from now on.
    func use(_ planner: ReminderPlanner) {
        schedule = ReminderSchedule(planner: planner)
        review()
    }

    /// Reports phases that have changed and reminders that are due, and sets the alarm to the next instant at which either may happen.
    ///
    /// To be called whenever the clock or a certificate may have changed: nothing is believed, everything is asked again.
    func review() {
        guard !isEnding else { return }
        let (known, now) = (known(), alarm.now())
        let changed = known.filter { certificate in
            let phase = phase(of: certificate)
            return phases.updateValue(phase, forKey: certificate.id).map { $0 != phase } ?? false
        }
        if !changed.isEmpty { report(.phases(changed.map(\.id))) }
        if !notice.certificates.isEmpty {
            let holding = schedule.holding(among: known, at: now)
            drop { holding[$0] == nil }
        }
        let due = schedule.plan(for: known, at: now).due
        if !due.isEmpty { report(.due(due, canBeSeen: !isPresenterAway)) }
        alarm.set(schedule.plan(for: self.known(), at: now).next)
    }

    /// These are due, and were written down, or could not be.
    func announce(_ due: [Reminder], areRecorded: Bool) {
        notice.add(due, areRecorded: areRecorded)
        if isEnding { takeBackUnseen() } else { report(.notice) }
    }

    /// Announces what an earlier run told on the bus, and could not show.
    func announceUnseen() {
        let unseen = schedule.unseen(among: known(), at: alarm.now())
        if !unseen.isEmpty { announce(unseen, areRecorded: false) }
    }

    /// Announces what stood on the screen when an earlier run ended, as far as it still holds.
    func announceAgain() {
        notice.add(schedule.standing(among: known(), at: alarm.now()), areRecorded: true)
        report(.notice)
    }

    /// A snooze was granted: what is put off need not be told, for now.
    func snoozed(_ id: String, until: Int64) {
        if until != 0 { drop { $0 == id } }
        review()
    }

    /// A person has taken note of these: they count as seen, and go from the screen.
    func dismiss(_ ids: [String]) {
        let late = notice.seen(ids)
        if !late.isEmpty { report(.seen(late)) }
        drop(where: ids.contains)
    }

    private func drop(where isMoot: (String) -> Bool) {
        if notice.drop(where: isMoot) { report(.notice) }
    }

    // MARK: - The fate of the notice

    /// Something is shown again: the notice, or another one.
    func presenterIsBack(reminderWasShown: Bool) {
        isPresenterAway = false
        guard reminderWasShown else { return }
        let late = notice.shown()
        if !late.isEmpty { report(.seen(late)) }
    }

    func wasClosed() { notice.closed() }

    func couldNotBeShown() {
        isPresenterAway = true
        takeBackUnseen()
    }

    /// Nobody sees what was written down as seen: it is shown at the next start, if not before.
    private func takeBackUnseen() {
        let early = notice.unseen()
        if !early.isEmpty { report(.unseen(early)) }
    }

    func end() {
        isEnding = true
        alarm.stop()
        takeBackUnseen()
    }
}
