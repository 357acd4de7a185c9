// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops
import Glibc

/// What `watch` hears, in one stream: the service's signals, its coming and going, the end.
final class WatchNews: Sendable {
    enum News: Sendable {
        case signal(Signal)
        /// Who owns the service's name now.
        case owner(String?)
        case busGone
        case interrupted
    }

    let news: AsyncStream<News>
    private let continuation: AsyncStream<News>.Continuation
    private let signals: UnixSignals

    /// From here on Ctrl-C is news.
    init(on loop: EventLoop) throws {
        let (news, continuation) = AsyncStream<News>.makeStream()
        (self.news, self.continuation) = (news, continuation)
        signals = try UnixSignals([SIGINT, SIGTERM, SIGHUP], on: loop) { _ in continuation.yield(.interrupted) }
    }

    /// Hears the service, whoever provides it, from now on.
    func listen(to service: ServiceClient) async throws {
        let continuation = continuation
        let stream = try await Failure.mapping {
            try await service.bus.signals(SignalMatch(sender: Contract.busName, pathNamespace: Contract.root))
        }
        let loop = service.bus.loop
        Task(executorPreference: loop.tasks) { for await signal in stream { continuation.yield(.signal(signal)) } }
        Task(executorPreference: loop.tasks) {
            for await event in service.bus.events where event == .disconnected { continuation.yield(.busGone) }
        }
        _ = service.bus.watchName(Contract.busName) { continuation.yield(.owner($0)) }
    }
}
