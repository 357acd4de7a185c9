// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import SystemBasics

/// Closes connections that would stay open at the portal's cost: those above the limits, those whose client does not
/// read its answer, and those that are still there long after SIGTERM.
///
/// It stands next to the socket, before TLS, and sees octets. Hummingbird's own timer stops while it writes an answer, so
/// a client that asked and did not read would keep its connection, and the program, for ever.
final class TransportGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    private let limits: ConnectionLimits
    private let counts: AddressCounts
    private let connection: ConnectionState
    private let logger: Logger
    private var places: [String] = []
    /// Writes that the socket has not accepted.
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
        let peer = context.remoteAddress?.ipAddress ?? ""
        connection.isCrowded = !enter([(name: Self.everywhere, limit: limits.total)])
        let isLimited = limits.perAddress > 0 && !limits.addresses.isProxy(peer)
        let isWelcome = !isLimited || enter(ClientAddress.places(of: peer, atMost: limits.perAddress))
        context.fireChannelActive()
        guard !isWelcome else { return }
        logger.info("connection refused", metadata: ["problem": "too-many-connections"])
        context.close(promise: nil)
    }

    private func enter(_ added: [(name: String, limit: Int)]) -> Bool {
        guard counts.enter(added) else { return false }
        places += added.map(\.name)
        return true
    }

    /// No address is written so.
    private static let everywhere = "*"

    func channelInactive(context: ChannelHandlerContext) {
        counts.leave(places)
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

    /// One timer at a time, which looks again for as long as something waits to be sent.
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

/// How much of the portal one connection, one address and all connections can use.
struct ConnectionLimits: Sendable {
    /// How long a request may take to come in, and a part of an answer to be read.
    let patience: TimeAmount
    /// How long connections may last after SIGTERM.
    let drain: TimeAmount
    /// Connections from one address that is no proxy's; 0 for any number. A /48 of IPv6 has more.
    let perAddress: Int
    /// Connections that are served. A few more are accepted, so that monitoring still works.
    let total: Int
    let addresses: ClientAddress
}

/// How many of something each place has open. Safe to use from any thread.
final class AddressCounts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Counts one more at each of the places; false, and nothing is counted, if one of them has reached its limit.
    func enter(_ places: [(name: String, limit: Int)]) -> Bool {
        counts.withLock { counts in
            guard places.allSatisfy({ counts[$0.name, default: 0] < $0.limit }) else { return false }
            for place in places { counts[place.name, default: 0] += 1 }
            return true
        }
    }

    /// Counts one less at each of the places. It forgets a place that has none.
    func leave(_ places: [String]) {
        counts.withLock { counts in
            for place in places {
                let count = counts[place, default: 0] - 1
                counts[place] = count > 0 ? count : nil
            }
        }
    }
}

/// The state that the two guards of a connection share. Only the connection's event loop touches it once it has started.
final class ConnectionState: Sendable {
    private let crowded = Atomic(false)

    /// The connection is one of the few that are accepted although all are in use.
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

/// The connections that there is room for: each is an open file.
enum ConnectionRoom {
    /// Files for the database, the log, questions to responders and the like.
    private static let others: UInt = 128

    /// Raises the limit of open files to what the wanted connections need (a shell often gives 1,024, and leave to raise it), and
    /// returns how many connections there is room for.
    static func connections(atMost wanted: Int, _ logger: Logger) -> Int {
        let needed = UInt(wanted) + others
        guard let limit = OpenFileLimit.raise(to: needed), limit < needed else { return wanted }
        let room = limit > others + 16 ? Int(limit - others) : 16
        logger.warning(
            "the limit of open files leaves fewer connections than configured, continuing",
            metadata: ["configured": "\(wanted)", "connections": "\(room)"])
        return min(wanted, room)
    }
}
