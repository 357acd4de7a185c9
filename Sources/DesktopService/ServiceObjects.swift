// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Store
import Texts

/// Makes the service's objects. One reads another by a closure that is made here, so none holds a sibling.
struct ServiceObjects {
    let scheduler: LoopScheduler
    let settings: Settings
    let journal: Journal
    let registry: CertificateRegistry
    let cards: Cards
    let reminders: Reminders
    let approvals: Approvals
    let notices: Notices
    let objects: BusObjects

    init(_ parts: ServiceParts) {
        let (alarm, log) = (parts.alarm, parts.log)
        let scheduler = LoopScheduler(parts.loop)
        let registry = CertificateRegistry()
        let settings = Settings(
            parts.configuration, issues: parts.configurationIssues, texts: parts.texts,
            source: parts.configurationSource, log: log)
        let journal = Journal(parts.store, scheduler: scheduler, clock: alarm, log: log)
        let cards = Cards(
            parts.cards, reading: CardReading(jobs: parts.jobs, configuration: .init(parts.configuration)),
            session: SessionWatch(parts.systemBus, scheduler: scheduler), scheduler: scheduler, log: log)
        let reminders = Reminders(parts.configuration.reminderPlanner, alarm: alarm) { registry.listed.map(\.known) }
        let approvals = Approvals(
            ApprovalSurroundings(
                scheduler: scheduler, clock: alarm, jobs: parts.jobs,
                callers: BusCallers(parts.bus, ownDisplay: parts.ownDisplay), patience: parts.patience, log: log,
                settings: { (settings.configuration, settings.texts) },
                card: { Self.situation(of: $0, cards, registry) }))
        (self.scheduler, self.registry, self.settings, self.journal) = (scheduler, registry, settings, journal)
        (self.cards, self.reminders, self.approvals) = (cards, reminders, approvals)
        notices = Notices(
            parts.notices, settings: { (settings.texts, settings.configuration.notificationsEnabled) },
            scheduler: scheduler, log: log)
        objects = BusObjects(
            on: parts.bus,
            BusSources(
                version: parts.version,
                settings: { (settings.configuration, settings.issues, settings.texts) },
                watcher: {
                    BusSources.Watcher(
                        state: cards.state, error: cards.watcherError, readers: cards.readers, isReady: cards.isReady)
                },
                recordState: { journal.state }, token: { cards.token($0) },
                holder: { cards.token(holding: $0)?.number }, certificates: { registry.listed },
                certificate: { registry[$0] }, decision: { registry.decision(for: $0) },
                isDeciding: { approvals.isDeciding($0.known.id, of: $0.known.identityKey) },
                phase: { reminders.phase(of: $0) }, approval: { approvals[$0] }, history: { approvals.history },
                now: { alarm.now() }),
            log: log)
    }

    /// How things stand in the readers for an approval with this certificate.
    private static func situation(
        of certificate: String, _ cards: Cards, _ registry: CertificateRegistry
    ) -> CardSituation {
        var situation = CardSituation(isReading: cards.isReading, absence: cards.absence)
        if let entry = registry[certificate], let token = cards.token(holding: certificate) {
            let facts = ApprovalFacts(
                validity: entry.validity, hindrances: entry.hindrances, pinState: token.pinState)
            situation.card = CardSituation.Card(facts: facts, token: token, rivals: cards.rivals(of: token))
        }
        return situation
    }
}
