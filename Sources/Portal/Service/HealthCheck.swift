// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Whether the portal can do its work. Anybody may ask from any thread, at any rate: it looks once for all callers at a
/// time, and a few times a second at most.
final class HealthCheck: Sendable {
    private struct State {
        var isWell = true
        var looked: NIODeadline?
        var looking: EventLoopFuture<Bool>?
    }

    private let store: any PortalStore
    private let clock: any WallClock
    private let logger: Logger
    private let state = Mutex(State())

    /// How long an answer stays good.
    private static let freshness = TimeAmount.milliseconds(250)
    /// After this time without an answer, the disk is not well.
    private static let patience = TimeAmount.seconds(3)

    init(_ store: any PortalStore, _ clock: any WallClock, _ logger: Logger) {
        (self.store, self.clock, self.logger) = (store, clock, logger)
    }

    /// Answers within seconds, even if the disk hangs.
    func isWell() async -> Bool {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answer = loop.makePromise(of: Bool.self)
        // A promise keeps the first of the two.
        let alarm = loop.scheduleTask(in: Self.patience) { answer.succeed(false) }
        look(on: loop).whenComplete { result in
            alarm.cancel()
            answer.completeWith(result)
        }
        return (try? await answer.futureResult.get()) ?? false
    }

    private func look(on loop: any EventLoop) -> EventLoopFuture<Bool> {
        state.withLock { state in
            if let looking = state.looking { return looking }
            if let looked = state.looked, looked + Self.freshness > .now() {
                return loop.makeSucceededFuture(state.isWell)
            }
            let verdict = loop.makePromise(of: Bool.self)
            state.looking = verdict.futureResult
            Task { verdict.succeed(await probe()) }
            return verdict.futureResult
        }
    }

    private func probe() async -> Bool {
        var failure: (any Error)?
        do { try await store.probe(at: clock.now()) } catch { failure = error }
        let wasWell = state.withLock { state in
            defer { (state.isWell, state.looked, state.looking) = (failure == nil, .now(), nil) }
            return state.isWell
        }
        if let failure, wasWell {
            logger.error("the database takes no more, continuing", metadata: Logger.Metadata(of: failure))
        } else if failure == nil, !wasWell {
            logger.notice("the database takes what is written to it again")
        }
        return failure == nil
    }
}

/// Work was not done in time.
struct TimeoutError: Error {}

/// Does work with a time limit. Longer work is cancelled, and must react to that; then this throws `TimeoutError`.
func withTimeout<Value: Sendable>(
    _ limit: TimeAmount, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let alarm = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: limit) {}
    defer { alarm.cancel() }
    let working = Task { try await work() }
    alarm.futureResult.whenSuccess { working.cancel() }
    do {
        let value = try await withTaskCancellationHandler {
            try await working.value
        } onCancel: {
            working.cancel()
        }
        guard !working.isCancelled else { throw TimeoutError() }
        return value
    } catch is CancellationError {
        throw TimeoutError()
    }
}
