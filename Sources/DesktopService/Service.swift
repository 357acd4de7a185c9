// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Bus
internal import BusContract
internal import Cards
internal import EOnayCore
public import EventLoops
internal import JobFrames
internal import Store
internal import SystemBasics
internal import Texts

// The service in one piece: an actor on the bus loop that holds what is known and decides what happens. It answers calls from memory,
// lets jobs do what takes time, and comes back here with each result. After every `await` the world may have changed: the card may be
// out, the approval cancelled, the service ending; so each continuation first looks whether what it belongs to is still there.
//
// Service+Cards      cards come and go, jobs read them; Service+Modules sees drivers come
// Service+Reminders  phases, reminders, snoozes
// Service+Notices    what is shown, and what a person does with it
// Service+Approvals  approvals begin, go on and end; Service+ApprovalEvents does what their machine says
// Service+…Object    what the bus sees
// Service+Record     the record on disk, and what happens without it
// Service+Configuration  the configuration changes
// Service+Tidying    memory given back when it is quiet

/// The desktop service.
public actor Service {
    public nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    var parts: ServiceParts
    let registry = CertificateRegistry()
    let cards: Cards
    var reminders: ReminderSchedule

    /// Approvals whose objects stand, by number.
    var approvals: [Int64: Approval] = [:]
    var handleTokens = HandleTokens()
    /// Programs whose prompts were closed.
    var deferral = PromptDeferral()
    var history: [HistoryEntry] = []
    let journal: Journal
    let scheduler: any Scheduler
    /// The reminder that stands on the board, or waits for one.
    var reminderNotice: ReminderNotice?
    /// Nothing can be shown at the moment; a board tells so once.
    var isPresenterAway = false
    /// Notices whose buttons may still be pressed, by key.
    var notices: [String: Notice] = [:]
    /// Phases as the bus was last told, to tell a change.
    var toldPhases: [String: Phase] = [:]
    var forgetTimer: LoopTimer?
    var tidyTimer: LoopTimer?
    /// The name is owned, and things happen by themselves.
    private(set) var hasBegun = false
    var isEnding = false
    /// `stop()` has come to its end, and who waits for that besides its first caller.
    private var hasEnded = false
    private var whenEnded: [CheckedContinuation<Void, Never>] = []

    /// Does nothing yet: `start()` does.
    public init(_ parts: ServiceParts) {
        loop = parts.loop
        self.parts = parts
        scheduler = LoopScheduler(parts.loop)
        journal = Journal(parts.store, scheduler: scheduler, clock: parts.alarm, log: parts.log)
        cards = Cards(
            parts.cards, reading: CardReading(jobs: parts.jobs, configuration: .init(parts.configuration)),
            session: SessionWatch(parts.systemBus, scheduler: scheduler), scheduler: scheduler, log: parts.log)
        reminders = ReminderSchedule(planner: parts.configuration.reminderPlanner, registry: registry)
    }

    /// Reads the record and puts everything on the bus. The name is the caller's to own, afterwards, and then `begin()` to call. A record that
    /// cannot be kept or read is told by `RecordState`.
    ///
    /// - Parameter isWelcome: whether the service may run beside another one that keeps the record, which it then only reads.
    /// - Throws: `StoreError` `.inUse` where it may not; what the bus says.
    public func start(besideAnother isWelcome: Bool = true) async throws {
        cards.report = { [weak self] change in self?.assumeIsolated { $0.take(change) } }
        journal.report = { [weak self] change in self?.assumeIsolated { $0.take(change) } }
        try await journal.open(besideAnother: isWelcome)
        guard !isEnding else { return }
        try exportRoot()
        for id in registry.order { try exportCertificate(id) }
        await recallApprovals()
    }

    /// Begins to watch cards and the clock: from now on things happen by themselves, and who listens to the name hears all of them.
    ///
    /// Throws `SystemError` where the system has no timer to spare.
    public func begin() throws {
        guard !isEnding else { return }
        hasBegun = true
        let wake: @Sendable () -> Void = { [weak self] in self?.assumeIsolated { $0.clockMoved() } }
        try parts.alarm.start(on: loop, handler: wake)
        task { for await event in self.parts.notices.events { self.take(event) } }
        parts.bus.onBurst { [weak self] in self?.assumeIsolated { $0.tidyLater() } }
        watchConfiguration()
        cards.start(on: loop)
        resumeApprovals()
        showUnseenReminders()
        review()
        prune()
        tidyLater()
    }

    /// Ends what runs: approvals that nothing was submitted for are cancelled, the others go on at the next start.
    ///
    /// Returns once what is known is on disk; the bus is still there then, to be closed after it. Another program's lock on the record is
    /// waited for no longer than `farewell`. A second call waits for the first.
    public func stop() async {
        guard !isEnding else {
            if !hasEnded { await withCheckedContinuation { whenEnded.append($0) } }
            return
        }
        isEnding = true
        journal.hurry()
        for approval in approvals.values.sorted(by: { $0.number < $1.number }) {
            handle(.serviceEnding, of: approval)
            if !approval.hasEnded { approval.abandon() }
        }
        parts.alarm.stop()
        tidyTimer?.cancel()
        parts.configurationSource?.stop()
        await cards.end()
        takeBackUnseenReminders()
        await journal.close()
        hasEnded = true
        for continuation in whenEnded { continuation.resume() }
        whenEnded = []
    }

    /// Begins a task that stays on the loop, also when what it waited for comes from another thread.
    ///
    /// Without the preference, a resumed continuation would go by way of Swift's global pool (see `EventLoop`).
    func task(_ work: @escaping () async -> Void) {
        Task { await withTaskExecutorPreference(loop.tasks) { await work() } }
    }

    /// Has something written, then `done` called here with whether it was. The service does not end before.
    func write(
        _ what: String, _ work: @escaping @Sendable (Store) async throws -> Void,
        done: @escaping @Sendable (isolated Service, Bool) -> Void
    ) {
        journal.write(what, work) { done(self, $0 != nil) }
    }

    private func take(_ change: JournalChange) {
        switch change {
        case .loaded(let contents, let isReturning): load(contents, isReturning: isReturning)
        case .recalled(let recalled): recall(recalled)
        case .lost(let refusal):
            rootChanged([.recordState])
            showRefusal(refusal)
        case .kept:
            rootChanged([.recordState])
            withdraw(NoticeTexts.refusalKey)
            handleTokens.prune(at: parts.alarm.now())
        case .returned: writeDownWhatIsKnown()
        }
    }

    private func load(_ contents: JournalContents, isReturning: Bool) {
        registry.load(contents)
        history = contents.history
        cards.load(contents.pinStates, isAdding: isReturning)
        cards.use(salt: contents.identitySalt)
        guard hasBegun else { return }
        for id in registry.order {
            if toldPhases[id] == nil { announceCertificate(id) }
            certificateChanged(id, [.approval, .snoozedUntil])
        }
    }

    private func writeDownWhatIsKnown() {
        let (known, states, now) = (registry.listed.map(\.known), cards.pinStates, parts.alarm.now())
        journal.remember("what was known before") { store in
            try await store.remember(known)
            for certificate in known where !certificate.remindersTold.isEmpty {
                for (threshold, time) in certificate.remindersTold {
                    try await store.remindersTold(
                        certificate: certificate.id, thresholds: [threshold], at: time,
                        seen: !certificate.remindersUnseen.contains(threshold))
                }
                _ = try await store.snooze(certificate: certificate.id, until: certificate.snoozedUntil)
            }
            for (id, state) in states { try await store.pinWasWrong([id], state: state.rawValue, at: now) }
        }
        task { await self.recallApprovals() }
    }

    private func take(_ change: CardChange) {
        switch change {
        case .watcher(let hasNewState, let hasNewReaders):
            rootChanged((hasNewState ? [.watcherState, .watcherError] : []) + (hasNewReaders ? [.readers] : []))
        case .inserted(let token):
            export(token)
            prepareToShow()
        case .removed(let token, let certificates): removed(token, certificates)
        case .read(let token, let isNews): known(token, isNews: isNews)
        case .failed(let token, let isNews):
            if isNews { showTrouble(token) }
            tokenChanged(token, [.error, .errorDetail, .heldBy, .moduleProblems])
        case .pinState(let token): tokenChanged(token, [.pinState])
        case .settled:
            tidyLater()
            cardsChanged()
        case .readiness: rootChanged([.ready])
        }
    }

    private func removed(_ token: CardToken, _ certificates: [String]) {
        parts.bus.unexport(Self.tokenPath(token.number))
        for id in registry.order where certificates.contains(id) { certificateChanged(id, [.present, .token]) }
        withdraw(NoticeTexts.cardKey(reader: token.reader))
        for approval in approvals.values where certificates.contains(approval.request.certificate) {
            handle(.tokenRemoved, of: approval)
        }
    }

    private func known(_ token: CardToken, isNews: Bool) {
        let fresh = registry.take(token.description?.certificates ?? [], at: parts.alarm.now())
        for id in token.certificates {
            if fresh.contains(id) {
                announceCertificate(id)
            } else {
                certificateChanged(id, Self.certificateProperties)
            }
        }
        tokenChanged(token, Self.tokenProperties)
        if isNews { token.error == nil ? showCard(token) : showTrouble(token) }
        // What was told of a certificate is kept with it, so it is written down before what is due is looked at.
        let known = token.certificates.compactMap { registry[$0]?.known }
        journal.write("a card's certificates") {
            try await $0.remember(known)
        } done: { forgotten in
            self.registry.forget(forgotten ?? [])
            for id in forgotten ?? [] { self.parts.bus.unexport(Self.certificatePath(id)) }
            self.review()
        }
    }

    /// What memory knows for an approval with this certificate; nil while its card is out or not read.
    func facts(for certificate: String) -> ApprovalFacts? {
        guard let entry = registry[certificate], let token = cards.token(holding: certificate) else { return nil }
        return ApprovalFacts(
            validity: entry.validity,
            hindrances: entry.known.hindrances.map { ErrorName(rawValue: $0) ?? .notQualified },
            pinState: token.pinState)
    }

    /// A wrong PIN was entered, and left the card in this state. `done` is called once that is on disk, or could not be kept.
    func pinWasWrong(_ state: PINState, for approval: Approval, done: @escaping @Sendable (isolated Service) -> Void) {
        let (states, now) = (cards.pinWasWrong(state, for: approval.request.certificate), parts.alarm.now())
        write("a wrong PIN") { store in
            for (id, state) in states { try await store.pinWasWrong([id], state: state.rawValue, at: now) }
        } done: { service, _ in
            done(service)
        }
    }

    func pinWasRight(for approval: Approval) {
        let certificates = cards.pinWasRight(for: approval.request.certificate)
        if !certificates.isEmpty { journal.remember("the right PIN") { try await $0.pinWasRight(certificates) } }
    }

    func recallApprovals() async {
        await journal.recall(objectsSince: parts.alarm.now() - Self.afterlife, atMost: Self.mostEnded)
    }

    func prune() {
        handleTokens.prune(at: parts.alarm.now())
        journal.prune()
    }
}
