// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops

extension ServiceClient {
    /// How long a command waits for cards to be read, and after which time it says so.
    private static let patience: Duration = .seconds(10)
    private static let moment: Duration = .milliseconds(700)

    private enum News { case ready, moment, timeIsOver }

    /// Waits until the service has looked at every card: one that the call has started knows of none yet.
    ///
    /// - Parameter waiting: called once where it takes longer than a moment.
    /// - Returns: false where the time was over before; what is known then may not be all.
    func settled(on loop: EventLoop, waiting: () -> Void = {}) async throws -> Bool {
        if try await isReady() { return true }
        let signals = try await Failure.mapping {
            try await bus.signals(
                SignalMatch(
                    sender: Contract.busName, path: Contract.root, interface: "org.freedesktop.DBus.Properties",
                    member: "PropertiesChanged"))
        }
        // It may have become so before the bus took note of the wish to hear of it.
        if try await isReady() { return true }
        let (stream, continuation) = AsyncStream<News>.makeStream()
        Task(executorPreference: loop.tasks) {
            for await signal in signals where signal.arguments.count > 1 {
                if Value.properties(signal.arguments[1])["Ready"]?.bool == true { continuation.yield(.ready) }
            }
        }
        let timers = [
            loop.timer(after: Self.moment) { continuation.yield(.moment) },
            loop.timer(after: Self.patience) { continuation.yield(.timeIsOver) },
        ]
        defer {
            for timer in timers { timer.cancel() }
            continuation.finish()
        }
        for await news in stream {
            switch news {
            case .ready: return true
            case .moment: waiting()
            case .timeIsOver: return try await isReady()
            }
        }
        return false
    }

    /// A service of an earlier version does not say; there is nothing to wait for, then.
    private func isReady() async throws -> Bool {
        try await properties(of: ServiceInterface.name, at: Contract.root)["Ready"]?.bool ?? true
    }
}
