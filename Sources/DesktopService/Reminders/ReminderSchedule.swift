// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// The due reminders, by the planner, for the known certificates.
///
/// A value that keeps nothing between two questions, so that a sleep, a restart or a clock that was set leads to the right state by asking
/// again.
struct ReminderSchedule {
    let planner: ReminderPlanner

    /// The reminders that were announced, were not shown, and still hold.
    func unseen(among known: [KnownCertificate], at now: Int64) -> [Reminder] {
        let unseen = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.remindersUnseen.min()) })
        return standing(among: known, at: now).filter { unseen[$0.certificate] == $0.threshold }
    }

    /// The reminders that were announced and still hold.
    func standing(among known: [KnownCertificate], at now: Int64) -> [Reminder] {
        let holding = holding(among: known, at: now)
        return known.compactMap { certificate in
            guard let reminder = holding[certificate.id], now >= certificate.snoozedUntil,
                certificate.reminded.shown(at: now).min() == reminder.threshold
            else { return nil }
            return reminder
        }
    }

    /// The reminder of each certificate that has a point at `now`, by the certificate's id.
    func holding(among known: [KnownCertificate], at now: Int64) -> [String: Reminder] {
        planner.standing(for: known.map(\.reminded), at: now)
    }

    func phase(of certificate: KnownCertificate, at now: Int64) -> Phase {
        planner.phase(of: certificate.validity, by: certificate.issuedBy, at: now)
    }

    /// The reminders due at `now`, soonest end first, and when to look again.
    func plan(for known: [KnownCertificate], at now: Int64) -> ReminderPlan {
        planner.plan(for: known.map(\.reminded), at: now)
    }
}

extension KnownCertificate {
    var validity: Validity { Validity(notBefore: notBefore, notAfter: notAfter) }

    var issuedBy: Issuer { Issuer(issuer, key: issuerKey) }

    /// A kind that is unknown here, of a newer version's record, is another one.
    var use: CertificateKind { CertificateKind(rawValue: kind) ?? .other }

    /// The planner's view of a certificate.
    var reminded: RemindedCertificate {
        RemindedCertificate(
            id: id, identityKey: identityKey, isQualified: qualified, kind: use, issuer: issuedBy, validity: validity,
            firstSeen: firstSeen, shown: remindersShown, snoozedUntil: snoozedUntil)
    }
}
