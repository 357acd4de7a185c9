// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

/// How an object comes back to itself later: after a while, or once something that it awaits has come.
///
/// The service's objects are no actors and not `Sendable`: all of them live on the loop's thread, and each handler and task given here
/// runs there, too. So an object owns its timers and is tried alone, with a scheduler whose clock the test moves.
protocol Scheduler: AnyObject {
    /// Monotonic.
    var now: ContinuousClock.Instant { get }

    /// Calls `handler` once `delay` has passed, unless the timer is cancelled before.
    @discardableResult
    func timer(after delay: Duration, _ handler: @escaping () -> Void) -> any Cancellable

    /// Begins `work`; never at once.
    func task(_ work: @escaping () async -> Void)
}

/// A timer or a watch that can be ended.
protocol Cancellable {
    /// Nothing is called any more.
    func cancel()
}

extension LoopTimer: Cancellable {}

extension Scheduler {
    /// Suspends the task for so long.
    func pause(for duration: Duration) async {
        await withCheckedContinuation { continuation in timer(after: duration) { continuation.resume() } }
    }
}

/// The service's own scheduler.
final class LoopScheduler: Scheduler {
    private let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    var now: ContinuousClock.Instant { ContinuousClock.now }

    func timer(after delay: Duration, _ handler: @escaping () -> Void) -> any Cancellable {
        let handler = LoopBound(handler, on: loop)
        return loop.timer(after: delay) { handler.value() }
    }

    /// The task prefers the loop's executor, so it stays on the thread; without, a resumed continuation would go by way of Swift's
    /// global pool (see `EventLoop`).
    func task(_ work: @escaping () async -> Void) {
        let work = LoopBound(work, on: loop)
        Task(executorPreference: loop.tasks) { await work.value() }
    }
}

/// Something that lives on a loop's thread, on its way through a `@Sendable` closure that this loop calls.
///
/// Unchecked: the compiler cannot see which thread calls a closure. `value` asks the loop instead, as `assumeIsolated` does, and ends the
/// process on any other thread.
struct LoopBound<Value>: @unchecked Sendable {
    private let bound: Value
    private let loop: EventLoop

    init(_ value: Value, on loop: EventLoop) { (bound, self.loop) = (value, loop) }

    var value: Value {
        loop.checkIsolated()
        return bound
    }
}
