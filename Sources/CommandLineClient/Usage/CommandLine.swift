// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The words after the program's name, and the command that they make.
struct CommandLine {
    let words: [String]

    /// Throws `Failure` `.usage` for words that make no command; the parser's own errors for help and version.
    func command() throws -> any ParsableCommand {
        if let word = unknownCommand {
            let suggestion = Suggestion.nearest(to: word, among: Self.commands.map(\.name))
            throw Failure(UsageFault(problem: .unknownCommand(word, suggestion: suggestion), command: "eonay"))
        }
        do {
            return try EOnayCommand.parseAsRoot(words)
        } catch {
            guard let complaint = complaint(error) else { throw error }
            throw Failure(fault(complaint))
        }
    }

    private static var commands: [(name: String, type: any ParsableCommand.Type)] {
        EOnayCommand.configuration.subcommands.compactMap { type in
            type.configuration.commandName.map { (name: $0, type: type) }
        }
    }

    /// The root takes no word but a command, so the first word that is no option is one, or wants to be.
    private var unknownCommand: String? {
        var rest = words.drop { $0.hasPrefix("-") && $0 != "--" }
        // The shell's answers to the completion script come by an option with words of their own.
        if words.contains(where: { $0.hasPrefix("--generate-completion-script") || $0.hasPrefix("---completion") }) {
            return nil
        }
        let known = Self.commands.map(\.name)
        if rest.first == "help" { rest = rest.dropFirst().drop { $0.hasPrefix("-") } }
        guard let word = rest.first, word != "--", word != "help" else { return nil }
        return known.contains(word) ? nil : word
    }

    private func complaint(_ error: any Error) -> ParserComplaint? {
        guard let complaint = ParserComplaint(error, about: words) else { return nil }
        // A missing argument is noticed before an option that nobody knows, which is likelier to be at fault.
        if case .missingArgument = complaint.problem, words.contains(where: { $0.hasPrefix("-") }) {
            do { _ = try EOnayCommand.parseAsRoot(words + ["x"]) } catch {
                if let other = ParserComplaint(error, about: words), case .unknownOption = other.problem {
                    return other
                }
            }
        }
        return complaint
    }

    private func fault(_ complaint: ParserComplaint) -> UsageFault {
        let names = complaint.commands.map { $0.configuration.commandName ?? "" }
        let command = names.joined(separator: " ")
        guard case .unknownOption(let option, _) = complaint.problem, let type = complaint.commands.last else {
            return UsageFault(problem: complaint.problem, command: command)
        }
        let suggestion = Suggestion.nearest(to: option, among: Self.options(of: type))
        return UsageFault(problem: .unknownOption(option, suggestion: suggestion), command: command)
    }

    /// The long names of a command's options, from the lines of its help that begin with one.
    private static func options(of command: any ParsableCommand.Type) -> [String] {
        EOnayCommand.helpMessage(for: command, columns: 80).split(separator: "\n").filter { $0.hasPrefix("  -") }
            .flatMap { line in
                line.split(separator: " ").prefix { $0.hasPrefix("-") }.map { $0.filter { $0 != "," } }
            }
            .filter { $0.hasPrefix("--") }
    }
}
