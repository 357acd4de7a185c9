// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// Tells the journal, and the program of `[Reminders] Command`, about events of certificates.
extension Service {
    /// Announces an event of certificates that reminders are about.
    func announce(_ event: CertificateEvent, of ids: [String]) {
        guard settings.configuration.remindersEnabled else { return }
        let kinds = settings.configuration.remindedKinds
        for known in ids.compactMap({ registry[$0]?.known }) where kinds.contains(known.use) {
            let facts = EventFacts(
                certificate: known.id, kind: known.use, issuer: known.issuer, notAfter: known.notAfter,
                daysLeft: known.validity.daysLeft(at: alarm.now()), phase: reminders.phase(of: known),
                successor: registry.successors[known.id] ?? "", revocation: revocations[known.id].state)
            log.event(event, facts)
            command.run(for: event, facts)
        }
    }
}

extension Log {
    /// An event of a certificate, with its facts as fields.
    func event(_ event: CertificateEvent, _ facts: EventFacts) {
        let what =
            switch event {
            case .reminder: "a reminder is due"
            case .phase: "it is \(facts.phase.rawValue) now"
            case .handover: "its successor is the one to use"
            case .revocation: "its responder says \(facts.revocation.rawValue)"
            }
        notice(
            "certificate \(facts.certificate.prefix(8)): \(what), days left: \(facts.daysLeft)",
            fields: facts.journalFields(of: event))
    }
}
