// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
public import SystemBasics

/// A plain thread as the executor of an actor whose calls block: SQLite, a vendor's library.
///
/// Jobs run one after another in the order in which they came. One per library, not per call. The actor must hold it in a stored
/// `let`, since `unownedExecutor` does not retain. A task that waits for a continuation or a stream there prefers the thread as
/// its task executor too (see ``EventLoop``).
public final class BlockingThread: SerialExecutor, Sendable {
    public let name: String
    private let inbox: Guarded<Inbox>
    private let taskJobs: TaskJobs
    private let thread: Guarded<NativeThread?>
    private let owner = Atomic<UInt>(0)

    /// Starts the thread.
    public init(name: String) throws(SystemError) {
        let inbox = Guarded(Inbox())
        self.name = name
        self.inbox = inbox
        taskJobs = TaskJobs { job in inbox.signal { $0.waiting.append(.taskJob(job)) } }
        thread = Guarded(nil)
        let started = try NativeThread(name: name) { self.run() }
        thread.withLock { $0 = started }
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        inbox.signal { $0.waiting.append(.actorJob(job)) }
    }

    /// The executor preference of a task that resumes on this thread.
    public var tasks: any TaskExecutor { taskJobs }

    /// Has `work` called on the thread after all that was enqueued before.
    public func post(_ work: @escaping @Sendable () -> Void) {
        inbox.signal { $0.waiting.append(.closure(work)) }
    }

    /// Ends the thread after what was enqueued so far, and waits for that; called on the thread itself, only asks for the end.
    ///
    /// Close the actors that live here first: a job enqueued later never runs. A thread that is never stopped lives as long as
    /// the process.
    public func stop() {
        inbox.signal { $0.isStopping = true }
        let started = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        started?.join()
    }

    public var isCurrent: Bool {
        owner.load(ordering: .acquiring) == pthread_self()
    }

    public func checkIsolated() {
        precondition(isCurrent, "not on the thread \(name)")
    }

    public func isIsolatingCurrentContext() -> Bool? {
        isCurrent
    }

    private func run() {
        owner.store(pthread_self(), ordering: .releasing)
        var batch: [Work] = []
        while true {
            let goesOn = inbox.wait { inbox -> Bool? in
                if !inbox.waiting.isEmpty {
                    swap(&inbox.waiting, &batch)
                    return true
                }
                return inbox.isStopping ? false : nil
            }
            guard goesOn else { return }
            for work in batch { work.run(on: self, taskJobs) }
            batch.removeAll(keepingCapacity: true)
        }
    }

    private struct Inbox {
        var waiting: [Work] = []
        var isStopping = false
    }
}
