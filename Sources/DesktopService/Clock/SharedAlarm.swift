// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
internal import EventLoops
internal import Synchronization
internal import SystemBasics

/// One alarm for several objects: it rings at the soonest instant to which any of them has set its part.
final class SharedAlarm: Sendable {
    private let alarm: any Alarm
    private let instants = Mutex<[Int64?]>([])

    init(_ alarm: any Alarm) { self.alarm = alarm }

    /// An alarm for one more object. It is started with the whole, and stopping it stops it alone.
    func part() -> any Alarm {
        let place = instants.withLock { instants in
            instants.append(nil)
            return instants.count - 1
        }
        return Part(whole: self, place: place)
    }

    private func set(_ instant: Int64?, at place: Int) {
        let soonest = instants.withLock { instants in
            instants[place] = instant
            return instants.compactMap(\.self).min()
        }
        alarm.set(soonest)
    }

    private struct Part: Alarm {
        let whole: SharedAlarm
        let place: Int

        func now() -> Int64 { whole.alarm.now() }
        func start(on loop: EventLoop, handler: @escaping @Sendable () -> Void) {}
        func set(_ instant: Int64?) { whole.set(instant, at: place) }
        func stop() { set(nil) }
    }
}
