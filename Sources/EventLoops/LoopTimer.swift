// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
