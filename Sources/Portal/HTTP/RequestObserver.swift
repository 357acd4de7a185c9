// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import GRDB
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import PortalContract
import Signatures
import Synchronization
import SystemBasics

/// Counts and logs each request, by its route's pattern: the path itself may hold a code. The line names the problem.
struct RequestObserver: PortalMiddleware {
    let metrics: PortalMetrics

    @concurrent func handle(
        _ request: Request, context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let response = try await next(request, context)
            log(request, context, status: response.status.code, since: start)
            return response
        } catch {
            // Only a client that has gone before its answer ends here; nobody sees this status.
            context.notes.noteCancellation()
            log(request, context, status: 499, since: start)
            throw error
        }
    }

    private func log(_ request: Request, _ context: PortalContext, status: Int, since start: ContinuousClock.Instant) {
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let route = context.endpointPath ?? "NotFound"
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "OTHER"
        metrics.request(method: method, route: route, status: status, seconds: elapsed)
        var metadata: Logger.Metadata = [
            "method": "\(method)", "route": "\(route)", "status": "\(status)",
            "milliseconds": "\((elapsed * 1000).rounded())",
        ]
        metadata["problem"] = context.notes.problem.map { "\($0)" }
        context.logger.info("request", metadata: metadata)
    }

    /// A client may invent methods, and each would be a series of its own.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .options, .patch]
}

/// What stands between the server and the handlers.
protocol PortalMiddleware: RouterMiddleware where Context == PortalContext {}

/// The data of handlers besides the request.
struct PortalContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection: a proxy's, if one stands before the portal.
    let peer: String
    /// Completes when the connection has ended.
    let closed: EventLoopFuture<Void>
    let notes = RequestNotes()

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
        closed = source.channel.closeFuture
    }
}

/// The problem that a request was answered with, for its one line in the log.
final class RequestNotes: Sendable {
    private let kept = Mutex<String?>(nil)

    var problem: String? { kept.withLock { $0 } }

    func note(_ problem: PortalProblem) { kept.withLock { $0 = problem.name } }

    /// The client has gone.
    func noteCancellation() { kept.withLock { $0 = "cancelled" } }
}

/// Writes each event of the log as one line of JSON to standard error. For systemd's journal, the level stands in front
/// as a priority (sd-daemon(3)), which the journal removes.
struct JSONLog: LogHandler {
    /// Standard error is the journal's.
    let isJournal: Bool
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        let members =
            [
                JSON.Member("time", .string(Timestamp(seconds: Int64(Date().timeIntervalSince1970)).text)),
                JSON.Member("level", .string(event.level.rawValue)),
                JSON.Member("message", .string("\(event.message)")),
            ] + merged.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string("\($0.value)")) }
        let line = Array((isJournal ? "<\(event.level.priority)>" : "").utf8) + JSON.object(members).utf8 + [0x0A]
        // One call, so that lines of several threads do not mix. The portal goes on if the log cannot be written.
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension Logger.Level {
    /// The priority of syslog(3).
    var priority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}

extension Logger.Metadata {
    /// The kind and the codes of an error. Its words never go into the log: they could hold what a client sent.
    init(of error: any Error) {
        self = ["error": "\(Swift.type(of: error))"]
        switch error {
        // SQLite's own words for a code, such as "13 (database or disk is full)".
        case let error as DatabaseError: self["sqlite"] = "\(error.extendedResultCode)"
        case let error as SystemError: self["errno"] = "\(error.code)"
        case let error as IOError: self["errno"] = "\(error.errnoCode)"
        case let error as NIOConnectionError:
            self["errno"] = error.connectionErrors.first.flatMap { $0.error as? IOError }.map { "\($0.errnoCode)" }
        case let error as RevocationError: self["reason"] = "\(error.code.rawValue) \(error.detail)"
        case let error as RevocationTransport.Failure: self["status"] = "\(error.status)"
        // A fixed name for each of them, such as "HTTPClientError.connectTimeout".
        case let error as HTTPClientError: self["reason"] = "\(error)"
        case is TimeoutError: self["reason"] = "no answer in time"
        default: break
        }
    }
}
