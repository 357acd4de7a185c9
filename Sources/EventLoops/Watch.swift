// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A descriptor that an ``EventLoop`` watches, until ``cancel()``.
///
/// Dropping this value does not end the watch. Cancel it before the descriptor is closed.
public final class Watch: Sendable {
    public let descriptor: Int32
    public let interest: Readiness
    let handler: @Sendable (Readiness) -> Void
    // The loop is unowned by contract: who holds a watch holds its loop (an actor holds its executor). `weak` costs more per event.
    private let loop: EventLoop

    init(
        _ loop: EventLoop, _ descriptor: Int32, _ interest: Readiness,
        _ handler: @escaping @Sendable (Readiness) -> Void
    ) {
        self.loop = loop
        self.descriptor = descriptor
        self.interest = interest
        self.handler = handler
    }

    /// Ends the watch at once: its handler is not called again, not even for an event that has already arrived.
    ///
    /// To be called on the loop's thread; a second call does nothing.
    public func cancel() {
        loop.remove(self)
    }
}
