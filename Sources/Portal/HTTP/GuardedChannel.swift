// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// What a connection can have of the portal.
struct ConnectionLimits: Sendable {
    /// How long a request may take to come in, and a part of an answer to be fetched.
    let patience: TimeAmount
    /// How long connections may last after SIGTERM.
    let drain: TimeAmount
    /// Connections from one address that is no proxy's; 0 for any number.
    let perAddress: Int
    let addresses: ClientAddress
}

/// Hummingbird's channel with the guards around it: `TransportGuard` before TLS, `RequestGuard` behind HTTP's decoder.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let limits: ConnectionLimits
    let refusal: BadHead
    let counts = AddressCounts()

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(TransportGuard(limits, counts, logger))
        }.flatMap {
            base.setup(channel: channel, logger: logger)
        }.flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(
                RequestGuard(patience: limits.patience, refusal: refusal), position: .after(decoder))
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
