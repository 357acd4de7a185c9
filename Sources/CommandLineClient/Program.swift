// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc

/// Runs a command's work on a loop on the main thread: no other thread is started, and Swift's pool never wakes.
final class Program: Sendable {
    let loop: EventLoop
    // Unsafe: touched on the loop's thread, which made this object and runs the loop.
    nonisolated(unsafe) private var error: (any Error)?
    nonisolated(unsafe) private var hasEnded = false

    private init() throws {
        loop = try EventLoop(name: "eonay")
    }

    /// Returns when the work has ended; throws what it threw.
    static func run(_ work: @escaping @Sendable (EventLoop) async throws -> Void) throws {
        try run { (program: Program) in try await work(program.loop) }
    }

    /// The same for work that may have to be given up (``end(with:)``).
    static func run(_ work: @escaping @Sendable (Program) async throws -> Void) throws {
        let program = try Program()
        Task(executorPreference: program.loop.tasks) {
            do {
                try await work(program)
                program.end(with: nil)
            } catch {
                program.end(with: error)
            }
        }
        program.loop.run()
        if let error = program.error { throw error }
    }

    /// Ends the program's work, wherever it is. The first end counts. For the loop's thread.
    func end(with error: (any Error)?) {
        guard !hasEnded else { return }
        hasEnded = true
        self.error = error
        loop.stop()
    }
}
