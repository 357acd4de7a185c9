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
        router.get("/healthz") { _, _ in
            _ = try await service.store.chainHead()
            return Response(json: .members(("status", .string("ok"))))
        }
        router.get("/metrics") { request, context in
            let address = addresses.address(of: request, context)
            guard address.hasPrefix("127.") || address == Self.loopback else { throw PortalProblem(.notFound) }
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: try await text())))
        }
    }

    private static let loopback = ClientAddress.counted("::1")

    private func text() async throws -> String {
        let figures = try await service.store.figures(at: service.clock.now())
        let gauges = [
            ("sessions", figures.sessions), ("open_codes", figures.openCodes), ("event_streams", service.events.count),
            ("records", Int(figures.head.sequence)),
        ]
        return service.metrics.text
            + gauges.map { "# TYPE eonay_portal_\($0.0) gauge\neonay_portal_\($0.0) \($0.1)\n" }.joined()
    }
}
