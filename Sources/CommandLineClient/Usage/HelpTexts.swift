// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SystemBasics
import Texts

/// The texts of the help, in the person's language where help is asked for.
///
/// The parser wants every command's texts at each start; looking each up in the catalogue would cost more than a call to the service.
/// So they are translated only where the arguments look as if they were going to be shown.
enum HelpTexts {
    // Unsafe: written once, before the first command is looked at, on the main thread, which is the only one.
    nonisolated(unsafe) private static var texts = Texts(.english, zone: .utc)

    static func choose(for arguments: [String]) {
        let asking: Set = ["help", "-h", "--help"]
        guard arguments.count < 2 || arguments.dropFirst().contains(where: { asking.contains($0) }) else { return }
        texts = Texts(.ofThisProcess(), zone: .utc)
    }

    static func text(_ source: String) -> String { texts.text(source) }

    /// A marked text of a complaint about the arguments, in the person's language.
    static func message(_ marked: String) -> String { Texts(.ofThisProcess(), zone: .utc).text(marked) }

    /// The parser's own words, which it has in English alone, put into the person's language.
    static func finished(_ help: String) -> String {
        guard texts.language != .english else { return help }
        let words = [
            ("OVERVIEW: ", ""),
            ("USAGE:", texts.text("USAGE:")), ("ARGUMENTS:", texts.text("ARGUMENTS:")),
            ("OPTIONS:", texts.text("OPTIONS:")), ("SUBCOMMANDS:", texts.text("SUBCOMMANDS:")),
            ("Show the version.", texts.text("Show the version.")),
            ("Show help information.", texts.text("Show help information.")),
            ("Show subcommand help information.", texts.text("Show subcommand help information.")),
        ]
        return help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            for (english, own) in words {
                if line.hasPrefix(english) { return own + line.dropFirst(english.count) }
                if line.hasSuffix(english) { return line.dropLast(english.count) + own }
            }
            return String(line)
        }.joined(separator: "\n")
    }
}

extension ArgumentHelp {
    /// Help in the person's language.
    static func text(_ source: String) -> ArgumentHelp { ArgumentHelp(HelpTexts.text(source)) }
}
