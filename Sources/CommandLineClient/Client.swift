// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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
        } catch let failure as Failure {
            let console = Console(asJSON: arguments.contains("--json"))
            console.tell(failure)
            return failure.status.rawValue
        } catch {
            return tell(error, asJSON: arguments.contains("--json"))
        }
    }

    /// Help and version come as errors, too.
    private static func tell(_ error: any Error, asJSON: Bool) -> Int32 {
        let isGood = EOnayCommand.exitCode(for: error) == .success
        if isGood {
            let text = HelpTexts.finished(EOnayCommand.fullMessage(for: error))
            Stream.output.write(text + "\n")
            return EndStatus.good.rawValue
        }
        let isUsage = EOnayCommand.exitCode(for: error) == .validationFailure
        let message = EOnayCommand.message(for: error)
        let failure =
            isUsage
            ? Failure(UsageFault(problem: .other(message), command: "eonay"))
            : Failure(.system, detail: message)
        Console(asJSON: asJSON).tell(failure)
        return failure.status.rawValue
    }
}

/// Thrown by a command that has said all there is to say, and whose answer is in its exit status.
struct Ended: Error, Equatable {
    let status: EndStatus
}
