// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
public import SystemBasics

/// One instant of real time that a loop waits for, and the word that the clock was set.
///
/// A `timerfd` on `CLOCK_REALTIME` with an absolute time: it survives suspend (what fell due meanwhile is told on waking up), follows
/// the clock when it is set, and tells so. To be used on the loop's thread, or before the loop runs.
public final class WallClockTimer: Sendable {
    public enum Event: Sendable, Equatable {
        /// The armed instant has come. Nothing is armed any more.
        case due
        /// The clock was set forward or back, or the machine woke up; what was armed stays armed. Also told when nothing is armed.
        case clockChanged
    }

    private let loop: EventLoop
    private let handler: @Sendable (Event) -> Void
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var timer: WatchedDescriptor?
    nonisolated(unsafe) private var armed: Int64?

    /// Makes a timer with nothing armed; `handler` is called on the loop's thread.
    public init(on loop: EventLoop, handler: @escaping @Sendable (Event) -> Void) throws(SystemError) {
        self.loop = loop
        self.handler = handler
        let descriptor = try SystemError.check(
            timerfd_create(CLOCK_REALTIME, Int32(TFD_CLOEXEC | TFD_NONBLOCK)), "timerfd_create")
        timer = try WatchedDescriptor(owning: descriptor, on: loop) { [weak self] in self?.expired() }
        try set()
    }

    /// Tells `.due` once at that time (UTC seconds since 1970), at once if it has passed; replaces what was armed before.
    public func arm(at time: Int64) throws(SystemError) {
        loop.checkIsolated()
        armed = time
        try set()
    }

    /// Nothing is due any more; a change of the clock is still told.
    public func disarm() throws(SystemError) {
        loop.checkIsolated()
        armed = nil
        try set()
    }

    /// Ends the timer; the handler is not called again.
    public func cancel() {
        timer?.cancel()
        timer = nil
    }

    private func set() throws(SystemError) {
        guard let descriptor = timer?.number else { return }
        // A time of zero would disarm the descriptor; a disarmed one tells nothing of the clock either.
        let seconds = min(max(armed ?? Self.farFuture, 1), Self.farFuture)
        var specification = itimerspec()
        specification.it_value.tv_sec = Int(seconds)
        let flags = Int32(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)
        guard timerfd_settime(descriptor, flags, &specification, nil) != 0 else { return }
        let error = SystemError.last("timerfd_settime")
        // ECANCELED: the clock was set since the last look. The timer is armed all the same, but the word would be lost.
        guard error.code == ECANCELED else { throw error }
        loop.post { [weak self] in
            guard let self, timer != nil else { return }
            self.handler(.clockChanged)
        }
    }

    private func expired() {
        guard let descriptor = timer?.number else { return }
        var count: UInt64 = 0
        let result = read(descriptor, &count, MemoryLayout<UInt64>.size)
        if result < 0 {
            guard errno == ECANCELED else { return }
            // Kernels differ in whether the timer stays armed: arm it again before the handler can arm something else.
            // It cannot fail for a reason that was not there at the first time; if it does, the handler's own arming tells.
            try? set()
            handler(.clockChanged)
        } else if armed != nil {
            armed = nil
            try? set()
            handler(.due)
        }
    }

    /// The year 2242: armed when nothing is, for the word of a changed clock.
    private static let farFuture: Int64 = 1 << 33
}
