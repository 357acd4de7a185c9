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
