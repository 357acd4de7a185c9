// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells the open event streams of a session that something about it changed. It tells no more than that: the stream
/// then reads the session anew, so that a lost or doubled hint does no harm.
final class SessionEvents: Sendable {
    private struct Stream {
        let id: UInt64
        let address: String
        let hint: AsyncStream<Void>.Continuation
    }

    private struct Streams {
        var next: UInt64 = 0
        var open: [Int64: [Stream]] = [:]
        var perAddress: [String: Int] = [:]
    }

    private let streams = Mutex(Streams())

    /// A session can have so many; a further one ends the oldest.
    static let limit = 8

    /// Hints for one session, the first at once. Ends when the session is over or has too many.
    func hints(for session: Int64) -> AsyncStream<Void> {
        // Without a limit there is always room.
        open(session, from: "", atMost: 0)!.hints
    }

    /// Hints as above, for a reader at an address, with what ends them when he has gone.
    ///
    /// - Returns: nil where the address has as many streams as it can have, of whatever sessions: those that are open
    ///   are not disturbed. A limit of 0 is none.
    func open(
        _ session: Int64, from address: String, atMost limit: Int
    ) -> (hints: AsyncStream<Void>, close: @Sendable () -> Void)? {
        let (hints, hint) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        hint.yield()
        let added = streams.withLock { streams -> (id: UInt64, surplus: [AsyncStream<Void>.Continuation])? in
            guard limit == 0 || streams.perAddress[address, default: 0] < limit else { return nil }
            streams.next += 1
            streams.open[session, default: []].append(Stream(id: streams.next, address: address, hint: hint))
            streams.perAddress[address, default: 0] += 1
            return (streams.next, (streams.open[session] ?? []).dropLast(Self.limit).map(\.hint))
        }
        guard let (id, surplus) = added else { return nil }
        hint.onTermination = { [weak self] _ in self?.remove(id, of: session) }
        // Outside of the lock: finishing calls onTermination, which takes it.
        for hint in surplus { hint.finish() }
        return (hints, { hint.finish() })
    }

    private func remove(_ id: UInt64, of session: Int64) {
        streams.withLock { streams in
            guard let place = streams.open[session]?.firstIndex(where: { $0.id == id }),
                let stream = streams.open[session]?.remove(at: place)
            else { return }
            if streams.open[session]?.isEmpty == true { streams.open[session] = nil }
            let left = streams.perAddress[stream.address, default: 0] - 1
            streams.perAddress[stream.address] = left > 0 ? left : nil
        }
    }

    /// Something about the session changed.
    func post(_ session: Int64) {
        let hints = streams.withLock { $0.open[session]?.map(\.hint) ?? [] }
        for hint in hints { hint.yield() }
    }

    /// Something may have changed everywhere: time has passed.
    func postToAll() {
        let hints = streams.withLock { $0.open.values.flatMap { $0.map(\.hint) } }
        for hint in hints { hint.yield() }
    }

    /// The session is over: its streams end.
    func finish(_ session: Int64) {
        let hints = streams.withLock { $0.open[session]?.map(\.hint) ?? [] }
        for hint in hints { hint.finish() }
    }

    /// How many streams are open.
    var count: Int { streams.withLock { $0.open.values.reduce(0) { $0 + $1.count } } }
}
