// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An instant on the monotonic clock.
struct Deadline {
    private let nanoseconds: Int64

    init(after milliseconds: Int) { nanoseconds = Self.now + Int64(milliseconds) * 1_000_000 }

    /// Rounded up, so that a wait of so long is long enough; 0 when the instant is over.
    var millisecondsLeft: Int32 {
        Int32(clamping: max(0, (nanoseconds - Self.now + 999_999) / 1_000_000))
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
