// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore

/// Closes connections that would be held open at the portal's cost: by who has too many, by who does not fetch what he
/// asked for, and by who is still there long after SIGTERM.
///
/// It stands next to the socket, before TLS, and sees octets. Hummingbird's own timer stops while an answer is written:
/// whoever asked and did not read kept his connection, and the program, for ever.
final class TransportGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    private let limits: ConnectionLimits
    private let counts: AddressCounts
    private let connection: ConnectionState
    private let logger: Logger
    /// What the connection is counted under.
    private var places: [String] = []
    /// Writes that the socket has not taken.
    private var unsent = 0
    private var lastProgress = NIODeadline.now()
    private var watch: Scheduled<Void>?
    private var drain: Scheduled<Void>?

    init(_ limits: ConnectionLimits, _ counts: AddressCounts, _ connection: ConnectionState, _ logger: Logger) {
        self.limits = limits
        self.counts = counts
        self.connection = connection
        self.logger = logger
    }

    func channelActive(context: ChannelHandlerContext) {
        let isWelcome = enter(context.remoteAddress?.ipAddress ?? "")
        context.fireChannelActive()
        guard !isWelcome else { return }
        logger.info("connection refused", metadata: ["problem": "too-many-connections"])
        context.close(promise: nil)
    }

    private func enter(_ peer: String) -> Bool {
        connection.isCrowded = !enter(Self.everywhere, atMost: limits.total)
        guard limits.perAddress > 0, !limits.addresses.isProxy(peer) else { return true }
        guard enter(ClientAddress.counted(peer), atMost: limits.perAddress) else { return false }
        guard let network = ClientAddress.network(of: peer) else { return true }
        return enter(network, atMost: ClientAddress.networkBudget(limits.perAddress))
    }

    private func enter(_ place: String, atMost limit: Int) -> Bool {
        guard counts.enter(place, atMost: limit) else { return false }
        places.append(place)
        return true
    }

    /// No address is written so.
    private static let everywhere = "*"

    func channelInactive(context: ChannelHandlerContext) {
        for place in places { counts.leave(place) }
        places = []
        watch?.cancel()
        drain?.cancel()
        context.fireChannelInactive()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        if unsent == 0 { lastProgress = .now() }
        unsent += 1
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            unsent -= 1
            lastProgress = .now()
        }
        context.write(data, promise: promise)
        if watch == nil { watchWrites(context) }
    }

    /// One timer at a time, which looks again for as long as there is something to be sent.
    private func watchWrites(_ context: ChannelHandlerContext) {
        watch = context.eventLoop.assumeIsolated().scheduleTask(deadline: lastProgress + limits.patience) { [self] in
            watch = nil
            guard unsent > 0 else { return }
            if lastProgress + limits.patience > .now() { return watchWrites(context) }
            logger.info("connection closed", metadata: ["problem": "too-slow"])
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, drain == nil {
            drain = context.eventLoop.assumeIsolated().scheduleTask(in: limits.drain) {
                context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }
}
