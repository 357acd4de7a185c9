// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import PortalContract
import ServiceLifecycle
import Synchronization

/// Tells the open event streams of a session that something about it changed. It tells no more than that: the stream
/// then reads the session anew, so that a lost or doubled hint does no harm.
final class SessionEvents: Sendable {
    private struct Stream {
        let id: UInt64
        let address: String
        let hint: AsyncStream<Void>.Continuation
        /// When it is looked after, if nothing happens.
        var due: NIODeadline
    }

    private struct Streams {
        var next: UInt64 = 0
        var open: [Int64: [Stream]] = [:]
        var count = 0
        var perAddress: [String: Int] = [:]

        /// One more or less at an address and in the network around it.
        mutating func count(_ address: String, _ change: Int) {
            count += change
            for place in [address, ClientAddress.network(of: address)].compactMap(\.self) {
                let new = perAddress[place, default: 0] + change
                perAddress[place] = new > 0 ? new : nil
            }
        }

        func hasRoom(for address: String, _ budget: Budget) -> Bool {
            guard budget.perAddress > 0 else { return true }
            guard perAddress[address, default: 0] < budget.perAddress else { return false }
            guard let network = ClientAddress.network(of: address) else { return true }
            return perAddress[network, default: 0] < ClientAddress.networkBudget(budget.perAddress)
        }
    }

    /// How many streams there may be, of whatever sessions. 0 is no limit.
    struct Budget: Sendable {
        /// From one address; of IPv6, its /48 has more.
        var perAddress = 0
        /// In all.
        var total = 0
    }

    /// What became of the wish for a stream.
    enum Opening {
        case open(hints: AsyncStream<Void>, close: @Sendable () -> Void)
        /// The address has as many as it can have.
        case addressIsFull
        /// All are taken.
        case full
    }

    private let streams = Mutex(Streams())

    /// A session can have so many; a further one ends the oldest.
    static let limit = 8

    /// Hints for one session, the first at once. Ends when the session is over or has too many.
    func hints(for session: Int64) -> AsyncStream<Void> {
        // Without a limit there is always room.
        open(session, from: "", atMost: 0)!.hints
    }

    /// Hints as above, for a reader at an address, with what ends them when he has gone; nil where there is no room.
    func open(
        _ session: Int64, from address: String, atMost limit: Int
    ) -> (hints: AsyncStream<Void>, close: @Sendable () -> Void)? {
        guard case .open(let hints, let close) = open(session, from: address, within: Budget(perAddress: limit)) else {
            return nil
        }
        return (hints, close)
    }

    /// The same within a budget. Streams that are open are not disturbed.
    func open(_ session: Int64, from address: String, within budget: Budget) -> Opening {
        let (hints, hint) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        hint.yield()
        var refusal = Opening.full
        let added = streams.withLock { streams -> (id: UInt64, surplus: [AsyncStream<Void>.Continuation])? in
            guard streams.hasRoom(for: address, budget) else {
                refusal = .addressIsFull
                return nil
            }
            guard budget.total == 0 || streams.count < budget.total else { return nil }
            streams.next += 1
            streams.open[session, default: []].append(
                Stream(id: streams.next, address: address, hint: hint, due: Self.nextLook))
            streams.count(address, 1)
            return (streams.next, (streams.open[session] ?? []).dropLast(Self.limit).map(\.hint))
        }
        guard let (id, surplus) = added else { return refusal }
        hint.onTermination = { [weak self] _ in self?.remove(id, of: session) }
        // Outside of the lock: finishing calls onTermination, which takes it.
        for hint in surplus { hint.finish() }
        return .open(hints: hints, close: { hint.finish() })
    }

    private func remove(_ id: UInt64, of session: Int64) {
        streams.withLock { streams in
            guard let place = streams.open[session]?.firstIndex(where: { $0.id == id }),
                let stream = streams.open[session]?.remove(at: place)
            else { return }
            if streams.open[session]?.isEmpty == true { streams.open[session] = nil }
            streams.count(stream.address, -1)
        }
    }

    /// Something about the session changed.
    func post(_ session: Int64) {
        let hints = streams.withLock { $0.open[session]?.map(\.hint) ?? [] }
        for hint in hints { hint.yield() }
    }

    /// Time has passed, by which a session changes, too: looks after the streams whose turn it is.
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

    /// Some 15 seconds from now. Each stream then reads its session: those that began together shall not go on together.
    private static var nextLook: NIODeadline { .now() + .milliseconds(.random(in: 13_000...17_000)) }

    /// The session is over: its streams end.
    func finish(_ session: Int64) {
        let hints = streams.withLock { $0.open[session]?.map(\.hint) ?? [] }
        for hint in hints { hint.finish() }
    }

    /// How many streams are open.
    var count: Int { streams.withLock(\.count) }
}

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
