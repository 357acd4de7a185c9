// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import PortalContract
import ServiceLifecycle
import Signatures

/// The portal, put together: one process, one data directory.
public struct PortalServer: Sendable {
    let configuration: PortalConfiguration
    let service: PortalService
    let tls: TLSFiles?
    let logger: Logger

    /// Opens the data directory; makes it, the key and the database where they are missing.
    ///
    /// - Throws: an error whose description says what to do about it.
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
        let anchors = try TrustDirectory(paths: [configuration.anchorDirectory])
        anchors.last.tellRejected(logger)
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
            logger: logger)
    }

    /// Serves until SIGTERM or SIGINT, then answers what is under way and returns.
    ///
    /// - Parameter listening: called once with the address, when requests are taken.
    public func run(listening: @escaping @Sendable (String) -> Void = { _ in }) async throws {
        try await prepare()
        try await application(listening: listening).runService()
    }

    /// Keeps the statement for good, so that what is declared under its version never changes.
    func prepare() async throws {
        try await service.store.keep(service.rules.statement)
    }

    private var isSecure: Bool { configuration.hasTLS || !configuration.proxies.isEmpty }

    func application(listening: @escaping @Sendable (String) -> Void) throws -> some ApplicationProtocol {
        Application(
            router: try router(), server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections)),
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

    private func router() throws -> Router<PortalContext> {
        let addresses = ClientAddress(proxies: Set(configuration.proxies))
        let cookies = SessionCookie(isSecure: isSecure)
        let bodies = BodyReader(patience: .seconds(configuration.requestTimeout))
        let pages = Pages(
            service: service, templates: try PageTemplates(), cookies: cookies, addresses: addresses, bodies: bodies)
        let router = Router(context: PortalContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestObserver(metrics: service.metrics))
        router.add(middleware: SecurityHeaders(isSecure: isSecure))
        router.add(middleware: ProblemMiddleware(pages: pages))
        APIRoutes(service: service, addresses: addresses, cookies: cookies, bodies: bodies).add(to: router)
        pages.add(to: router)
        Monitoring(service: service, addresses: addresses).add(to: router)
        return router
    }

    private func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                idleTimeout: .seconds(configuration.requestTimeout),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 8 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 64)))
        guard let tls else { return plain }
        return try .tls(plain, tlsConfiguration: try tls.configuration())
    }
}

/// The time of day, from the kernel.
public struct SystemWallClock: WallClock {
    public init() {}

    public func now() -> Int64 { Int64(Date().timeIntervalSince1970.rounded(.down)) }
}
