// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The desktop service, as a story: a card came, so …; an approval has ended, so ….
//
// All knowledge lives in objects that know nothing of each other. Each owns its state and reports changes of it as values; this actor
// decides what follows for the others (docs/decisions/0019). All of it happens on the bus loop, in the order of the reports.

internal import Bus
internal import BusContract
internal import Cards
internal import EOnayCore
public import EventLoops
internal import JobFrames
internal import Jobs
internal import Store
internal import SystemBasics
internal import Texts

/// The desktop service.
public actor Service {
    public nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let jobs: any JobLauncher
    let alarm: any Alarm
    let bus: Connection
    let log: Log
    let scheduler: any Scheduler

    let settings: Settings
    let journal: Journal
    let registry = CertificateRegistry()
    let cards: Cards
    let reminders: Reminders
    let revocations: Revocations
    let approvals: Approvals
    let pinOperations: PINOperations
    let notices: Notices
    let objects: BusObjects
    let lifecycle = Lifecycle()
    let tidying: Tidying
    let command: EventCommand
    let stateRequest: StateRequest
    let addresses = OpenAddresses()
    let forgetting = Forgetting()

    /// Makes the objects, and does nothing yet: `start()` does. One object reads another by a closure that is made here.
    public init(_ parts: ServiceParts) {
        (loop, jobs, alarm, bus, log) = (parts.loop, parts.jobs, parts.alarm, parts.bus, parts.log)
        let (scheduler, registry) = (LoopScheduler(parts.loop), registry)
        let settings = Settings(
            parts.configuration, issues: parts.configurationIssues, texts: parts.texts,
            source: parts.configurationSource, log: log)
        let journal = Journal(parts.store, scheduler: scheduler, clock: alarm, log: log)
        let cards = Cards(
            parts.cards, reading: CardReading(jobs: jobs, configuration: .init(parts.configuration)),
            session: SessionWatch(parts.systemBus, scheduler: scheduler), scheduler: scheduler, log: log)
        let (shared, clock) = (SharedAlarm(alarm), alarm)
        let reminders = Reminders(parts.configuration.reminderPlanner, alarm: shared.part()) {
            registry.listed.map(\.known)
        }
        let revocations = Revocations(
            .init(parts.configuration), alarm: shared.part(), scheduler: scheduler, jobs: jobs, log: log
        ) { id in
            // Two services would ask, and tell, the same twice: only the one that can remember it does.
            !journal.isAnothers && registry[id].map { clock.now() < $0.validity.expiry } ?? false
        }
        let surroundings = ApprovalSurroundings(
            scheduler: scheduler, clock: alarm, jobs: jobs, callers: BusCallers(bus, ownDisplay: parts.ownDisplay),
            patience: parts.patience, log: log, settings: { (settings.configuration, settings.texts) },
            card: { CardSituation(for: $0, among: cards, registry) },
            unlockPage: { registry.page(\.unlockPage, of: $0, by: settings.configuration) })
        let approvals = Approvals(surroundings)
        let pinOperations = PINOperations(surroundings) { approvals.secondsToWait(for: $0) }
        approvals.isPINBeingSet = { pinOperations.uses($0) }
        notices = Notices(
            parts.notices, settings: { (settings.texts, settings.configuration.notificationsEnabled) },
            scheduler: scheduler, log: log)
        objects = BusObjects(
            on: bus,
            BusSources(
                version: parts.version, clock: alarm, settings: settings, journal: journal, registry: registry,
                cards: cards, reminders: reminders, revocations: revocations, approvals: approvals,
                pinOperations: pinOperations), log: log)
        (self.scheduler, self.settings, self.journal) = (scheduler, settings, journal)
        (self.cards, self.reminders, self.revocations) = (cards, reminders, revocations)
        (self.approvals, self.pinOperations) = (approvals, pinOperations)
        (tidying, stateRequest) = (Tidying(scheduler), StateRequest(scheduler))
        command = EventCommand(jobs, scheduler: scheduler, log: log) { settings.configuration.reminderCommand }
        journal.retention = {
            (settings.configuration.forgetAfterYears, Set(registry.order.filter { cards.token(holding: $0) != nil }))
        }
    }

    // MARK: - A card came, went, or was read

    func take(_ change: CardChange) {
        switch change {
        case .watcher(let hasNewState, let hasNewReaders):
            if hasNewState { objects.rootChanged(.watcherState, .watcherError) }
            if hasNewReaders { objects.rootChanged(.readers) }
        case .readiness:
            objects.rootChanged(.ready)
            if stateRequest.isWaiting, cards.isReady { showState() }
        case .inserted(let token):
            objects.add(token)
            notices.prepare()
        case .removed(let token, let certificates):
            objects.remove(token, with: certificates)
            notices.withdrawCard(token)
            approvals.cardWasRemoved(with: certificates)
            pinOperations.cardWasRemoved(token.number)
            leave(forgetting.areOut(certificates))
            revocations.cardIsOut(certificates)
        case .read(let token, let isNews): wasRead(token, isNews: isNews)
        case .failed(let token, let isNews):
            if isNews { notices.showTrouble(token) }
            objects.changed(token, [.error, .errorDetail, .heldBy, .moduleProblems, .driver, .driverPage])
        case .pinState(let token): objects.changed(token, [.pinState])
        case .settled:
            approvals.cardsChanged()
            tidying.later()
        }
    }

    private func wasRead(_ token: CardToken, isNews: Bool) {
        let succeeded = registry.take(token.description?.certificates ?? [], at: alarm.now())
        forgetting.wereRead(token.certificates)
        objects.wasRead(token)
        objects.changed(certificates: succeeded, .successor)
        if isNews, token.error != nil { notices.showTrouble(token) }
        // A reminder that is due says all that the card's notice would.
        if isNews, token.error == nil, journal.isAnothers || !reminders.areDue(token.certificates) {
            notices.showCard(token, subjects(on: token))
        }
        // A reminder is recorded with its certificate, so the certificate is written before the schedule is reviewed.
        journal.write(token.certificates.compactMap { registry[$0]?.known }) { forgotten in
            let bereft = self.registry.forget(forgotten)
            self.revocations.forget(forgotten)
            self.objects.removeCertificates(forgotten)
            self.objects.changed(certificates: bereft, .successor)
            self.reminders.review()
        }
        // A responder's answer is recorded with its certificate, too.
        revocations.cardIsIn(token.description?.answerable ?? [], isNew: isNews)
    }

    // MARK: - A responder has answered

    func take(_ change: RevocationChange) {
        switch change {
        case .answered(let certificate, let before, let now, let isNews):
            journal.write(now, of: certificate)
            objects.changed(certificates: [certificate], .revocationAsked)
            if now.state != before.state || now.since != before.since || now.reason != before.reason {
                objects.changed(certificates: [certificate], .revocation, .revocationSince, .revocationReason)
            }
            if now.state != before.state, isNews { announce(.revocation, of: [certificate]) }
            guard isNews, let known = registry[certificate]?.known else { return }
            notices.showRevocation(
                now, after: before, of: known,
                page: registry.page(\.openPage, of: certificate, by: settings.configuration))
        }
    }

    // MARK: - An approval began, went on, or ended

    func take(_ change: ApprovalChange) {
        switch change {
        case .began(let approval):
            objects.add(approval)
            statusChanged(of: approval)
        case .changed(let approval, let before):
            objects.changed(approval, since: before)
            if !approval.status.isOver { notices.showProgress(subject(approval)) }
        case .waits(let approval): notices.showProgress(subject(approval))
        case .ended(let approval, let end): ended(approval, end)
        case .forgotten(let approval):
            objects.remove(approval)
            journal.prune()
        case .write(let number, let write):
            journal.write(write) { self.approvals.wrote(write, of: number, isStored: $0) }
        case .revocationAnswered(let answer, let certificate): revocations.learn(answer, of: certificate)
        case .pinAccepted(let certificate): journal.writeRightPIN(cards.pinWasRight(for: certificate))
        case .pinWrong(let state, let certificate, let number, let event):
            journal.writeWrongPIN(cards.pinWasWrong(state, for: certificate)) {
                self.approvals.handle(event, of: number)
            }
        }
    }

    private func ended(_ approval: ApprovalView, _ end: ApprovalEnd) {
        let request = approval.request
        registry.note(end, of: approval)
        if end.filesRenewal(request), reminders.certificates.contains(request.certificate) { showReminder() }
        if end.outcome.result == .recorded { refreshReminder() }
        statusChanged(of: approval)
        objects.ended(approval, end)
        notices.showResult(subject(approval), end)
        cards.approvalEnded(with: request.certificate, because: end.outcome.failure?.error)
        tidying.later()
    }

    /// All certificates of its person show it.
    private func statusChanged(of approval: ApprovalView) {
        objects.changed(
            certificates: registry.certificates(with: approval.request.certificate, or: approval.identityKey), .approval
        )
    }

    // MARK: - A PIN was changed or unblocked, or not

    func take(_ change: PINOperationChange) {
        switch change {
        case .began(let operation): objects.add(operation)
        case .changed(let operation): objects.changed(operation)
        case .ended(let operation, let end):
            objects.ended(operation, end)
            // A caller that stays until the end tells its person itself.
            if !operation.isBound { notices.showPIN(operation, end, holder: holder(of: operation.certificate)) }
            cards.pinWasTried(on: operation.token)
            tidying.later()
        case .forgotten(let operation): objects.remove(operation)
        case .pinAccepted(let certificate): journal.writeRightPIN(cards.pinWasRight(for: certificate))
        case .pinWrong(let state, let certificate):
            journal.writeWrongPIN(cards.pinWasWrong(state, for: certificate)) {}
        case .prompt(let requester, let wasClosed): approvals.notePrompt(of: requester, wasClosed: wasClosed)
        }
    }

    // MARK: - A reminder is due, or was seen

    func take(_ change: ReminderChange) {
        switch change {
        case .phases(let ids):
            objects.changed(certificates: ids, .phase, .hindrances)
            announce(.phase, of: ids)
        case .due(let reminders, let canBeSeen): areDue(reminders, canBeSeen: canBeSeen)
        case .notice: showReminder()
        case .seen(let reminders): journal.write(reminders, seen: true)
        case .unseen(let reminders): journal.takeBack(reminders)
        }
    }

    private func areDue(_ due: [Reminder], canBeSeen: Bool) {
        registry.note(due, at: alarm.now())
        // Two services would remind of the same twice: only the one that can remember it does.
        guard !journal.isAnothers else { return }
        objects.changed(certificates: due.map(\.certificate), .snoozedUntil)
        journal.write(due, seen: canBeSeen) { isStored in
            let reminders = due.filter { $0.threshold != Reminder.handover }
            for reminder in reminders {
                guard let known = self.registry[reminder.certificate]?.known else { continue }
                self.objects.remind(reminder, notAfter: known.notAfter)
            }
            self.reminders.announce(due, areRecorded: canBeSeen && isStored)
            self.announce(.handover, of: due.filter { $0.threshold == Reminder.handover }.map(\.certificate))
            self.announce(.reminder, of: reminders.map(\.certificate))
        }
    }

    // MARK: - A notice was shown, or a button pressed

    func take(_ change: NoticeChange) {
        switch change {
        case .shown(let isReminder): reminders.presenterIsBack(reminderWasShown: isReminder)
        case .closed(let isReminder):
            if isReminder { reminders.wasClosed() }
            tidying.later()
        case .unavailable: reminders.couldNotBeShown()
        case .pressed(let action): press(action)
        case .reminderWasLeft: reminders.announceAgain()
        }
    }

    // MARK: - The record was read, lost, or is kept again

    func take(_ change: JournalChange) {
        switch change {
        case .loaded(let contents, let isReturning):
            registry.load(contents)
            approvals.load(contents.history)
            revocations.load(contents.revocations)
            cards.load(contents.pinStates, isAdding: isReturning)
            cards.use(salt: contents.identitySalt)
            if objects.hasBegun { objects.addCertificates(hasChanged: true) }
        case .recalled(let recalled):
            approvals.recall(recalled)
            if lifecycle.hasBegun { approvals.resume() }
        case .lost(let refusal):
            objects.rootChanged(.recordState)
            notices.showRefusal(refusal)
        case .kept:
            objects.rootChanged(.recordState)
            notices.withdrawRefusal()
        case .forgot(let ids): leave(ids)
        case .returned:
            journal.writeAll(registry.listed.map(\.known), cards.pinStates)
            for (certificate, known) in revocations.all { journal.write(known, of: certificate) }
            revocations.review()
            scheduler.task { await self.recallApprovals() }
        }
    }

    // MARK: - The configuration has changed

    /// A running approval goes on as it began; all that begins from now on follows the new configuration.
    func take(_ change: SettingsChange) {
        guard case .configuration(let before) = change else { return objects.rootChanged(.configurationIssues) }
        let now = settings.configuration
        if now.portals.map(\.origin) != before.portals.map(\.origin) { objects.rootChanged(.portals) }
        if now.renewalWindow != before.renewalWindow { objects.rootChanged(.renewalDays) }
        if now.remembers != before.remembers { log.notice("Remember in [Privacy] counts from the next start") }
        if now.reminderCommand != before.reminderCommand { command.configurationHasChanged() }
        cards.use(.init(now))
        if before.notificationsEnabled, !now.notificationsEnabled { notices.takeAllAway() }
        reminders.use(now.reminderPlanner)
        revocations.use(.init(now))
        let isBack = now.notificationsEnabled && !before.notificationsEnabled
        if isBack, !reminders.certificates.isEmpty { showReminder() } else { refreshReminder() }
        tidying.later()
    }
}
