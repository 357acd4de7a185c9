// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import Logging

/// Answers what handlers throw: as problem details below `/api`, as a page elsewhere.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = PortalContext

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
            // So the router calls what no route was found for.
            if context.endpointPath == "NotFound", let allowed = routes.allowed(at: request.uri.path) {
                problem = .methodNotAllowed(allowed)
            }
            context.notes.note(problem)
            if request.uri.path.hasPrefix("/api/") { return Response(problem: problem) }
            do {
                return try await pages.problem(problem, request, context)
            } catch {
                // Even the page needs the store: without it, the plain details are what is left.
                return Response(problem: problem)
            }
        }
    }
}

extension PortalProblem {
    /// What a handler's error is called; throws only a cancellation on.
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
