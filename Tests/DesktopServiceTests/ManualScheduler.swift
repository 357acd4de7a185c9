// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops

@testable import DesktopService

/// Where the objects live in these tests, as they live on the service's loop: one loop's thread for all of them.
@globalActor
actor ServiceLoop {
    static let shared = ServiceLoop()
    static let loop: EventLoop = {
        do {
            let loop = try EventLoop(name: "tests")
            try loop.start()
            return loop
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    nonisolated var unownedExecutor: UnownedSerialExecutor { Self.loop.asUnownedSerialExecutor() }
}

/// A scheduler whose clock the test moves.
@ServiceLoop
final class ManualScheduler: @preconcurrency Scheduler {
    private final class Timer: Cancellable {
        let due: ContinuousClock.Instant
        var handler: (() -> Void)?

        init(_ due: ContinuousClock.Instant, _ handler: @escaping () -> Void) {
            (self.due, self.handler) = (due, handler)
        }

        func cancel() { handler = nil }
    }

    private(set) var now = ContinuousClock.now
    private var timers: [Timer] = []

    func timer(after delay: Duration, _ handler: @escaping () -> Void) -> any Cancellable {
        let timer = Timer(now + delay, handler)
        timers.append(timer)
        return timer
    }

    func task(_ work: @escaping () async -> Void) {
        let work = LoopBound(work, on: ServiceLoop.loop)
        Task(executorPreference: ServiceLoop.loop.tasks) { await work.value() }
    }

    /// How long until the next timer; nil where none runs.
    var next: Duration? { timers.filter { $0.handler != nil }.map { $0.due - now }.min() }

    /// Lets time pass: what falls due is called in its order.
    func advance(by delay: Duration) {
        let end = now + delay
        while let timer = timers.filter({ $0.handler != nil && $0.due <= end }).min(by: { $0.due < $1.due }) {
            now = max(now, timer.due)
            let handler = timer.handler
            timer.handler = nil
            handler?()
        }
        timers.removeAll { $0.handler == nil }
        now = end
    }

    /// Lets tasks go on as far as they can. Fakes answer at once, so each hop of a task is one turn of the loop.
    func settle() async {
        for _ in 0..<100 { await Task.yield() }
    }
}
