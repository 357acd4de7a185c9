// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PortalContract
import Synchronization

/// Answers errors that handlers throw: as problem details below `/api`, as a page elsewhere.
struct ProblemMiddleware: PortalMiddleware {
    let pages: Pages
    let routes: RouteTable

    @concurrent func handle(
        _ request: Request, context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var problem = try PortalProblem(caught: error, logger: context.logger)
            // The router's name for a path without a route.
            if context.endpointPath == "NotFound", let allowed = routes.allowed(at: request.uri.path) {
                problem = .methodNotAllowed(allowed)
            }
            context.notes.note(problem)
            if request.uri.path.hasPrefix("/api/") { return Response(problem: problem) }
            do {
                return try await pages.problem(problem, request, context)
            } catch {
                // Even the page needs the store: without it, the plain details are left.
                return Response(problem: problem)
            }
        }
    }
}

extension PortalProblem {
    /// The problem that a handler's error is answered with; throws only cancellations.
    init(caught error: any Error, logger: Logger) throws {
        switch error {
        case let problem as PortalProblem: self = problem
        case let error as any HTTPResponseError: self = error.status == .notFound ? Self(.notFound) : .badRequest
        case is CancellationError: throw error
        default:
            logger.error("failed", metadata: Logger.Metadata(of: error))
            self = .internal
        }
    }
}

/// The methods that each path accepts. The router only says that it found nothing.
final class RouteTable: Sendable {
    private struct Route {
        let segments: [Substring]
        var methods: Set<String>
    }

    private let routes = Mutex<[Route]>([])

    /// Reads the routes, once all are added.
    func fill(from router: Router<PortalContext>) {
        var found: [String: Set<String>] = [:]
        for route in router.routes {
            found[route.path.description, default: []].insert(route.method.rawValue)
            // The router answers HEAD by itself where there is a GET.
            if route.method == .get { found[route.path.description]?.insert(HTTPRequest.Method.head.rawValue) }
        }
        routes.withLock { $0 = found.map { Route(segments: Self.segments($0.key), methods: $0.value) } }
    }

    /// The value of Allow (RFC 9110, 10.2.1) for a path; nil if the path accepts no method.
    func allowed(at path: String) -> String? {
        let segments = Self.segments(path)
        let methods = routes.withLock { routes in
            routes.filter { route in
                route.segments.count == segments.count
                    && zip(route.segments, segments).allSatisfy { $0.first == "{" || $0 == $1 }
            }.reduce(into: Set<String>()) { $0.formUnion($1.methods) }
        }
        return methods.isEmpty ? nil : methods.sorted().joined(separator: ", ")
    }

    private static func segments(_ path: String) -> [Substring] {
        Substring(path).split(separator: "/").map { $0.first == ":" ? "{" : $0 }
    }
}

extension HTTPField.Name {
    static let xFrameOptions = HTTPField.Name("X-Frame-Options")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let permissionsPolicy = HTTPField.Name("Permissions-Policy")!
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
    static let crossOriginResourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
}

extension Response {
    /// A message of the contract.
    init(_ status: HTTPResponse.Status = .ok, answer: some WireValue) {
        self.init(status, json: answer.json)
    }

    init(_ status: HTTPResponse.Status = .ok, json: JSON) {
        self.init(
            status: status, headers: [.contentType: PortalMediaType.json],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.utf8)))
    }

    /// Problem details (RFC 9457).
    init(problem: PortalProblem) {
        let details = ProblemDetails(
            type: problem.type, title: problem.title, status: problem.status, reason: problem.reason)
        var headers: HTTPFields = [.contentType: PortalMediaType.problem]
        headers.addHints(of: problem)
        self.init(
            status: HTTPResponse.Status(code: problem.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: details.json.utf8)))
    }
}

extension HTTPFields {
    /// The fields by which a client can act on a problem.
    mutating func addHints(of problem: PortalProblem) {
        if let seconds = problem.retryAfter { self[.retryAfter] = String(seconds) }
        if let allowed = problem.allowed { self[.allow] = allowed }
        if problem.status == 401 { self[.wwwAuthenticate] = "Bearer" }
    }
}
