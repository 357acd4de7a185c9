// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
public import EventLoops
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
