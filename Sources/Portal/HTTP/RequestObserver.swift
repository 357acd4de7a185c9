// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging

/// Counts and logs each request, by its route's pattern: the path itself may hold a code. What was refused is named there.
struct RequestObserver: RouterMiddleware {
    typealias Context = PortalContext

    let metrics: PortalMetrics

    @concurrent func handle(
        _ request: Request, context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let response = try await next(request, context)
            tell(request, context, status: response.status.code, since: start)
            return response
        } catch {
            // Only who is gone before he is answered ends here; nobody sees this status.
            context.notes.note("cancelled")
            tell(request, context, status: 499, since: start)
            throw error
        }
    }

    private func tell(_ request: Request, _ context: PortalContext, status: Int, since start: ContinuousClock.Instant) {
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

    /// A client may make methods up: each would be a series of its own.
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .options, .patch]
}
