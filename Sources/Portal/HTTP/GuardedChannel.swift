// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// What a connection can have of the portal.
struct ConnectionLimits: Sendable {
    /// How long a request may take to come in, and a part of an answer to be fetched.
    let patience: TimeAmount
    /// How long connections may last after SIGTERM.
    let drain: TimeAmount
    /// Connections from one address that is no proxy's; 0 for any number. A /48 of IPv6 has more.
    let perAddress: Int
    /// Connections that are served. A few more are let in, so that whoever watches the portal gets an answer.
    let total: Int
    let addresses: ClientAddress
}

/// What the two guards of a connection know together. Only the connection's event loop touches it, or nobody else could
/// have it yet.
final class ConnectionState: Sendable {
    private let crowded = Atomic(false)

    /// It is one of those that are let in although all are taken.
    var isCrowded: Bool {
        get { crowded.load(ordering: .relaxed) }
        set { crowded.store(newValue, ordering: .relaxed) }
    }
}

/// Hummingbird's channel with the guards around it: `TransportGuard` before TLS, `RequestGuard` behind HTTP's decoder.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let limits: ConnectionLimits
    let refusal: BadHead
    let counts = AddressCounts()

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        let connection = ConnectionState()
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(TransportGuard(limits, counts, connection, logger))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(
                RequestGuard(patience: limits.patience, refusal: refusal, connection: connection),
                position: .after(decoder))
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
