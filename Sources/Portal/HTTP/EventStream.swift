// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import ServiceLifecycle

/// The answer of `GET /session/events`: the session's status now, and again each time it has changed.
struct EventStream: Sendable {
    let service: PortalService
    let session: PortalService.Session

    var response: Response {
        // A server that shuts down ends its streams, or it would wait for their readers to leave.
        let hints = service.events.hints(for: session.stored.id).cancelOnGracefulShutdown()
        let teller = Teller(service: service, session: session.stored.id)
        let events = hints.map { _ in try await teller.tell() }.compactMap(\.self)
        return Response(
            status: .ok,
            headers: [.contentType: PortalMediaType.events, .cacheControl: "no-store", .accelBuffering: "no"],
            body: ResponseBody(asyncSequence: events))
    }

    /// Turns each hint into what is sent for it.
    private actor Teller {
        private let service: PortalService
        private let session: Int64
        private var told: SessionStatus?

        init(service: PortalService, session: Int64) {
            self.service = service
            self.session = session
        }

        /// nil where there is nothing more to tell: then the session's streams end.
        func tell() async throws -> ByteBuffer? {
            let status = try await current()
            if status == nil || status?.state == .ended { service.events.finish(session) }
            guard let status else { return nil }
            if let told, told.isSame(as: status) {
                // Nothing new: a comment keeps proxies from closing the connection, and finds out if nobody listens.
                return ByteBuffer(string: ": \n\n")
            }
            told = status
            let data = String(decoding: status.json.utf8, as: UTF8.self)
            return ByteBuffer(string: "event: session\ndata: \(data)\n\n")
        }

        /// The session as it is now, found by its own number: its token changes when a browser signs in.
        private func current() async throws -> SessionStatus? {
            guard let (stored, code) = try await service.store.session(id: session),
                stored.livesUntil > service.clock.now()
            else { return nil }
            return try await service.status(of: service.session(stored, code, token: ""))
        }
    }
}

extension SessionStatus {
    /// Apart from the seconds that are left, which change by themselves.
    fileprivate func isSame(as other: SessionStatus) -> Bool {
        state == other.state && reference == other.reference && challenge?.code == other.challenge?.code
    }
}

extension HTTPField.Name {
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
