// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract

/// What watches the portal asks for: `/healthz` from anywhere, `/metrics` from this machine alone.
struct Monitoring: Sendable {
    let service: PortalService
    let addresses: ClientAddress

    func add(to router: Router<PortalContext>) {
        router.get("/healthz") { _, _ in await service.healthAnswer() }
        router.get("/metrics") { request, context in
            guard addresses.isLocal(request, context) else { throw PortalProblem(.notFound) }
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: try await text())))
        }
    }

    private func text() async throws -> String {
        let figures = try await service.store.gauges(at: service.clock.now())
        let gauges = [
            ("sessions", "Sessions that live.", figures.sessions),
            ("open_codes", "Codes that wait for a signature.", figures.openCodes),
            ("event_streams", "Pages that wait for news of their session.", service.events.count),
            ("records", "Decisions and applications.", Int(figures.records)),
        ]
        return service.metrics.text
            + gauges.map { name, meaning, value in
                let series = "eonay_portal_" + name
                return "# HELP \(series) \(meaning)\n# TYPE \(series) gauge\n\(series) \(value)\n"
            }.joined()
    }
}

extension PortalService {
    /// The answer of `/healthz`: 200 for a portal that can read and write its database, else 503.
    func healthAnswer() async -> Response {
        guard await health.isWell() else { return Response(problem: .unwell) }
        return Response(json: .members(("status", .string("ok"))))
    }
}
