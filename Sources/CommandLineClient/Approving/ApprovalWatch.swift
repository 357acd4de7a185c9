// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import Glibc

/// All that can happen to a command that waits for an approval, in one stream, from before the call on.
final class ApprovalWatch: Sendable {
    let news: AsyncStream<ApprovalNews>
    private let continuation: AsyncStream<ApprovalNews>.Continuation
    private let program: Program
    var loop: EventLoop { program.loop }
    private let signals: UnixSignals
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var hasBegun = false
    nonisolated(unsafe) private var interruptions = 0

    /// From here on Ctrl-C does not end the process: before `begin` it ends the program's work, later it is news; the second time
    /// it ends the work in any case.
    init(_ program: Program, sharesTerminal: Bool) throws {
        let (news, continuation) = AsyncStream<ApprovalNews>.makeStream()
        (self.news, self.continuation, self.program) = (news, continuation, program)
        // SIGTSTP is taken and dropped where the terminal is lent (see `TerminalLoan`).
        let taken = [SIGINT, SIGTERM, SIGHUP] + (sharesTerminal ? [SIGTSTP] : [])
        let interruption = Interruption()
        signals = try UnixSignals(taken, on: program.loop) { interruption.handler($0) }
        interruption.handler = { [weak self] signal in self?.take(signal) }
    }

    /// Hears the approval's object, the service's name and the bus.
    func listen(to service: ServiceClient, at path: ObjectPath) async throws {
        let loop = program.loop
        let signals = try await Failure.mapping {
            try await service.bus.signals(SignalMatch(sender: Contract.busName, path: path))
        }
        let continuation = continuation
        Task(executorPreference: loop.tasks) { for await signal in signals { continuation.yield(.signal(signal)) } }
        Task(executorPreference: loop.tasks) {
            for await event in service.bus.events where event == .disconnected { continuation.yield(.busGone) }
        }
    }

    /// The call has been answered: from now on there is something to be cancelled.
    func begin(_ service: ServiceClient, ticks: Bool) {
        hasBegun = true
        let continuation = continuation
        _ = service.bus.watchName(Contract.busName) { if $0 == nil { continuation.yield(.serviceGone) } }
        if ticks { program.loop.timer(after: .seconds(1), repeats: true) { continuation.yield(.tick) } }
    }

    /// Has `.patienceOver` told after that time.
    func beginWaiting(for duration: Duration) {
        program.loop.timer(after: duration) { [continuation] in continuation.yield(.patienceOver) }
    }

    private func take(_ signal: Int32) {
        guard signal != SIGTSTP else { return }
        interruptions += 1
        guard hasBegun else { return program.end(with: Failure(.cancelled)) }
        continuation.yield(interruptions == 1 ? .interrupted : .patienceOver)
    }
}

/// Stands for the watch while that is being made.
private final class Interruption: Sendable {
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) var handler: @Sendable (Int32) -> Void = { _ in }
}
