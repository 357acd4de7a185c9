// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import EventLoops
internal import Glibc
internal import Synchronization
public import SystemBasics

/// A wall clock that also wakes the service: at an instant, and whenever the clock was set or the machine slept.
public protocol Alarm: WallClock {
    /// Has `handler` called on the loop's thread from now on.
    func start(on loop: EventLoop, handler: @escaping @Sendable () -> Void) throws(SystemError)

    /// Wakes at `instant` (UTC seconds), instead of what was set before; nil: only when the clock changes. On the loop's thread.
    func set(_ instant: Int64?)

    /// No call of the handler any more. On the loop's thread.
    func stop()
}

/// The machine's own clock, by one absolute timer that survives suspend and notices that the clock was set.
public final class SystemAlarm: Alarm {
    private let timer = Mutex<WallClockTimer?>(nil)

    public init() {}

    public func now() -> Int64 { Int64(time(nil)) }

    public func start(on loop: EventLoop, handler: @escaping @Sendable () -> Void) throws(SystemError) {
        let made = try WallClockTimer(on: loop) { _ in handler() }
        timer.withLock { $0 = made }
    }

    public func set(_ instant: Int64?) {
        let timer = timer.withLock { $0 }
        // Arming a timerfd that exists fails for no instant of an Int64's sane range; a timer that is not armed is caught by the next event.
        if let instant { try? timer?.arm(at: instant) } else { try? timer?.disarm() }
    }

    public func stop() {
        timer.withLock { $0 }?.cancel()
    }
}
