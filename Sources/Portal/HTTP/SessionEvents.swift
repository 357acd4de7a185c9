// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import ServiceLifecycle
import Synchronization

/// Hints to the open event streams of a session that something about it changed. A hint says no more than that: the
/// stream then reads the session again, so a lost or doubled hint does no harm.
final class SessionEvents: Sendable {
    private struct Stream {
        let id: UInt64
        let places: [String]
        let hint: AsyncStream<Void>.Continuation
        /// When the stream is to look again, if nothing happens before.
        var due: NIODeadline
    }

    private struct Streams {
        var next: UInt64 = 0
        var count = 0
        var open: [Int64: [Stream]] = [:]
    }

    /// How many streams there may be, of all sessions. 0 is no limit.
    struct Budget: Sendable {
        /// From one address; the /48 around an IPv6 address has more.
        var perAddress = 0
        /// In all.
        var total = 0
    }

    /// The result of a request for a stream.
    enum Opening {
        case open(hints: AsyncStream<Void>, close: @Sendable () -> Void)
        /// The address has as many as it may have.
        case addressIsFull
        /// All are in use.
        case full
    }

    private let streams = Mutex(Streams())
    private let addresses = AddressCounts()

    /// How many streams a session may have; a further one ends the oldest.
    private static let limit = 8

    /// Opens a stream of hints for a session; the first hint comes at once. The stream ends when the session is over, when
    /// the session has too many, or by `close`, which its owner calls when its reader has gone.
    func open(_ session: Int64, from address: String, within budget: Budget) -> Opening {
        let places =
            budget.perAddress > 0 ? ClientAddress.places(of: address, atMost: budget.perAddress) : []
        guard addresses.enter(places) else { return .addressIsFull }
        let names = places.map(\.name)
        let (hints, hint) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        hint.yield()
        let added = streams.withLock { streams -> (id: UInt64, surplus: [AsyncStream<Void>.Continuation])? in
            guard budget.total == 0 || streams.count < budget.total else { return nil }
            streams.next += 1
            streams.count += 1
            streams.open[session, default: []].append(
                Stream(id: streams.next, places: names, hint: hint, due: Self.nextLook))
            return (streams.next, (streams.open[session] ?? []).dropLast(Self.limit).map(\.hint))
        }
        guard let (id, surplus) = added else {
            addresses.leave(names)
            return .full
        }
        hint.onTermination = { [weak self] _ in self?.remove(id, of: session) }
        // Outside of the lock: finishing calls onTermination, which locks.
        for hint in surplus { hint.finish() }
        return .open(hints: hints, close: { hint.finish() })
    }

    private func remove(_ id: UInt64, of session: Int64) {
        let removed = streams.withLock { streams -> Stream? in
            guard let place = streams.open[session]?.firstIndex(where: { $0.id == id }) else { return nil }
            let stream = streams.open[session]?.remove(at: place)
            if streams.open[session]?.isEmpty == true { streams.open[session] = nil }
            streams.count -= 1
            return stream
        }
        if let removed { addresses.leave(removed.places) }
    }

    /// Something about the session changed.
    func post(_ session: Int64) {
        let hints = streams.withLock { $0.open[session]?.map(\.hint) ?? [] }
        for hint in hints { hint.yield() }
    }

    /// Sessions change by time as well, so this hints to the streams whose turn it is.
    func postToQuiet() {
        let now = NIODeadline.now()
        let hints = streams.withLock { streams in
            var hints: [AsyncStream<Void>.Continuation] = []
            for session in streams.open.keys {
                for place in streams.open[session]?.indices ?? 0..<0
                where streams.open[session]?[place].due ?? now < now {
                    streams.open[session]?[place].due = Self.nextLook
                    if let hint = streams.open[session]?[place].hint { hints.append(hint) }
                }
            }
            return hints
        }
        for hint in hints { hint.yield() }
    }

    /// About 15 seconds from now. Each stream then reads its session, so streams that began together must not stay together.
    private static var nextLook: NIODeadline { .now() + .milliseconds(.random(in: 13_000...17_000)) }

    /// The session is over: its streams end.
    func finish(_ session: Int64) {
        let hints = streams.withLock { $0.open[session]?.map(\.hint) ?? [] }
        for hint in hints { hint.finish() }
    }

    var count: Int { streams.withLock(\.count) }
}

/// The answer of `GET /session/events`: the session's status now, and again each time it has changed.
///
/// Each event's data is the answer of `GET /session`. The event is "session", or "refusal" if the session is as it was and
/// the portal refused a signature under its code.
struct EventStream: Sendable {
    let service: PortalService
    let session: PortalService.Session
    let hints: AsyncStream<Void>

    var response: Response {
        // A server that shuts down ends its streams, or it would wait for their readers to leave.
        let hints = hints.cancelOnGracefulShutdown()
        let news = News(service: service, session: session.stored.id)
        let events = hints.map { _ in try await news.next() }.compactMap(\.self)
        return Response(
            status: .ok,
            headers: [.contentType: PortalMediaType.events, .cacheControl: "no-store", .accelBuffering: "no"],
            body: ResponseBody(asyncSequence: events))
    }

    /// Turns each hint into what is sent for it.
    private actor News {
        private let service: PortalService
        private let session: Int64
        private var last: SessionStatus?

        init(service: PortalService, session: Int64) {
            self.service = service
            self.session = session
        }

        /// nil if there will be no more news: then the session's streams end.
        func next() async throws -> ByteBuffer? {
            guard let session = try await current() else {
                service.events.finish(session)
                return nil
            }
            if session.state == .ended { service.events.finish(self.session) }
            let status = try await service.status(of: session)
            let before = last
            last = status
            guard let before, before.isSame(as: status) else { return event("session", status) }
            // The session is where it was, but its page has something to say.
            guard status.refusal == before.refusal else { return event("refusal", status) }
            // Nothing new: a comment keeps proxies from closing the connection, and fails if nobody listens.
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
    }
}

extension SessionStatus {
    /// Apart from the seconds that are left, which change by themselves, and from refused signatures.
    fileprivate func isSame(as other: SessionStatus) -> Bool {
        state == other.state && reference == other.reference && challenge?.code == other.challenge?.code
    }
}

extension HTTPField.Name {
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
