// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// Knows what is due: asks the planner with what the registry holds.
///
/// Lives on the service's loop. It keeps nothing between two questions, so that a sleep, a restart or a clock that was set leads to the
/// right state by asking again.
final class ReminderSchedule {
    private let planner: ReminderPlanner
    private let registry: CertificateRegistry

    init(planner: ReminderPlanner, registry: CertificateRegistry) {
        self.planner = planner
        self.registry = registry
    }

    /// What was told and not shown, and still is how things stand.
    func unseen(at now: Int64) -> [Reminder] {
        registry.reminded.compactMap { certificate in
            guard let threshold = registry[certificate.id]?.known.remindersUnseen.min(),
                certificate.told(at: now).min() == threshold,
                planner.ladder.newestDue(for: certificate.validity, at: now) == threshold,
                now >= certificate.snoozedUntil, planner.concerns(certificate, among: registry.reminded)
            else { return nil }
            return Reminder(
                certificate: certificate.id, threshold: threshold, daysLeft: certificate.validity.daysLeft(at: now),
                supersedes: planner.ladder.thresholds.filter { $0 >= threshold })
        }
    }

    /// Whether a reminder of this certificate still has a point: no newer one of the same person is known.
    func concerns(_ id: String) -> Bool {
        registry[id].map { planner.concerns($0.reminded, among: registry.reminded) } ?? false
    }

    /// Whether there is anything to remind of at `now`: a clock that was set back may have taken the reason away.
    func isDue(_ id: String, at now: Int64) -> Bool {
        registry[id].map { planner.ladder.newestDue(for: $0.validity, at: now) != nil } ?? false
    }

    func phase(of validity: Validity, at now: Int64) -> Phase {
        planner.window.phase(of: validity, at: now)
    }

    /// What is due at `now`, soonest end first, and when to look again. All certificates' phases have a say in the latter; reminders are
    /// of those alone that a person signs with.
    func plan(at now: Int64) -> ReminderPlan {
        let plan = planner.plan(for: registry.reminded, at: now)
        let phases = registry.order.compactMap { registry[$0] }.compactMap {
            planner.window.nextChange(of: $0.validity, after: now)
        }
        return ReminderPlan(due: plan.due, next: ([plan.next].compactMap(\.self) + phases).min())
    }
}
