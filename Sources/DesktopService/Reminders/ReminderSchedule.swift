// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// The due reminders, by the planner, for the known certificates.
///
/// A value that keeps nothing between two questions, so that a sleep, a restart or a clock that was set leads to the right state by asking
/// again. Reminders are about the certificates that a person signs with; the phases are those of all.
struct ReminderSchedule {
    let planner: ReminderPlanner

    /// The reminders that were announced, were not shown, and still hold.
    func unseen(among known: [KnownCertificate], at now: Int64) -> [Reminder] {
        let unseen = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.remindersUnseen.min()) })
        return standing(among: known, at: now).filter { unseen[$0.certificate] == $0.threshold }
    }

    /// The reminders that were announced and still hold.
    func standing(among known: [KnownCertificate], at now: Int64) -> [Reminder] {
        known.filter(\.qualified).compactMap { certificate in
            let reminded = certificate.reminded
            guard let threshold = reminded.shown(at: now).min(),
                planner.ladder.newestDue(for: certificate.validity, at: now) == threshold,
                now >= certificate.snoozedUntil, concerns(certificate, among: known)
            else { return nil }
            return Reminder(
                certificate: certificate.id, threshold: threshold, daysLeft: certificate.validity.daysLeft(at: now),
                supersedes: planner.ladder.thresholds.filter { $0 >= threshold })
        }
    }

    /// Whether a reminder of this certificate has no point any more: a newer one of the same person is known, or a clock that was set back
    /// has taken the reason away.
    func isMoot(_ id: String, among known: [KnownCertificate], at now: Int64) -> Bool {
        guard let certificate = known.first(where: { $0.id == id }) else { return true }
        return !concerns(certificate, among: known)
            || planner.ladder.newestDue(for: certificate.validity, at: now) == nil
    }

    private func concerns(_ certificate: KnownCertificate, among known: [KnownCertificate]) -> Bool {
        planner.concerns(certificate.reminded, among: known.filter(\.qualified).map(\.reminded))
    }

    func phase(of validity: Validity, at now: Int64) -> Phase { planner.window.phase(of: validity, at: now) }

    /// The reminders due at `now`, soonest end first, and when to look again.
    func plan(for known: [KnownCertificate], at now: Int64) -> ReminderPlan {
        let plan = planner.plan(for: known.filter(\.qualified).map(\.reminded), at: now)
        let phases = known.compactMap { planner.window.nextChange(of: $0.validity, after: now) }
        return ReminderPlan(due: plan.due, next: ([plan.next].compactMap(\.self) + phases).min())
    }
}

extension KnownCertificate {
    var validity: Validity { Validity(notBefore: notBefore, notAfter: notAfter) }

    /// The planner's view of a certificate.
    fileprivate var reminded: RemindedCertificate {
        RemindedCertificate(
            id: id, identityKey: identityKey, isQualified: qualified, validity: validity, shown: remindersShown,
            snoozedUntil: snoozedUntil)
    }
}
