// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

extension EventLoop {
    /// Calls `handler` on the loop's thread once `delay` has passed, and again after each further `delay` if it `repeats`.
    ///
    /// Measured by the monotonic clock, which stands still while the machine sleeps. Never early; late by the time that other
    /// handlers take, and a millisecond. To be called on the loop's thread, or before the loop runs.
    @discardableResult
    public func timer(
        after delay: Duration, repeats: Bool = false, handler: @escaping @Sendable () -> Void
    ) -> LoopTimer {
        checkIsolated()
        let interval = max(delay, .zero)
        let timer = LoopTimer(self, due: MonotonicTime.now + interval, interval: repeats ? interval : nil, handler)
        timers.insert(timer)
        return timer
    }

    func remove(_ timer: LoopTimer) {
        checkIsolated()
        timers.remove(timer)
    }

    func fireTimers() {
        guard let first = timers.first else { return }
        let now = MonotonicTime.now
        guard first.due <= now else { return }
        // Only what is due now: a timer of no delay that rearms itself must not keep the loop from its descriptors.
        var due: [LoopTimer] = []
        while let timer = timers.first, timer.due <= now {
            timers.remove(timer)
            due.append(timer)
        }
        for timer in due where !timer.isCancelled {
            if let interval = timer.interval {
                timer.due = max(timer.due + interval, now)
                timers.insert(timer)
            } else {
                timer.isCancelled = true
            }
            timer.handler()
        }
    }
}

/// A timer of an ``EventLoop``, until it has fired or is cancelled.
///
/// Dropping this value does not cancel the timer.
public final class LoopTimer: Sendable {
    private let loop: EventLoop
    let interval: Duration?
    let handler: @Sendable () -> Void

    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) var due: Duration
    nonisolated(unsafe) var isCancelled = false
    /// The timer's place in the heap.
    nonisolated(unsafe) var index: Int?

    init(_ loop: EventLoop, due: Duration, interval: Duration?, _ handler: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.due = due
        self.interval = interval
        self.handler = handler
    }

    /// Ends the timer: its handler is not called again. To be called on the loop's thread; a second call does nothing.
    public func cancel() {
        isCancelled = true
        loop.remove(self)
    }
}

/// The timers of a loop, the soonest at hand: a binary heap in which each timer knows its place, so that it can be taken out.
struct TimerHeap {
    private var timers: [LoopTimer] = []

    var first: LoopTimer? { timers.first }

    mutating func insert(_ timer: LoopTimer) {
        timer.index = timers.count
        timers.append(timer)
        siftUp(timers.count - 1)
    }

    /// Takes the timer out; nothing happens if it is not in.
    mutating func remove(_ timer: LoopTimer) {
        guard let index = timer.index else { return }
        timer.index = nil
        let last = timers.removeLast()
        guard last !== timer else { return }
        timers[index] = last
        last.index = index
        siftUp(index)
        siftDown(last.index ?? index)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard timers[child].due < timers[parent].due else { return }
            exchange(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            let left = 2 * parent + 1
            guard left < timers.count else { return }
            let right = left + 1
            let child = right < timers.count && timers[right].due < timers[left].due ? right : left
            guard timers[child].due < timers[parent].due else { return }
            exchange(child, parent)
            parent = child
        }
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        timers.swapAt(left, right)
        timers[left].index = left
        timers[right].index = right
    }
}
