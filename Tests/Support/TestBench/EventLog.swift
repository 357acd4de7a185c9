// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Dispatch
internal import Synchronization

/// Everything that happened, in order, for tests that wait for something to happen.
///
/// A test reads it like a tape: `next` returns the first match after the one it returned last, whether it has happened
/// already or not, so nothing is missed and nobody sleeps.
public final class EventLog<Event: Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let matches: @Sendable (Event) -> Bool
        let continuation: CheckedContinuation<Event, any Error>
    }

    private struct State {
        var events: [Event] = []
        var read = 0
        var waiters: [Waiter] = []
        var lastID = 0
        var end: String?
    }

    private enum Found {
        case event(Event)
        case end(String)
        case waiting(Int)
    }

    private let state = Mutex(State())
    private let what: String

    /// `what` names the source in errors.
    public init(_ what: String) { self.what = what }

    /// All events so far.
    public var all: [Event] { state.withLock { $0.events } }

    /// The awaited event did not come.
    public struct Missed: Error, CustomStringConvertible {
        public let description: String
    }

    public func append(_ event: Event) {
        let served = state.withLock { state -> [Waiter] in
            state.events.append(event)
            let served = state.waiters.filter { $0.matches(event) }
            state.waiters.removeAll { waiter in served.contains { $0.id == waiter.id } }
            if !served.isEmpty { state.read = state.events.count }
            return served
        }
        for waiter in served { waiter.continuation.resume(returning: event) }
    }

    /// Nothing will come any more; who waits is told why.
    public func end(_ reason: String) {
        let waiters = state.withLock { state in
            state.end = reason
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(throwing: missed(reason)) }
    }

    /// Skips what has happened so far.
    public func skip() { state.withLock { $0.read = $0.events.count } }

    /// The next event that matches. Throws `Missed` when it has not come within the time, or cannot come any more.
    @discardableResult
    public func next(
        within limit: DispatchTimeInterval = .seconds(20), where matches: @escaping @Sendable (Event) -> Bool
    ) async throws -> Event {
        try await withCheckedThrowingContinuation { continuation in
            let found = state.withLock { state -> Found in
                if let index = state.events[state.read...].firstIndex(where: matches) {
                    state.read = index + 1
                    return .event(state.events[index])
                }
                if let end = state.end { return .end(end) }
                state.lastID += 1
                state.waiters.append(Waiter(id: state.lastID, matches: matches, continuation: continuation))
                return .waiting(state.lastID)
            }
            switch found {
            case .event(let event): continuation.resume(returning: event)
            case .end(let reason): continuation.resume(throwing: missed(reason))
            case .waiting(let id):
                DispatchQueue.global().asyncAfter(deadline: .now() + limit) { [weak self] in self?.expire(id) }
            }
        }
    }

    private func expire(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: missed("not in time"))
    }

    private func missed(_ reason: String) -> Missed {
        let tail = all.suffix(20).map { "\n  \($0)" }.joined()
        return Missed(description: "\(what): the event did not come (\(reason)); the last ones were:\(tail)")
    }
}

extension EventLog where Event: Equatable {
    /// The next event that equals this one.
    @discardableResult
    public func next(_ event: Event, within limit: DispatchTimeInterval = .seconds(20)) async throws -> Event {
        try await next(within: limit) { $0 == event }
    }
}
