// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops

/// Finds the certificate that a person means who names none; where there is time for a card to be put in, waits for what a
/// card would settle: a service that has only just started, a card that is being read, two cards of which neither is in.
struct CandidateSearch {
    let service: ServiceClient
    let loop: EventLoop
    /// How long a card may be waited for; 0 for not at all.
    let seconds: UInt32

    /// The id to pass on. Throws what hinders all that there are, at the latest when the time is over.
    ///
    /// - Parameter waiting: called once, when it turns out that a card has to be put in.
    func id(waiting: () async -> Void) async throws -> String {
        guard seconds > 0 else { return try await look().id() }
        // Heard from before the first look, so that nothing is missed in between.
        var changes = try await changes().makeAsyncIterator()
        var hasTold = false
        var reason: Failure
        var isOver = false
        repeat {
            let candidate = try await look()
            do { return try candidate.id() } catch let failure as Failure where candidate.mayChange(failure) {
                reason = failure
            }
            if !hasTold, !candidate.isBeingRead {
                hasTold = true
                await waiting()
            }
            isOver = await changes.next() != .changed
        } while !isOver
        throw reason
    }

    private enum Change { case changed, timeIsOver }

    private func look() async throws -> Candidate {
        Candidate(objects: try await service.objects(), watcher: try await service.watcher(), waits: seconds > 0)
    }

    /// Everything that the service signals, and the end of the time.
    private func changes() async throws -> AsyncStream<Change> {
        let signals = try await Failure.mapping {
            try await service.bus.signals(SignalMatch(sender: Contract.busName, pathNamespace: Contract.root))
        }
        let (stream, continuation) = AsyncStream<Change>.makeStream(bufferingPolicy: .bufferingNewest(1))
        Task(executorPreference: loop.tasks) { for await _ in signals { continuation.yield(.changed) } }
        loop.timer(after: .seconds(Int64(seconds))) {
            continuation.yield(.timeIsOver)
            continuation.finish()
        }
        return stream
    }
}
