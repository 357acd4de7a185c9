// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Synchronization
public import SystemBasics

/// A thread that waits for descriptors and timers, and the executor of the actors that live on it.
///
/// One epoll instance waits for everything; closures and actor jobs from other threads come in by a locked queue and an eventfd.
/// An actor whose `unownedExecutor` is this loop runs on its thread and may call ``watch(_:for:handler:)`` and
/// ``timer(after:repeats:handler:)`` at will; handlers are called on that thread too and enter the actor by `assumeIsolated`.
///
/// An idle loop does not wake up: there is no tick.
///
///     actor Doorbell {
///         nonisolated let loop: EventLoop
///         nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
///     }
///
/// A task that waits for a continuation or an `AsyncStream` must also prefer this loop: Swift resumes it on its *task executor*
/// first and hops to the actor from there; without a preference that is the global pool, whose first use starts a timer of
/// one second for the life of the process.
///
///     Task(executorPreference: loop.tasks) { await doorbell.watchForGuests() }
///
/// `unownedExecutor` does not retain: the actor must hold its loop in a stored `let`. Stop a loop last, after its actors have
/// been closed: a job that is enqueued later never runs.
public final class EventLoop: SerialExecutor, Sendable {
    public let name: String

    let epoll: Int32
    private let mailbox: Mailbox
    private let taskJobs: TaskJobs
    private let thread = Guarded<NativeThread?>(nil)
    /// The thread that may touch the unsafe properties: who made the loop, then who runs it.
    private let owner: Atomic<UInt>

    // Unsafe: touched on the owner thread only, which every way in checks.
    nonisolated(unsafe) var registrations: [Int32: Registration] = [:]
    nonisolated(unsafe) var nextGeneration: UInt32 = 0
    nonisolated(unsafe) var timers = TimerHeap()
    nonisolated(unsafe) private var batch: [Work] = []
    nonisolated(unsafe) private var stopping = false

    /// Makes a loop that does not run yet; `name` becomes the name of the thread that ``start()`` makes.
    public init(name: String) throws(SystemError) {
        self.name = name
        let mailbox = try Mailbox()
        self.mailbox = mailbox
        taskJobs = TaskJobs { mailbox.add(.taskJob($0)) }
        owner = Atomic(pthread_self())
        epoll = try SystemError.check(epoll_create1(Int32(EPOLL_CLOEXEC)), "epoll_create1")
        var event = epoll_event(events: EPOLLIN.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: Self.wakeUpMark))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, mailbox.bell, &event) == 0 else {
            throw SystemError.last("epoll_ctl")  // all is initialised, so deinit closes
        }
    }

    deinit {
        close(epoll)
    }

    // MARK: - Running

    /// Runs the loop on the calling thread until ``stop()``.
    public func run() {
        owner.store(pthread_self(), ordering: .releasing)
        stopping = false
        mailbox.open()
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 32)
        defer { events.deallocate() }
        while true {
            runPosted()
            if stopping { return end() }
            // The address is there, and Debian 13's glibc wants it said.
            let count = epoll_wait(epoll, events.baseAddress!, Int32(events.count), timeToWait())
            mailbox.wakeUp()
            if count > 0 {
                for event in events[..<Int(count)] where event.data.u64 != Self.wakeUpMark { deliver(event) }
            }
            fireTimers()
        }
    }

    /// Lets go of watches, timers and work: they hold what holds this loop.
    private func end() {
        let forgotten = (registrations, timers)
        registrations = [:]
        timers = TimerHeap()
        mailbox.end()
        withExtendedLifetime(forgotten) {}  // what is released here may call the loop, which is in order again
    }

    /// Runs the loop on a thread of its own.
    public func start() throws(SystemError) {
        let started = try NativeThread(name: name) { self.run() }
        owner.store(started.id, ordering: .releasing)
        thread.withLock { $0 = started }
    }

    /// Ends the loop, its watches and its timers, after what has been posted so far has run; from another thread, waits for the end
    /// of the thread that ``start()`` made.
    public func stop() {
        post { self.stopping = true }
        let started = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        started?.join()
    }

    // MARK: - Work from any thread

    /// Has `work` called on the loop's thread, after all that was posted before; never at once, also on that thread itself.
    ///
    /// Work posted after the loop's end is dropped.
    public func post(_ work: @escaping @Sendable () -> Void) {
        mailbox.add(.closure(work))
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        mailbox.add(.actorJob(UnownedJob(job)))
    }

    /// The executor preference of a task that resumes on this thread.
    public var tasks: any TaskExecutor { taskJobs }

    private func runPosted() {
        mailbox.take(into: &batch)
        for work in batch { work.run(on: self, taskJobs) }
        batch.removeAll(keepingCapacity: true)
    }

    // MARK: - Isolation

    /// Whether the caller is on the loop's thread (or made the loop, and it does not run yet).
    public var isCurrent: Bool {
        owner.load(ordering: .acquiring) == pthread_self()
    }

    public func checkIsolated() {
        precondition(isCurrent, "not on the thread of the loop \(name)")
    }

    public func isIsolatingCurrentContext() -> Bool? {
        isCurrent
    }

    /// Milliseconds until the next timer, 0 if there is posted work, -1 for ever.
    private func timeToWait() -> Int32 {
        guard mailbox.fallAsleep() else { return 0 }
        guard let due = timers.first?.due else { return -1 }
        return (due - MonotonicTime.now).millisecondsUp
    }

    /// The mark of the eventfd among the events: no registration has generation 0.
    static let wakeUpMark: UInt64 = 0
}
