// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// An instant on the monotonic clock until which something may last.
struct Deadline {
    private let end: UInt64

    init(milliseconds: UInt32) { end = Self.now + UInt64(milliseconds) }

    /// 0 once it has passed.
    var millisecondsLeft: UInt32 {
        let now = Self.now
        return end > now ? UInt32(clamping: end - now) : 0
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
