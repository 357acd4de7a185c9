// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

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

/// How many connections each address has open. Safe to use from any thread.
final class AddressCounts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// One more; false, and not counted, where the address has as many as it can have.
    func enter(_ address: String, atMost limit: Int) -> Bool {
        counts.withLock { counts in
            let count = counts[address, default: 0]
            guard count < limit else { return false }
            counts[address] = count + 1
            return true
        }
    }

    /// One less. An address that has none is forgotten.
    func leave(_ address: String) {
        counts.withLock { counts in
            let count = counts[address, default: 0] - 1
            counts[address] = count > 0 ? count : nil
        }
    }
}

/// How many files this process may have open: each connection is one.
enum OpenFiles {
    /// What the database, the log, questions to responders and the like need.
    private static let others = 128

    /// Asks for as many as so many connections need, and tells how many connections there is room for.
    static func connections(atMost wanted: Int, _ logger: Logger) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + others)
        if limit.rlim_cur < needed {
            // What a shell gives is often 1,024, with leave to take more.
            var raised = limit
            raised.rlim_cur = min(needed, limit.rlim_max)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        guard limit.rlim_cur < needed else { return wanted }
        let room = max(16, Int(limit.rlim_cur) - others)
        logger.warning(
            "the limit of open files leaves fewer connections than configured, continuing",
            metadata: ["configured": "\(wanted)", "connections": "\(room)"])
        return min(wanted, room)
    }
}
