// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store

/// What happens to certificates, for the journal and for the program of `[Reminders] Command`.
extension Service {
    /// Announces an event of certificates that reminders are about.
    func announce(_ event: CertificateEvent, of ids: [String]) {
        guard settings.configuration.remindersEnabled else { return }
        for known in ids.compactMap({ registry[$0]?.known }) where known.qualified {
            let facts = EventFacts(known, in: settings.configuration.renewalWindow, at: alarm.now())
            log.event(event, facts)
            command.run(for: event, facts)
        }
    }
}

extension EventFacts {
    init(_ known: KnownCertificate, in window: RenewalWindow, at now: Int64) {
        self.init(
            certificate: known.id, kind: CertificateKindWord.word(isQualified: known.qualified), issuer: known.issuer,
            notAfter: known.notAfter, daysLeft: known.validity.daysLeft(at: now),
            phase: window.phase(of: known.validity, at: now))
    }
}

extension Log {
    /// An event of a certificate, with its facts as fields.
    func event(_ event: CertificateEvent, _ facts: EventFacts) {
        let what =
            switch event {
            case .reminder: "a reminder is due"
            case .phase: "it is \(facts.phase.rawValue) now"
            }
        notice(
            "certificate \(facts.certificate.prefix(8)): \(what), days left: \(facts.daysLeft)",
            fields: facts.journalFields(of: event))
    }
}
