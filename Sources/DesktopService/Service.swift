// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The desktop service, as a story: a card came, so …; an approval has ended, so ….
//
// All knowledge lives in objects that know nothing of each other. Each owns its state, and reports what happened to it as a value; here it
// is decided what follows for the others (docs/decisions/0019). All of it happens on the bus loop, in the order of the reports.

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
    let registry: CertificateRegistry
    let cards: Cards
    let reminders: Reminders
    let approvals: Approvals
    let notices: Notices
    let objects: BusObjects

    /// The name is owned, and things happen by themselves.
    private var hasBegun = false
    private var isEnding = false
    /// `stop()` has come to its end, and who waits for that besides its first caller.
    private var hasEnded = false
    private var whenEnded: [CheckedContinuation<Void, Never>] = []
    private var tidyTimer: (any Cancellable)?

    /// Does nothing yet: `start()` does.
    public init(_ parts: ServiceParts) {
        (loop, jobs, alarm, bus, log) = (parts.loop, parts.jobs, parts.alarm, parts.bus, parts.log)
        let made = ServiceObjects(parts)
        (scheduler, settings, journal, registry) = (made.scheduler, made.settings, made.journal, made.registry)
        (cards, reminders, approvals) = (made.cards, made.reminders, made.approvals)
        (notices, objects) = (made.notices, made.objects)
    }

    // MARK: - From the start to the end

    /// Reads the record and puts everything on the bus. The name is the caller's to own, afterwards, and then `begin()` to call. A record that
    /// cannot be kept or read is told by `RecordState`.
    ///
    /// - Parameter isWelcome: whether the service may run beside another one that keeps the record, which it then only reads.
    /// - Throws: `StoreError` `.inUse` where it may not; what the bus says.
    public func start(besideAnother isWelcome: Bool = true) async throws {
        // The objects live as long as the service: each holds it by its reports.
        settings.report = { self.take($0) }
        journal.report = { self.take($0) }
        cards.report = { self.take($0) }
        reminders.report = { self.take($0) }
        approvals.report = { self.take($0) }
        notices.report = { self.take($0) }
        try await journal.open(besideAnother: isWelcome)
        guard !isEnding else { return }
        try objects.begin(calls)
        for certificate in registry.listed { objects.add(certificate) }
        await recallApprovals()
    }

    /// Begins to watch cards and the clock: from now on things happen by themselves, and who listens to the name hears all of them.
    ///
    /// Throws `SystemError` where the system has no timer to spare.
    public func begin() throws {
        guard !isEnding else { return }
        hasBegun = true
        // The alarm rang, the clock was set, or the machine has slept: nothing is believed, everything is asked again.
        try alarm.start(on: loop) { [weak self] in
            self?.assumeIsolated {
                $0.reminders.review()
                $0.cards.lookAgain()
            }
        }
        bus.onBurst { [weak self] in self?.assumeIsolated { $0.tidyLater() } }
        notices.start()
        settings.watch(on: loop)
        cards.start(on: loop)
        approvals.resume()
        reminders.announceUnseen()
        reminders.review()
        journal.prune()
        tidyLater()
    }

    /// Ends what runs: approvals that nothing was submitted for are cancelled, the others go on at the next start.
    ///
    /// Returns once what is known is on disk; the bus is still there then, to be closed after it. A second call waits for the first.
    public func stop() async {
        guard !isEnding else {
            if !hasEnded { await withCheckedContinuation { whenEnded.append($0) } }
            return
        }
        isEnding = true
        journal.hurry()
        approvals.end()
        settings.stop()
        tidyTimer?.cancel()
        reminders.end()
        await cards.end()
        await journal.close()
        hasEnded = true
        for continuation in whenEnded { continuation.resume() }
        whenEnded = []
    }

    // MARK: - A card came, went, or was read

    private func take(_ change: CardChange) {
        switch change {
        case .watcher(let hasNewState, let hasNewReaders):
            if hasNewState { objects.rootChanged(.watcherState, .watcherError) }
            if hasNewReaders { objects.rootChanged(.readers) }
        case .readiness: objects.rootChanged(.ready)
        case .inserted(let token):
            objects.add(token)
            notices.prepare()
        case .removed(let token, let certificates):
            objects.remove(token)
            for id in registry.order where certificates.contains(id) {
                objects.certificateChanged(id, .present, .token)
            }
            notices.withdrawCard(token)
            approvals.cardWasRemoved(with: certificates)
        case .read(let token, let isNews): wasRead(token, isNews: isNews)
        case .failed(let token, let isNews):
            if isNews { notices.showTrouble(token) }
            objects.changed(token, [.error, .errorDetail, .heldBy, .moduleProblems])
        case .pinState(let token): objects.changed(token, [.pinState])
        case .settled:
            approvals.cardsChanged()
            tidyLater()
        }
    }

    private func wasRead(_ token: CardToken, isNews: Bool) {
        registry.take(token.description?.certificates ?? [], at: alarm.now())
        for id in token.certificates {
            guard let certificate = registry[id], !objects.add(certificate) else { continue }
            objects.certificateChanged(id, .present, .token, .hindrances, .phase)
        }
        objects.changed(token, TokenInterface.Property.allCases.filter { $0 != .reader && $0 != .atr })
        if isNews { token.error == nil ? notices.showCard(token, subjects(on: token)) : notices.showTrouble(token) }
        // A reminder is recorded with its certificate, so the certificate is written before the schedule is reviewed.
        let known = token.certificates.compactMap { registry[$0]?.known }
        journal.write("a card's certificates") {
            try await $0.remember(known)
        } done: { forgotten in
            self.registry.forget(forgotten ?? [])
            for id in forgotten ?? [] { self.objects.removeCertificate(id) }
            self.reminders.review()
        }
    }

    // MARK: - An approval began, went on, or ended

    private func take(_ change: ApprovalChange) {
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
            journal.write(write.what) {
                try await write.write(to: $0)
            } done: {
                self.approvals.wrote(write, of: number, isStored: $0 != nil)
            }
        case .pinAccepted(let certificate):
            let certificates = cards.pinWasRight(for: certificate)
            if !certificates.isEmpty { journal.remember("the right PIN") { try await $0.pinWasRight(certificates) } }
        case .pinWrong(let state, let certificate, let number, let event):
            let (states, now) = (cards.pinWasWrong(state, for: certificate), alarm.now())
            journal.write("a wrong PIN") { store in
                for (id, state) in states { try await store.pinWasWrong([id], state: state.rawValue, at: now) }
            } done: { _ in
                self.approvals.handle(event, of: number)
            }
        }
    }

    private func ended(_ approval: ApprovalView, _ end: ApprovalEnd) {
        let (request, outcome) = (approval.request, end.outcome)
        let (isRecorded, error) = (outcome.result == .recorded, outcome.failure?.error)
        if isRecorded, let decision = approval.historyEntry(end) { registry.record(decision) }
        if request.kind == .renew, isRecorded || error == .alreadyFiled {
            registry.noteFiledRenewal(of: request.certificate)
            if reminders.certificates.contains(request.certificate) { showReminder() }
        }
        if isRecorded { refreshReminder() }
        statusChanged(of: approval)
        objects.ended(approval, end)
        notices.showResult(subject(approval), end)
        // A wrong PIN changes what the card says of its PIN, and which program holds it is shown on its object.
        let news: [ErrorName] = [.pinIncorrect, .pinLocked, .pinFinalTry, .pinChangeRequired, .tokenBusy]
        let state = cards.token(holding: request.certificate)?.pinState ?? .unknown
        if (state != .ok && state != .unknown) || error.map(news.contains) == true {
            cards.readAgain(request.certificate)
        }
        tidyLater()
    }

    /// All certificates of its person show it.
    private func statusChanged(of approval: ApprovalView) {
        for id in registry.certificates(with: approval.request.certificate, or: approval.identityKey) {
            objects.certificateChanged(id, .approval)
        }
    }

    // MARK: - A reminder is due, or was seen

    private func take(_ change: ReminderChange) {
        let now = alarm.now()
        switch change {
        case .phases(let ids): for id in ids { objects.certificateChanged(id, .phase, .hindrances) }
        case .due(let reminders, let canBeSeen):
            for reminder in reminders { registry.settle(reminder, at: now) }
            // Two services would remind of the same twice: it is for the one that can remember it.
            guard !journal.isAnothers else { return }
            for reminder in reminders { objects.certificateChanged(reminder.certificate, .snoozedUntil) }
            write(reminders, seen: canBeSeen) { isStored in
                for reminder in reminders {
                    guard let known = self.registry[reminder.certificate]?.known else { continue }
                    self.objects.remind(reminder, notAfter: known.notAfter)
                }
                self.reminders.announce(reminders, areRecorded: canBeSeen && isStored)
            }
        case .notice: showReminder()
        case .seen(let reminders): write(reminders, seen: true) { _ in }
        case .unseen(let reminders):
            journal.remember("that a reminder was not shown") { store in
                for reminder in reminders {
                    try await store.reminderNotShown(certificate: reminder.certificate, threshold: reminder.threshold)
                }
            }
        }
    }

    private func write(_ reminders: [Reminder], seen: Bool, done: @escaping (Bool) -> Void) {
        let now = alarm.now()
        journal.write("a reminder") { store in
            for reminder in reminders {
                try await store.remindersTold(
                    certificate: reminder.certificate, thresholds: reminder.supersedes, at: now, seen: seen)
            }
        } done: {
            done($0 != nil)
        }
    }

    // MARK: - A notice was shown, or a button pressed

    private func take(_ change: NoticeChange) {
        switch change {
        case .shown(let isReminder): reminders.presenterIsBack(reminderWasShown: isReminder)
        case .reminderClosed: reminders.wasClosed()
        case .unavailable: reminders.couldNotBeShown()
        case .pressed(let action): press(action)
        }
    }

    // MARK: - The record was read, lost, or is kept again

    private func take(_ change: JournalChange) {
        switch change {
        case .loaded(let contents, let isReturning):
            registry.load(contents)
            approvals.load(contents.history)
            cards.load(contents.pinStates, isAdding: isReturning)
            cards.use(salt: contents.identitySalt)
            guard objects.hasBegun else { return }
            for certificate in registry.listed {
                objects.add(certificate)
                objects.certificateChanged(certificate.known.id, .approval, .snoozedUntil)
            }
        case .recalled(let recalled):
            approvals.recall(recalled)
            if hasBegun { approvals.resume() }
        case .lost(let refusal):
            objects.rootChanged(.recordState)
            notices.showRefusal(refusal)
        case .kept:
            objects.rootChanged(.recordState)
            notices.withdrawRefusal()
        case .returned:
            let (known, states, now) = (registry.listed.map(\.known), cards.pinStates, alarm.now())
            journal.remember("what was known before") { try await $0.remember(known, states, at: now) }
            scheduler.task { await self.recallApprovals() }
        }
    }

    private func recallApprovals() async {
        await journal.recall(objectsSince: alarm.now() - Approvals.afterlife, atMost: Approvals.mostEnded)
    }

    // MARK: - The configuration has changed

    /// A running approval goes on as it began; all that begins from now on follows the new configuration.
    private func take(_ change: SettingsChange) {
        guard case .configuration(let before) = change else { return objects.rootChanged(.configurationIssues) }
        let now = settings.configuration
        if now.portals.map(\.origin) != before.portals.map(\.origin) { objects.rootChanged(.portals) }
        if now.renewalWindow != before.renewalWindow { objects.rootChanged(.renewalDays) }
        cards.use(.init(now))
        if before.notificationsEnabled, !now.notificationsEnabled { notices.takeAllAway() }
        reminders.use(now.reminderPlanner)
        let isBack = now.notificationsEnabled && !before.notificationsEnabled
        if isBack, !reminders.certificates.isEmpty { showReminder() } else { refreshReminder() }
        tidyLater()
    }

    // MARK: - It has become quiet

    /// Gives back the memory that a start, a card, an approval or many calls needed for a moment: the service then sits there all day.
    func tidyLater() {
        tidyTimer?.cancel()
        guard !isEnding else { return }
        tidyTimer = scheduler.timer(after: .seconds(2)) {
            self.bus.endBurst()
            self.scheduler.task {
                await self.journal.tidy()
                Heap.trim()
            }
        }
    }
}
