// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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

internal import Bus
internal import Cards
internal import EOnayCore
public import EventLoops
internal import JobFrames
internal import Store
internal import Texts

/// The desktop service.
public actor Service {
    public nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    var parts: ServiceParts
    var registry = CertificateRegistry()
    var reading: CardReading
    var reminders: ReminderSchedule

    var watcherState = CardSnapshot.Service.starting
    var readers: [ReaderName] = []
    /// `Ready` as the bus was last told.
    var toldReady = false
    /// The folders in which modules lie, and the timer that waits until an installation has gone on for a moment.
    var moduleWatch: FoldersWatch?
    var moduleFolders: [String] = []
    var moduleTimer: LoopTimer?
    var moduleDelay = ModuleDelay()
    /// By reader.
    var tokens: [ReaderName: CardToken] = [:]
    var lastTokenNumber: UInt64 = 0

    /// Approvals whose objects stand, by number.
    var approvals: [Int64: Approval] = [:]
    var handleTokens = HandleTokens()
    /// Programs whose prompts were closed.
    var deferral = PromptDeferral()
    var history: [HistoryEntry] = []
    /// What a wrong PIN left that no right one followed, by certificate.
    var seenPINStates: [String: PINState] = [:]
    var keeping = RecordKeeping()
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
    var logind: Connection?
    /// The name is owned, and things happen by themselves.
    private(set) var hasBegun = false
    var isEnding = false
    /// Writes to the store that have not come back, and who waits for the last of them.
    private var writes = 0
    private var whenWritten: CheckedContinuation<Void, Never>?
    /// `stop()` has come to its end, and who waits for that besides its first caller.
    private var hasEnded = false
    private var whenEnded: [CheckedContinuation<Void, Never>] = []

    /// What the end of the service has left for other programs' locks: systemd's patience is longer.
    private static let farewell = Duration.seconds(2)

    /// Does nothing yet: `start()` does.
    public init(_ parts: ServiceParts) {
        loop = parts.loop
        self.parts = parts
        reading = CardReading(jobs: parts.jobs, configuration: .init(parts.configuration), identitySalt: [])
        reminders = ReminderSchedule(planner: parts.configuration.reminderPlanner, registry: registry)
    }

    /// Reads the record and puts everything on the bus. The name is the caller's to own, afterwards, and then `begin()` to call. A record that
    /// cannot be kept or read is told by `RecordState`.
    ///
    /// - Parameter isWelcome: whether the service may run beside another one that keeps the record, which it then only reads.
    /// - Throws: `StoreError` `.inUse` where it may not; what the bus says.
    public func start(besideAnother isWelcome: Bool = true) async throws {
        try await openRecord(besideAnother: isWelcome)
        guard !isEnding else { return }
        try exportRoot()
        for id in registry.order { try exportCertificate(id) }
        try await recallApprovals()
    }

    /// Begins to watch cards and the clock: from now on things happen by themselves, and who listens to the name hears all of them.
    ///
    /// Throws `SystemError` where the system has no timer to spare.
    public func begin() throws {
        guard !isEnding else { return }
        hasBegun = true
        let wake: @Sendable () -> Void = { [weak self] in self?.assumeIsolated { $0.clockMoved() } }
        try parts.alarm.start(on: loop, handler: wake)
        watchModules()
        task { await self.reading.prepare() }
        task { for await snapshot in self.parts.cards.snapshots { self.take(snapshot) } }
        task { for await event in self.parts.notices.events { self.take(event) } }
        parts.bus.onBurst { [weak self] in self?.assumeIsolated { $0.tidyLater() } }
        watchConfiguration()
        parts.cards.start()
        resumeApprovals()
        showUnseenReminders()
        review()
        pruneRecord()
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
        parts.store.hurry(within: Self.farewell)
        for approval in approvals.values.sorted(by: { $0.number < $1.number }) {
            handle(.serviceEnding, of: approval)
            if !approval.hasEnded { approval.abandon() }
        }
        parts.alarm.stop()
        for token in tokens.values { token.retryTimer?.cancel() }
        stopWatchingModules()
        tidyTimer?.cancel()
        parts.configurationSource?.stop()
        await parts.cards.end()
        takeBackUnseenReminders()
        await logind?.close()
        if writes > 0 { await withCheckedContinuation { whenWritten = $0 } }
        await parts.store.close()
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

    /// Remembers without making anybody wait for the disk; what could not be kept is told in the log.
    func remember(_ what: String, _ work: @escaping @Sendable (Store) async throws -> Void) {
        write(work) { service, error in
            if let error { service.couldNotRemember(what, error) }
        }
    }

    /// Has something written, then `done` called here with what went wrong. The service does not end before.
    func write(
        _ work: @escaping @Sendable (Store) async throws -> Void,
        done: @escaping @Sendable (isolated Service, (any Error)?) -> Void
    ) {
        writes += 1
        let store = parts.store
        task {
            do {
                try await work(store)
                done(self, nil)
            } catch {
                done(self, error)
                if let error = error as? StoreError { self.writeFailed(error) }
            }
            self.writes -= 1
            if self.writes == 0 { self.whenWritten?.resume() }
        }
    }
}
