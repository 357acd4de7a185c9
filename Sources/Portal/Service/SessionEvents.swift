// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells the open event streams of a session that something about it changed. It tells no more than that: the stream
/// then reads the session anew, so that a lost or doubled hint does no harm.
final class SessionEvents: Sendable {
    private struct Streams {
        var next: UInt64 = 0
        var open: [Int64: [(id: UInt64, hint: AsyncStream<Void>.Continuation)]] = [:]
    }

    private let streams = Mutex(Streams())

    /// A session can have so many; a further one ends the oldest.
    static let limit = 8

    /// Hints for one session, the first at once. Ends when the session is over or has too many.
    func hints(for session: Int64) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            continuation.yield()
            let id = streams.withLock { streams -> UInt64 in
                streams.next += 1
                streams.open[session, default: []].append((streams.next, continuation))
                return streams.next
            }
            let surplus = streams.withLock { streams in
                (streams.open[session] ?? []).dropLast(Self.limit).map(\.hint)
            }
            // Outside of the lock: finishing calls onTermination, which takes it.
            for hint in surplus { hint.finish() }
            continuation.onTermination = { [weak self] _ in self?.remove(id, of: session) }
        }
    }

    private func remove(_ id: UInt64, of session: Int64) {
        streams.withLock { streams in
            streams.open[session]?.removeAll { $0.id == id }
            if streams.open[session]?.isEmpty == true { streams.open[session] = nil }
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
