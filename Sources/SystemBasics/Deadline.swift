// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The clock of timers and deadlines (CLOCK_MONOTONIC), which cannot be set. It stands still while the machine sleeps.
public enum MonotonicTime {
    /// Time since some fixed point, usually the start of the machine.
    public static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

/// An instant on the monotonic clock.
public struct Deadline: Sendable {
    private let instant: Duration

    public init(after duration: Duration) { instant = MonotonicTime.now + duration }

    /// Zero once it has passed.
    public var left: Duration { max(.zero, instant - MonotonicTime.now) }

    /// Rounded up, so that a wait of so long is long enough.
    public var millisecondsLeft: Int32 { left.millisecondsUp }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    public var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }

    /// Whole milliseconds for poll(2) and epoll_wait(2), rounded up so that a wait does not end early; 0 for a negative duration.
    public var millisecondsUp: Int32 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 - 1 else { return Int32.max }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
