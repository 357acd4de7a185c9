// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EventLoops
import Glibc

/// The program `eonay`: a client of the bus, and of one job for files.
public enum Client {
    /// Does what the arguments say, the program's name first among them; the status to exit with (``EndStatus``).
    public static func run(_ arguments: [String]) -> Int32 {
        HelpTexts.choose(for: arguments)
        do {
            var command = try CommandLine(words: Array(arguments.dropFirst())).command()
            try command.run()
            return EndStatus.good.rawValue
        } catch let end as Ended {
            return end.status.rawValue
        } catch {
            if !(error is Failure), EOnayCommand.exitCode(for: error) == .success {
                // Help and version come as errors, too.
                let console = Console(asJSON: false, usesPager: !arguments.contains("--no-pager"))
                let text = EOnayCommand.fullMessage(for: error, columns: HelpPage.unfolded)
                if ParserComplaint.isHelp(error) {
                    console.paged { $0.print(HelpTexts.page(text)) }
                } else {
                    console.print(text)
                }
                return EndStatus.good.rawValue
            }
            let failure = failure(error)
            Console(asJSON: asksForJSON(arguments)).print(failure)
            return failure.status.rawValue
        }
    }

    private static func asksForJSON(_ arguments: [String]) -> Bool {
        arguments.contains("--json") || arguments.contains("--format=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "json" }
    }

    private static func failure(_ error: any Error) -> Failure {
        if let failure = error as? Failure { return failure }
        let message = EOnayCommand.message(for: error)
        let isUsage = EOnayCommand.exitCode(for: error) == .validationFailure
        return isUsage
            ? Failure(UsageFault(problem: .other(message), command: "eonay")) : Failure(.system, detail: message)
    }
}

/// Thrown by a command that has printed its answer, for the exit status that goes with it.
struct Ended: Error, Equatable {
    let status: EndStatus
}

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

    /// The same for work that may be ended from outside (``end(with:)``).
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

    /// Ends the program's work, whatever it is doing. The first end counts. For the loop's thread.
    func end(with error: (any Error)?) {
        guard !hasEnded else { return }
        hasEnded = true
        self.error = error
        loop.stop()
    }
}
