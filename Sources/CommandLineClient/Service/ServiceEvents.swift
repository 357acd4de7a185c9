// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops

/// The events that a command waits for, in one stream: the service's signals, its coming and going, Ctrl-C, and time.
final class ServiceEvents: Sendable {
    enum Event: Sendable {
        case signal(Signal)
        /// The owner of the service's name now; nil for nobody.
        case owner(String?)
        /// The connection to the bus has ended.
        case busGone
        /// SIGINT, SIGTERM or SIGHUP.
        case interrupted
        /// A time that was set has come, or comes again and again.
        case tick
        /// The time to wait for a cancellation is over.
        case patienceIsOver
    }

    let events: AsyncStream<Event>
    let loop: EventLoop
    private let continuation: AsyncStream<Event>.Continuation

    /// - Parameter keepsNewestOnly: of the events that wait to be read, for a reader to whom all of them mean the same.
    init(on loop: EventLoop, keepsNewestOnly: Bool = false) {
        self.loop = loop
        (events, continuation) = AsyncStream.makeStream(
            bufferingPolicy: keepsNewestOnly ? .bufferingNewest(1) : .unbounded)
    }

    func add(_ event: Event) { continuation.yield(event) }

    func add(_ event: Event, after delay: Duration, repeats: Bool = false) {
        loop.timer(after: delay, repeats: repeats) { [continuation] in continuation.yield(event) }
    }

    /// Ends the stream.
    func end(after delay: Duration) {
        loop.timer(after: delay) { [continuation] in continuation.finish() }
    }

    /// Adds the signals that match, from now on.
    func addSignals(of service: ServiceClient, _ match: SignalMatch) async throws {
        let signals = try await Failure.mapping { try await service.bus.signals(match) }
        Task(executorPreference: loop.tasks) { [self] in for await signal in signals { add(.signal(signal)) } }
    }

    /// Adds the end of the bus. Once for a connection, whose events have one reader.
    func addBusEnd(of service: ServiceClient) {
        Task(executorPreference: loop.tasks) { [self] in
            for await event in service.bus.events where event == .disconnected { add(.busGone) }
        }
    }

    /// Adds the owner of the service's name, now and at each change.
    func addOwner(of service: ServiceClient) {
        _ = service.bus.watchName(Contract.busName) { [self] in add(.owner($0)) }
    }
}

extension SignalMatch {
    /// Everything that the service signals.
    static let service = SignalMatch(sender: Contract.busName, pathNamespace: Contract.root)
}
