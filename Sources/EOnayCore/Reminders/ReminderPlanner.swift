// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Decides which reminders are due and when to look again: a pure function of what is known and what time it is.
///
/// It holds no state, so a suspend, a restart or a clock that was set cannot make it wrong: ask it again. A threshold is shown once.
/// After a long pause only the newest one that is due is shown, and it supersedes the earlier ones. A reminder shown at a time that still
/// lies ahead (the clock was ahead, and was set back) does not count. A snooze puts off the reminders that fall due during it; at its end
/// the reminder returns, as the person asked. There are no reminders of a certificate that a newer one of the same person replaces.
public struct ReminderPlanner: Sendable, Equatable {
    public let ladder: ReminderLadder
    public let window: RenewalWindow
    /// False: no reminders; `next` still gives the next change of a phase.
    public let isEnabled: Bool

    public init(ladder: ReminderLadder = .usual, window: RenewalWindow = .usual, isEnabled: Bool = true) {
        self.ladder = ladder
        self.window = window
        self.isEnabled = isEnabled
    }

    /// The plan at `now` (UTC seconds), given everything that is known.
    public func plan(for certificates: [RemindedCertificate], at now: Int64) -> ReminderPlan {
        let reminded = certificates.filter { concerns($0, among: certificates) }
        let due = reminded.compactMap { certificate in
            dueThreshold(of: certificate, at: now).map { (certificate, $0) }
        }
        let byEnd = due.sorted {
            ($0.0.validity.notAfter, $0.0.id) < ($1.0.validity.notAfter, $1.0.id)
        }
        let instants =
            reminded.compactMap { nextReminder(of: $0, after: now) }
            + certificates.compactMap { window.nextChange(of: $0.validity, after: now) }
        return ReminderPlan(
            due: byEnd.map { certificate, threshold in
                Reminder(
                    certificate: certificate.id, threshold: threshold, daysLeft: certificate.validity.daysLeft(at: now),
                    supersedes: ladder.thresholds.filter { $0 >= threshold })
            },
            next: instants.min())
    }

    /// Whether a reminder of this one still has a point, given everything that is known.
    public func concerns(_ certificate: RemindedCertificate, among certificates: [RemindedCertificate]) -> Bool {
        isEnabled && !certificates.contains { $0.replaces(certificate) }
    }

    /// The threshold to show at `now`: the newest one due, unless it or a later one was shown, or reminders are snoozed.
    private func dueThreshold(of certificate: RemindedCertificate, at now: Int64) -> Int? {
        guard now >= certificate.snoozedUntil, let threshold = ladder.newestDue(for: certificate.validity, at: now)
        else { return nil }
        let snoozeEnded = certificate.snoozedUntil != 0
        return snoozeEnded || !certificate.told(at: now).contains { $0 <= threshold } ? threshold : nil
    }

    /// The first instant after `now` at which `dueThreshold` gives a threshold that it does not give now, if nobody acts.
    private func nextReminder(of certificate: RemindedCertificate, after now: Int64) -> Int64? {
        let validity = certificate.validity
        let starts = ladder.thresholds.map { max(ladder.instant(of: $0, for: validity), validity.notBefore) }
        let instants = Set(starts.map { max($0, certificate.snoozedUntil) } + [certificate.snoozedUntil])
        return instants.filter { $0 > now }.sorted().first {
            dueThreshold(of: certificate, at: $0) != nil
                && dueThreshold(of: certificate, at: $0) != dueThreshold(of: certificate, at: now)
        }
    }
}
