// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Decides which reminders are due and when to look again: a pure function of what is known and what time it is.
///
/// It holds nothing, so it cannot be wrong after a suspend, a restart or a clock that was set: whoever wakes up asks
/// again. A rung is told once. After a long pause only the newest one that is due is told, and the earlier ones count
/// as told with it. What was told at a time that is yet to come (the clock was ahead, and was set back) does not count. A snooze puts off what falls due in it, and at its
/// end the reminder comes again, which is what was asked for. A certificate that a newer one of the same person
/// replaces is not spoken of.
public struct ReminderPlanner: Sendable, Equatable {
    public let ladder: ReminderLadder
    public let window: RenewalWindow
    /// False: no reminders; `next` still tells when a phase changes.
    public let isEnabled: Bool

    public init(ladder: ReminderLadder = .usual, window: RenewalWindow = .usual, isEnabled: Bool = true) {
        self.ladder = ladder
        self.window = window
        self.isEnabled = isEnabled
    }

    /// What is due at `now` (UTC seconds), given everything that is known.
    public func plan(for certificates: [RemindedCertificate], at now: Int64) -> ReminderPlan {
        let reminded = certificates.filter { concerns($0, among: certificates) }
        let due = reminded.compactMap { certificate in
            dueRung(of: certificate, at: now).map { (certificate, $0) }
        }
        let byEnd = due.sorted {
            ($0.0.validity.notAfter, $0.0.id) < ($1.0.validity.notAfter, $1.0.id)
        }
        let instants =
            reminded.compactMap { nextReminder(of: $0, after: now) }
            + certificates.compactMap { window.nextChange(of: $0.validity, after: now) }
        return ReminderPlan(
            due: byEnd.map { certificate, rung in
                Reminder(
                    certificate: certificate.id, rung: rung, daysLeft: certificate.validity.daysLeft(at: now),
                    settles: ladder.rungs.filter { $0 >= rung })
            },
            next: instants.min())
    }

    /// Whether a reminder of this one still has a point, given everything that is known.
    public func concerns(_ certificate: RemindedCertificate, among certificates: [RemindedCertificate]) -> Bool {
        isEnabled && !certificates.contains { $0.replaces(certificate) }
    }

    /// The rung to tell at `now`: the newest one due, unless it was told (it or a later one) or is snoozed.
    private func dueRung(of certificate: RemindedCertificate, at now: Int64) -> Int? {
        guard now >= certificate.snoozedUntil, let rung = ladder.newestDue(for: certificate.validity, at: now)
        else { return nil }
        let snoozeEnded = certificate.snoozedUntil != 0
        return snoozeEnded || !certificate.told(at: now).contains { $0 <= rung } ? rung : nil
    }

    /// The first instant after `now` at which `dueRung` gives a rung that it does not give now, if nobody acts.
    private func nextReminder(of certificate: RemindedCertificate, after now: Int64) -> Int64? {
        let validity = certificate.validity
        let starts = ladder.rungs.map { max(ladder.instant(of: $0, for: validity), validity.notBefore) }
        let instants = Set(starts.map { max($0, certificate.snoozedUntil) } + [certificate.snoozedUntil])
        return instants.filter { $0 > now }.sorted().first {
            dueRung(of: certificate, at: $0) != nil
                && dueRung(of: certificate, at: $0) != dueRung(of: certificate, at: now)
        }
    }
}
