// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// Notifications are shown by a job of their own, `eonay-notify`, so that GLib is in no process that stays. The job lives while something
// stands on the screen or waits for a server, and a moment longer. It may crash, hang or be killed at any time: what stands is known here
// (`StandingNotifications`), and a new job shows it again in its own place.
//
// One task, `converse`, starts a job, listens to it until it has ended, and alone starts the next one. One question at a time is with the
// job, and each has a deadline: a job that does not answer is killed.

public import Bus
internal import EventLoops
public import JobFrames
public import Jobs

/// Shows desktop notifications (org.freedesktop.Notifications) by the job `eonay-notify` and reports what became of them.
public actor Notifier {
    /// Where the job comes from, and how it is spoken with.
    public struct Settings: Sendable {
        /// Looked up at each start: a program that is missing now may be installed later.
        public var program: @Sendable () throws(JobError) -> JobProgram = JobProgram.notify
        /// How many seconds a server may take to answer before it counts as unavailable. Long, because the answer may have to wait for
        /// the server's own start.
        public var serverDeadline: Double = 15
        /// How long the job may take for an answer beyond that: libnotify waits 25 seconds for the server to show something.
        public var patience = Duration.seconds(30)
        /// How long a job without work is kept.
        public var linger = Duration.seconds(3)

        public init() {}
    }

    /// The fate of notifications; for one reader. Ends with `stop`.
    public nonisolated let events: AsyncStream<NotificationEvent>

    public nonisolated var unownedExecutor: UnownedSerialExecutor { runner.loop.asUnownedSerialExecutor() }

    private enum State {
        /// There is no job, and no timer for one.
        case idle
        /// A job is on its way, or died a moment ago and the next one waits for this timer.
        case waiting(LoopTimer)
        case starting
        case open(Conversation<NotifyRequest, NotifyReply>)
        /// The job was asked to end.
        case leaving
        case stopped
    }

    private let application: String
    private let desktopEntry: String
    private let settings: Settings
    private nonisolated let runner: JobRunner
    private let bus: Connection
    private let continuation: AsyncStream<NotificationEvent>.Continuation
    private var state = State.idle
    private var notifications = StandingNotifications()
    private var lingering: LoopTimer?
    private var delay = RestartDelay()
    /// The server's signals about its history while there is no job.
    private var history: Subscription?
    private var whenQuiet: CheckedContinuation<Void, Never>?

    /// - Parameters:
    ///   - application: the name that servers show.
    ///   - desktopEntry: the id of its desktop file, by which servers group notifications and find settings for them.
    ///   - runner: starts the job, on the loop where this actor lives.
    ///   - bus: the session bus, on the same loop.
    public init(
        application: String, desktopEntry: String, runner: JobRunner, bus: Connection, settings: Settings = Settings()
    ) {
        (self.application, self.desktopEntry, self.settings) = (application, desktopEntry, settings)
        (self.runner, self.bus) = (runner, bus)
        // Only a server gone mad fills this; then the newest events count.
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    // MARK: - From any thread

    /// Shows a notification, in the place of the one with the same key where there is one. Returns at once.
    public nonisolated func show(_ content: NotificationContent) { put(.show(content)) }

    /// Takes a notification away; it is moot. Nothing happens where there is none with that key.
    public nonisolated func withdraw(_ key: String) { put(.withdraw(key)) }

    /// Starts the job early: a notification is likely to come in a moment.
    public nonisolated func prepare() {
        runner.loop.post { self.assumeIsolated { $0.startIfIdle() } }
    }

    private nonisolated func put(_ order: NotificationInbox.Order) {
        runner.loop.post {
            self.assumeIsolated { notifier in
                notifier.notifications.put(order)
                notifier.work()
            }
        }
    }

    /// Withdraws all notifications and ends the job. Waits for that no longer than `patience`: a server that hangs must not keep
    /// the process.
    public func stop(within patience: Duration = .milliseconds(500)) async {
        history?.cancel()
        lingering?.cancel()
        if case .waiting(let timer) = state { timer.cancel() }
        guard case .open(let conversation) = state else {
            state = .stopped
            return continuation.finish()
        }
        notifications.withdrawAll()
        let timer = runner.loop.timer(after: patience) { self.assumeIsolated { $0.quiet() } }
        await withCheckedContinuation { continuation in
            whenQuiet = continuation
            work()
        }
        timer.cancel()
        state = .stopped
        continuation.finish()
        if notifications.isWaiting { await conversation.job.kill() } else { await conversation.job.close() }
    }

    private func quiet() {
        whenQuiet?.resume()
        whenQuiet = nil
    }

    // MARK: - The work

    /// Does what is next, as far as the job is ready for it.
    private func work() {
        lingering?.cancel()
        lingering = nil
        switch state {
        case .open(let conversation):
            if let request = notifications.next() {
                ask(request, conversation)
            } else if !notifications.needsJob {
                quiet()
                let leave: @Sendable () -> Void = { [weak self] in self?.assumeIsolated { $0.leave() } }
                lingering = runner.loop.timer(after: settings.linger, handler: leave)
            }
        case .idle: if notifications.needsJob { startIfIdle() }
        case .waiting(let timer):
            // Another notice is a good moment to try again.
            timer.cancel()
            state = .idle
            work()
        case .starting, .leaving, .stopped: break
        }
    }

    private func startIfIdle() {
        guard case .idle = state else { return }
        state = .starting
        Task(executorPreference: runner.loop.tasks) { await self.converse() }
    }

    private func ask(_ request: NotifyRequest, _ conversation: Conversation<NotifyRequest, NotifyReply>) {
        let patience = settings.patience + .seconds(settings.serverDeadline)
        Task(executorPreference: runner.loop.tasks) {
            await conversation.job.limit(to: patience)
            // Where it cannot be sent, the job is of no use; `converse` hears of its end.
            do { try await conversation.send(request) } catch { await conversation.job.kill() }
        }
    }

    /// Nothing stands and nothing waits.
    private func leave() {
        guard case .open(let conversation) = state, !notifications.needsJob else { return }
        listenToHistory()
        state = .leaving
        Task(executorPreference: runner.loop.tasks) { await conversation.job.close() }
    }

    // MARK: - The one conversation

    /// From before a job's start to its end.
    private func converse() async {
        let begin = ContinuousClock.now
        do throws(JobError) {
            let job = try await runner.start(settings.program())
            try await talk(Conversation(job))
        } catch {
            delay.jobEnded(after: ContinuousClock.now - begin)
            ended(error)
        }
    }

    private func talk(_ conversation: Conversation<NotifyRequest, NotifyReply>) async throws(JobError) -> Never {
        ask(
            .open(
                application: application, desktopEntry: desktopEntry,
                deadline: UInt32(max(1, min(settings.serverDeadline, 3600)) * 1000)), conversation)
        guard try await conversation.receive() == .opened else { throw await garbage(conversation.job) }
        await conversation.job.limit(to: nil)
        if case .starting = state {
            state = .open(conversation)
            history?.cancel()
            history = nil
            notifications.putBackUnshown()
            work()
        } else {
            await conversation.job.close()
        }
        while true {
            let reply = try await conversation.receive()
            guard case .open = state else { continue }
            let wasAsked = notifications.isWaiting
            guard let news = notifications.receive(reply) else { throw await garbage(conversation.job) }
            if wasAsked, !notifications.isWaiting { await conversation.job.limit(to: nil) }
            for event in news { continuation.yield(event) }
            work()
        }
    }

    private func garbage(_ job: Job) async -> JobError {
        await job.kill()
        return JobError(.garbage, job.program, detail: "an answer that nobody asked for")
    }

    private func ended(_ error: JobError) {
        lingering?.cancel()
        lingering = nil
        quiet()
        switch state {
        case .stopped: return
        case .leaving: state = .idle
        case .idle, .waiting, .starting, .open:
            for event in notifications.jobWent("\(error)") { continuation.yield(event) }
            state = .idle
            guard notifications.needsJob else { return listenToHistory() }
            let again: @Sendable () -> Void = { [weak self] in self?.assumeIsolated { $0.work() } }
            state = .waiting(runner.loop.timer(after: delay.next(), handler: again))
            return
        }
        work()
    }

    // MARK: - Without a job

    /// Servers that keep a history (Plasma) signal to everybody which action was chosen there, for as long as they run.
    private func listenToHistory() {
        guard history == nil, notifications.hasHistory else { return }
        let server = "org.freedesktop.Notifications"
        history = bus.subscribe(SignalMatch(sender: server, interface: server, member: "ActionInvoked")) {
            [weak self] signal in self?.assumeIsolated { $0.invokedInHistory(signal) }
        }
    }

    private func invokedInHistory(_ signal: Signal) {
        if case .open = state { return }
        guard signal.arguments.count == 2, let number = signal.arguments[0].uint32,
            let action = signal.arguments[1].string,
            let key = notifications.key(of: NotificationID(number: number, server: signal.sender))
        else { return }
        continuation.yield(.action(key: key, id: action))
    }
}

/// How long to wait before a job that died is begun anew: at once, then 1, 2, 4 … 600 seconds, from the start again after one that lived
/// for a minute.
private struct RestartDelay {
    private var seconds: Int64 = 0

    mutating func jobEnded(after life: Duration) {
        if life >= .seconds(60) { seconds = 0 }
    }

    mutating func next() -> Duration {
        defer { seconds = min(600, max(1, seconds * 2)) }
        return .seconds(seconds)
    }
}

/// The fate of a notification.
public enum NotificationEvent: Sendable, Equatable {
    /// The server has taken the content; where newer content came at once, only that is shown and reported.
    case shown(key: String)
    /// The person chose an action, on the bubble or later in the server's history.
    case action(key: String, id: String)
    /// The bubble is gone. (One that stays until it is dismissed, and went with its server, is shown again by the next one; `shown`
    /// alone reports that.) Its actions may still be chosen where the server keeps a history, unless it was withdrawn.
    case closed(key: String, reason: ClosedReason)
    /// Nothing can be shown, and why, for the log. Reported once until something was shown again. A notification that could not be shown
    /// is kept, and shown when a server comes, unless it is withdrawn before.
    case unavailable(String)
    /// The server shows no actions. Reported once for each server.
    case withoutActions

    public enum ClosedReason: String, Sendable {
        case expired
        case dismissed
        case withdrawn
        case serverGone = "server-gone"
        case undefined

        /// As the desktop notifications specification counts them ("NotificationClosed").
        init(number: UInt32) {
            self =
                switch number {
                case 1: .expired
                case 2: .dismissed
                case 3: .withdrawn
                default: .undefined
                }
        }
    }
}
