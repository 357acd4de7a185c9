// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import PortalContract

/// Where a proxy speaks TLS for the portal, its plain HTTP is for that proxy and this machine: nobody else gets a page,
/// a code or a cookie that would travel unprotected. Whether the portal is well, anybody may ask.
///
/// It answers, and does not hang up: the likeliest one to be refused is a proxy that comes from another address than its
/// administrator thinks, and the answer says so.
struct ProxyGate: RouterMiddleware {
    typealias Context = PortalContext

    let addresses: ClientAddress

    @concurrent func handle(
        _ request: Request, context: PortalContext,
        next: @concurrent (Request, PortalContext) async throws -> Response
    ) async throws -> Response {
        let isKnown = addresses.isProxy(context.peer) || NetworkAddress(context.peer)?.isLoopback == true
        if isKnown || Self.isHealth(request) { return try await next(request, context) }
        context.notes.note(Self.name)
        let details = ProblemDetails(
            type: ProblemName.urnPrefix + Self.name,
            title: "Plain HTTP is for the proxies that the portal was told of.",
            status: HTTPResponse.Status.forbidden.code)
        var response = Response(.forbidden, json: details.json)
        response.headers[.contentType] = PortalMediaType.problem
        return response
    }

    private static let name = "not-the-proxy"

    /// Whether somebody asks if the portal is well.
    static func isHealth(_ request: Request) -> Bool {
        ["/healthz", PortalPath.prefix + "/healthz"].contains(request.uri.path)
    }
}
