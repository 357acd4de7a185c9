// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
internal import SystemBasics

/// How long SQLite waits for another program's lock: some seconds each time, and once it is told to hurry, so much in all.
final class BusyTimeout: Sendable {
    private let milliseconds: Int64
    /// On the monotonic clock; .max while nobody is in a hurry.
    private let end = Atomic<Int64>(.max)

    init(milliseconds: Int32) {
        self.milliseconds = Int64(milliseconds)
    }

    /// From now on all waits together may take so long. Any thread may say so, also while another one waits.
    func hurry(within limit: Duration) {
        end.store(Self.now() + limit.milliseconds, ordering: .releasing)
    }

    /// When a wait that began at `start` has to end.
    private func limit(from start: Int64) -> Int64 {
        min(start + milliseconds, end.load(ordering: .acquiring))
    }

    /// Waits a moment, and answers whether the lock is worth another try.
    func wait(since start: Int64) -> Bool {
        let left = limit(from: start) - Self.now()
        guard left > 0 else { return false }
        // SQLite asks its handler again and again; nothing tells when another process lets a lock go.
        poll(nil, 0, Int32(min(left, 10)))
        return true
    }

    static func now() -> Int64 {
        let (seconds, attoseconds) = MonotonicTime.now.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
