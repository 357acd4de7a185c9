// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import ServiceLifecycle

/// The answer of `GET /session/events`: the session's status now, and again each time it has changed.
///
/// Each event's data is the answer of `GET /session`. It is called "session"; or "refusal", where the session is as it
/// was and a signature under its code was not taken.
struct EventStream: Sendable {
    let service: PortalService
    let session: PortalService.Session
    let hints: AsyncStream<Void>

    var response: Response {
        // A server that shuts down ends its streams, or it would wait for their readers to leave.
        let hints = hints.cancelOnGracefulShutdown()
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
        /// How many signatures had been refused under which code when it was told last.
        private var toldRefusal: Refusal?

        init(service: PortalService, session: Int64) {
            self.service = service
            self.session = session
        }

        /// nil where there is nothing more to tell: then the session's streams end.
        func tell() async throws -> ByteBuffer? {
            guard let session = try await current() else {
                service.events.finish(session)
                return nil
            }
            if session.state == .ended { service.events.finish(self.session) }
            let status = try await service.status(of: session)
            let refusal = Refusal(session.code)
            let (wasTold, hadBeenRefused) = (told, toldRefusal)
            (told, toldRefusal) = (status, refusal)
            guard let wasTold, wasTold.isSame(as: status) else { return event("session", status) }
            // The session is where it was, but its page has something to say.
            guard refusal == hadBeenRefused else { return event("refusal", status) }
            // Nothing new: a comment keeps proxies from closing the connection, and finds out if nobody listens.
            return ByteBuffer(string: ": \n\n")
        }

        private func event(_ name: String, _ status: SessionStatus) -> ByteBuffer {
            ByteBuffer(string: "event: \(name)\ndata: \(String(decoding: status.json.utf8, as: UTF8.self))\n\n")
        }

        /// The session as it is now, found by its own number: its token changes when a browser signs in.
        private func current() async throws -> PortalService.Session? {
            guard let (stored, code) = try await service.store.session(id: session),
                stored.livesUntil > service.clock.now()
            else { return nil }
            return service.session(stored, code, token: "")
        }

        private struct Refusal: Equatable {
            let code: Data
            let count: Int
            let problem: String?

            /// nil for a code under which nothing was refused.
            init?(_ code: StoredCode?) {
                guard let code, code.lastProblem != nil else { return nil }
                (self.code, count, problem) = (code.digest, code.refusals, code.lastProblem)
            }
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
