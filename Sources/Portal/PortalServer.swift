// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOPosix
import PortalContract
import ServiceLifecycle
import Signatures

/// The portal, put together: one process, one data directory.
public struct PortalServer: Sendable {
    let configuration: PortalConfiguration
    let service: PortalService
    let tls: TLSFiles?
    let logger: Logger

    /// Opens the data directory. Creates it, the key and the database if they are missing.
    ///
    /// - Throws: an error whose description says what to do.
    public init(
        _ configuration: PortalConfiguration, clock: any WallClock = SystemWallClock(), logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        tls =
            if let certificate = configuration.certificatePath, let key = configuration.certificateKeyPath {
                try TLSFiles(certificate: certificate, key: key)
            } else { nil }
        let data = try PortalData(making: configuration)
        let anchors = try TrustDirectory(configuration.anchorDirectory)
        anchors.last.logRejected(logger)
        if anchors.last.anchors.isEmpty {
            logger.warning("no anchors: every signature will be refused, continuing")
        }
        let rules = PortalRules(
            origin: PortalOrigin(configuration.origin), statement: configuration.statement,
            codeLifetime: configuration.codeLifetime, renewalDays: configuration.renewalDays,
            limits: configuration.limits)
        let metrics = PortalMetrics()
        let revocation = RevocationChecker(
            policy: configuration.revocationPolicy,
            transport: RevocationTransport(timeout: .seconds(configuration.revocationTimeout)), metrics: metrics,
            logger: logger)
        service = PortalService(
            rules: rules, store: data.store, keys: data.keys,
            judge: SignatureJudge(anchors: anchors, revocation: revocation), clock: clock, metrics: metrics,
            health: HealthCheck(data.store, clock, logger), logger: logger)
    }

    /// Serves until SIGTERM or SIGINT, then answers the requests in progress and returns.
    ///
    /// - Parameter listening: called once with the address, when the server accepts requests.
    public func run(listening: @escaping @Sendable (String) -> Void = { _ in }) async throws {
        try await prepare()
        try await application(listening: listening).runService()
    }

    /// Stores the statement for good, so that the words of its version never change.
    func prepare() async throws {
        try await service.store.keep(service.rules.statement)
    }

    private var isSecure: Bool { configuration.hasTLS || !configuration.proxies.isEmpty }

    func application(listening: @escaping @Sendable (String) -> Void) throws -> some ApplicationProtocol {
        let connections = ConnectionRoom.connections(atMost: configuration.connections, logger)
        return Application(
            router: try router(connections: connections), server: server(connections: connections),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(connections + Self.reserve)),
            services: [Housekeeping(service: service, tls: tls)],
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? configuration.port
                let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
                let address = "\(configuration.hasTLS ? "https" : "http")://\(host):\(port)"
                if let origin = try? Origin(address) { service.rules.origin.settle(origin) }
                listening(address)
            },
            logger: logger)
    }

    private var addresses: ClientAddress { ClientAddress(proxies: Set(configuration.proxies)) }

    private var security: SecurityHeaders {
        SecurityHeaders(isSecure: isSecure, includesSubDomains: configuration.includesSubDomains)
    }

    /// Connections above the limit, so that monitoring still works.
    private static let reserve = 64

    private func router(connections: Int) throws -> Router<PortalContext> {
        let (addresses, bodies) = (addresses, BodyReader())
        let cookies = SessionCookie(isSecure: isSecure)
        let pages = Pages(
            service: service, templates: try PageTemplates(), cookies: cookies, addresses: addresses, bodies: bodies)
        let router = Router(context: PortalContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestObserver(metrics: service.metrics))
        router.add(middleware: security)
        router.add(middleware: HeadGate())
        if !configuration.hasTLS && !configuration.proxies.isEmpty {
            router.add(middleware: ProxyGate(addresses: addresses))
        }
        let routes = RouteTable()
        router.add(middleware: ProblemMiddleware(pages: pages, routes: routes))
        APIRoutes(
            service: service, addresses: addresses, cookies: cookies, bodies: bodies,
            streams: SessionEvents.Budget(
                perAddress: configuration.eventStreamsPerAddress, total: configuration.eventStreams(outOf: connections))
        ).add(to: router)
        pages.add(to: router)
        Monitoring(service: service, addresses: addresses).add(to: router)
        routes.fill(from: router)
        return router
    }

    private func server(connections: Int) -> HTTPServerBuilder {
        // No time limit for idle connections here: `RequestGuard` has it.
        let settings = HTTP1Channel.Configuration(
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64))
        return HTTPServerBuilder { responder in
            let plain = HTTP1Channel(responder: responder, configuration: settings)
            guard let tls else { return guarded(plain, connections) }
            return guarded(try TLSChannel(plain, tlsConfiguration: try tls.configuration()), connections)
        }
    }

    private func guarded<Base: ServerChildChannel>(_ base: Base, _ connections: Int) -> GuardedChannel<Base> {
        let limits = ConnectionLimits(
            patience: .seconds(configuration.requestTimeout), drain: .seconds(configuration.drainTimeout),
            perAddress: configuration.connectionsPerAddress, total: connections, addresses: addresses)
        return GuardedChannel(
            base: base, limits: limits, refusal: BadHead(security, metrics: service.metrics, logger: logger))
    }
}

extension StatementReused: CustomStringConvertible {
    var description: String {
        "[Statement] Version: \(version) already stands for other words, and people signed those; give the new words "
            + "another version"
    }
}

/// The time of day, from the kernel.
public struct SystemWallClock: WallClock {
    public init() {}

    public func now() -> Int64 { Int64(Date().timeIntervalSince1970.rounded(.down)) }
}

/// The portal's work without requests: it removes what has lapsed, keeps event streams alive, and reads changed files.
struct Housekeeping: Service {
    let service: PortalService
    let tls: TLSFiles?

    func run() async throws {
        let (ticks, tick) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleRepeatedTask(
            initialDelay: .zero, delay: .seconds(1)
        ) { _ in tick.yield() }
        defer { timer.cancel() }
        var turn: Int64 = 0
        var anchors = service.judge.anchors.last
        for await _ in ticks.cancelOnGracefulShutdown() {
            service.events.postToQuiet()
            if turn.isMultiple(of: Self.tidyPause) {
                lookAtAnchors(&anchors)
                await tidyUp()
            }
            turn += 1
        }
    }

    private static let tidyPause: Int64 = 60

    /// The next signature reads changed anchors anyway. This logs that they changed, and which files are no anchors.
    private func lookAtAnchors(_ known: inout TrustStore) {
        do {
            let anchors = try service.judge.anchors.current()
            guard anchors != known else { return }
            known = anchors
            service.logger.notice("anchors read again", metadata: ["anchors": "\(anchors.anchors.count)"])
            anchors.logRejected(service.logger)
        } catch {
            service.logger.error("the anchors cannot be read: signatures cannot be judged, continuing")
        }
    }

    private func tidyUp() async {
        do {
            if try tls?.reload() == true { service.logger.notice("TLS certificate read again") }
        } catch {
            service.logger.error(
                "the changed TLS files cannot be used, continuing with the ones before",
                metadata: ["reason": "\(error)"])
        }
        await service.queue.sweep(at: service.clock.now())
        do {
            service.metrics.codesLapsed(try await service.store.sweep(at: service.clock.now()).lapsedCodes)
        } catch {
            service.logger.error(
                "what has lapsed could not be removed, continuing", metadata: Logger.Metadata(of: error))
        }
    }
}

extension TrustStore {
    /// Warns of each file that is no anchor.
    func logRejected(_ logger: Logger) {
        for rejected in rejected {
            logger.warning("not an anchor", metadata: ["file": "\(rejected.source)", "reason": "\(rejected.reason)"])
        }
    }
}
