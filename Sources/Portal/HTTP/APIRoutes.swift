// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract

/// The calls of contract/portal.md.
struct APIRoutes: Sendable {
    let service: PortalService
    let addresses: ClientAddress
    let cookies: SessionCookie
    let bodies: BodyReader
    let streams: SessionEvents.Budget

    func add(to router: Router<PortalContext>) {
        let api = router.group(RouterPath(PortalPath.prefix))
        api.post("sessions") { request, context in
            let body: SessionRequest = try await bodies.message(of: request)
            let opened = try await service.open(
                identity: body.identity, address: addresses.address(of: request, context))
            return Response(.created, answer: opened)
        }
        api.get("codes/:code") { request, context in
            Response(
                answer: try await service.challenge(
                    context.parameters.require("code"), address: addresses.address(of: request, context)))
        }
        api.post("codes/:code/signature") { request, context in
            try request.expect(PortalMediaType.signature)
            return Response(
                answer: try await service.submit(
                    try await bodies.octets(of: request), under: context.parameters.require("code"),
                    address: addresses.address(of: request, context)))
        }
        api.get("statement") { _, _ in Response(answer: service.rules.statement) }
        api.get("healthz") { _, _ in await service.healthAnswer() }
        addSession(to: api)
        addHolder(to: api)
    }

    private func addSession(to api: RouterGroup<PortalContext>) {
        api.get("session") { request, _ in
            let session = try await service.session(readToken(of: request))
            return Response(answer: try await service.status(of: session))
        }
        api.get("session/events") { request, context in
            let session = try await service.session(readToken(of: request))
            let address = addresses.address(of: request, context)
            switch service.events.open(session.stored.id, from: address, within: streams) {
            case .addressIsFull: throw PortalProblem.tooManyRequests(retryAfter: 60)
            case .full: throw PortalProblem.overloaded
            case .open(let hints, let close):
                // Else a reader that has gone would count until the next event fails.
                context.closed.whenComplete { _ in close() }
                return EventStream(service: service, session: session, hints: hints).response
            }
        }
        api.post("session/confirm") { request, _ in
            let session = try await service.session(request.bearerToken)
            let body: ConfirmRequest = try await bodies.message(of: request)
            return Response(answer: ConfirmAnswer(state: try await service.confirm(body.number, session: session)))
        }
        api.delete("session") { request, _ in
            try await service.end(try await service.session(request.bearerToken))
            return Response(status: .noContent)
        }
    }

    private func addHolder(to api: RouterGroup<PortalContext>) {
        api.post("decision") { request, context in
            let session = try await service.loggedIn(request.bearerToken)
            let body: DecisionRequest = try await bodies.message(of: request)
            let address = addresses.address(of: request, context)
            return Response(.created, answer: try await service.decide(body, session: session, address: address))
        }
        api.get("status") { request, _ in
            Response(answer: try await service.standing(of: try await service.loggedIn(readToken(of: request))))
        }
        api.get("consents/:reference") { request, context in
            let session = try await service.loggedIn(readToken(of: request))
            return Response(
                answer: try await service.consent(context.parameters.require("reference"), session: session))
        }
        api.post("applications") { request, _ in
            let session = try await service.loggedIn(request.bearerToken)
            let body: ApplicationRequest = try await bodies.message(of: request)
            return Response(.created, answer: try await service.apply(body.kind, session: session))
        }
        api.get("applications") { request, _ in
            let session = try await service.loggedIn(readToken(of: request))
            return Response(json: .array(try await service.applications(of: session).map(\.json)))
        }
    }

    /// The browser's cookie is enough to read. A call that changes something needs the bearer token, which no other site
    /// can make a browser send.
    private func readToken(of request: Request) -> String? {
        request.bearerToken ?? cookies.token(of: request)
    }
}
