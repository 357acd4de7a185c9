// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import DesktopService
import EOnayCore
import EventLoops
import ManualTime
import Synchronization

/// The service's clock in a test's hand: it stands still, and rings when the test moves it to what it was set to.
final class ManualAlarm: Alarm {
    private struct State {
        var loop: EventLoop?
        var handler: (@Sendable () -> Void)?
        var instant: Int64?
    }

    private let clock: ManualClock
    private let state = Mutex(State())

    init(_ clock: ManualClock) { self.clock = clock }

    func now() -> Int64 { clock.now() }

    func start(on loop: EventLoop, handler: @escaping @Sendable () -> Void) {
        state.withLock { ($0.loop, $0.handler) = (loop, handler) }
    }

    func set(_ instant: Int64?) { state.withLock { $0.instant = instant } }

    func stop() { state.withLock { $0 = State() } }

    /// The instant to which it was set.
    var instant: Int64? { state.withLock { $0.instant } }

    /// Rings, as it does when its instant has come, when the clock was set and when the machine has slept.
    func ring() {
        let (loop, handler) = state.withLock { ($0.loop, $0.handler) }
        if let handler { loop?.post(handler) }
    }
}
