// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The words after the program's name, and the command that they make.
struct CommandLine {
    let words: [String]

    /// The options of every command may come before it, as in `git --no-pager log`; `help` takes them, and has no use for them.
    init(words: [String]) {
        let leading = words.prefix { Self.common.contains($0) }
        var rest = Array(words.dropFirst(leading.count))
        if rest.first == "help" {
            rest.removeAll { Self.common.contains($0) }
        } else if !leading.isEmpty, !rest.isEmpty {
            rest.insert(contentsOf: leading, at: 1)
        }
        self.words = rest.isEmpty ? words : rest
    }

    private static let common: Set = ["--json", "--quiet", "-q", "--no-pager"]

    /// Throws `Failure` `.usage` for words that make no command; the parser's own errors for help and version.
    func command() throws -> any ParsableCommand {
        if let word = unknownCommand {
            let suggestion = Suggestion.nearest(to: word, among: Self.commands.map(\.name))
            throw Failure(UsageFault(problem: .unknownCommand(word, suggestion: suggestion), command: "eonay"))
        }
        // The parser passes over what follows the topic.
        if words.first == "help", case let extra = words.dropFirst(2).filter({ !$0.hasPrefix("-") }), !extra.isEmpty {
            throw Failure(UsageFault(problem: .extraWords(extra), command: "eonay help"))
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

    /// The root accepts no word but a command, so the first word that is no option is one, or is meant as one.
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
        // The parser notices a missing argument before an unknown option, which is likelier to be at fault.
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

/// The word that was probably meant.
enum Suggestion {
    /// The nearest of the words, or the only one that begins like it; nil where none is near enough.
    static func nearest(to word: String, among known: [String]) -> String? {
        // A Turkish keyboard has both kinds of i.
        let meant = word.map { $0 == "ı" || $0 == "İ" ? "i" : $0 }.flatMap(\.utf8).map(lowercased)
        let letters = meant.drop { $0 == UInt8(ascii: "-") }.count
        let begun = known.filter { $0.utf8.map(lowercased).starts(with: meant) }
        if letters >= 2, begun.count == 1 { return begun[0] }
        let limit = letters < 4 ? 1 : letters < 8 ? 2 : 3
        let distances = known.map { (word: $0, distance: distance(meant, $0.utf8.map(lowercased))) }
        // The first of equals, so the order of the help decides.
        return distances.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.word
    }

    private static func lowercased(_ octet: UInt8) -> UInt8 { (0x41...0x5A).contains(octet) ? octet + 32 : octet }

    /// The number of letters to put in, leave out, change or swap with their neighbour (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        // A word of any length can be typed, and none of ours is so long.
        guard left.count <= 64 else { return .max }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                var least = min(last[column + 1] + 1, next[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                next.append(least)
            }
            (beforeLast, last) = (last, next)
        }
        return last[right.count]
    }
}
