// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SystemBasics

/// The work that any thread hands to a loop, and the bell that wakes it.
final class Mailbox: Sendable {
    /// An eventfd, watched edge-triggered, so that it need not be read: each ring is an edge, and 2^64 of them do not happen.
    let bell: Int32
    private let content = Guarded(Content())

    private struct Content {
        var waiting: [Work] = []
        /// The loop waits in epoll, or is about to: who adds work must ring.
        var loopSleeps = false
        /// The loop has run and ended.
        var isOver = false
    }

    init() throws(SystemError) {
        bell = try SystemError.check(eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "eventfd")
    }

    deinit {
        close(bell)
    }

    /// Adds work at the end; after the loop's end, a closure is dropped.
    func add(_ work: Work) {
        let mustRing = content.withLock { content in
            if content.isOver, work.isClosure { return false }
            content.waiting.append(work)
            defer { content.loopSleeps = false }
            return content.loopSleeps
        }
        if mustRing { eventfd_write(bell, 1) }
    }

    /// Exchanges all that waits for the empty `batch`.
    func take(into batch: inout [Work]) {
        content.withLock { swap(&$0.waiting, &batch) }
    }

    /// Whether the loop may go to sleep; from then on, work that is added rings.
    func fallAsleep() -> Bool {
        content.withLock { content in
            content.loopSleeps = content.waiting.isEmpty
            return content.loopSleeps
        }
    }

    func wakeUp() {
        content.withLock { $0.loopSleeps = false }
    }

    func open() {
        content.withLock { $0.isOver = false }
    }

    /// Lets go of what nobody will run any more: closures that hold what holds the loop would keep it for ever.
    func end() {
        let forgotten = content.withLock { content in
            content.isOver = true
            defer { content.waiting.removeAll { $0.isClosure } }
            return content.waiting
        }
        withExtendedLifetime(forgotten) {}  // they are released here, outside the lock
    }
}
