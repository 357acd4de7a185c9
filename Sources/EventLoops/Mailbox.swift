// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SystemBasics

/// The work that any thread hands to a loop, and the bell that wakes it.
final class Mailbox: Sendable {
    /// An eventfd, watched edge-triggered, so that it need not be read: each ring is an edge, and 2^64 of them do not happen.
    let bell: Int32
    private let content = Guarded(Content())

    private struct Content {
        var waiting: [Work] = []
        /// The loop waits in epoll, or is about to: who adds work must ring.
        var loopSleeps = false
        /// The loop has run and ended.
        var isOver = false
    }

    init() throws(SystemError) {
        bell = try SystemError.check(eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "eventfd")
    }

    deinit {
        close(bell)
    }

    /// Adds work at the end; after the loop's end, a closure is dropped.
    func add(_ work: Work) {
        let mustRing = content.withLock { content in
            if content.isOver, work.isClosure { return false }
            content.waiting.append(work)
            defer { content.loopSleeps = false }
            return content.loopSleeps
        }
        if mustRing { eventfd_write(bell, 1) }
    }

    /// Exchanges all that waits for the empty `batch`.
    func take(into batch: inout [Work]) {
        content.withLock { swap(&$0.waiting, &batch) }
    }

    /// Whether the loop may go to sleep; from then on, work that is added rings.
    func fallAsleep() -> Bool {
        content.withLock { content in
            content.loopSleeps = content.waiting.isEmpty
            return content.loopSleeps
        }
    }

    func wakeUp() {
        content.withLock { $0.loopSleeps = false }
    }

    func open() {
        content.withLock { $0.isOver = false }
    }

    /// Lets go of what nobody will run any more: closures that hold what holds the loop would keep it for ever.
    func end() {
        let forgotten = content.withLock { content in
            content.isOver = true
            defer { content.waiting.removeAll { $0.isClosure } }
            return content.waiting
        }
        withExtendedLifetime(forgotten) {}  // they are released here, outside the lock
    }
}

/// Something to be done on an executor's thread.
enum Work {
    case closure(@Sendable () -> Void)
    /// Enqueued for an actor that lives on the thread.
    case actorJob(UnownedJob)
    /// Enqueued for a task that prefers the thread.
    case taskJob(UnownedJob)

    var isClosure: Bool {
        if case .closure = self { true } else { false }
    }

    func run(on executor: some SerialExecutor, _ tasks: TaskJobs) {
        switch self {
        case .closure(let closure): closure()
        case .actorJob(let job): job.runSynchronously(on: executor.asUnownedSerialExecutor())
        case .taskJob(let job): job.runSynchronously(on: tasks.asUnownedTaskExecutor())
        }
    }
}

/// The task executor of a thread that is a serial executor too: it only hands jobs in.
///
/// Why two objects for one thread: a job must be run as what it was enqueued for, and `enqueue` is the same function in both
/// protocols. Run with `runSynchronously(isolatedTo:taskExecutor:)`, which is both at once, tasks without a preference get lost in
/// Swift 6.3.1: of 300 tests that await an actor of a loop from the global pool, 20 never go on. And it must be this object itself
/// that tasks are given: where one's `asUnownedTaskExecutor()` names another, `Task(executorPreference:)` retains the one and releases
/// the other.
final class TaskJobs: TaskExecutor {
    private let add: @Sendable (UnownedJob) -> Void

    init(_ add: @escaping @Sendable (UnownedJob) -> Void) {
        self.add = add
    }

    func enqueue(_ job: consuming ExecutorJob) {
        add(UnownedJob(job))
    }
}
