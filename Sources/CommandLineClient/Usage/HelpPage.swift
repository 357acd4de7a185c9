// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Texts

/// A help screen of swift-argument-parser, in the person's language and folded for the terminal.
///
/// The library has its own words in English alone, does not fold usage lines, and leaves out what a narrow terminal has no room for. So it
/// is asked for lines of any length, which are translated and folded here.
struct HelpPage {
    /// Wide enough that the library folds nothing.
    static let unfolded = 100_000
    /// The column of descriptions, and the room that one needs there; else it stands below its label.
    private static let (column, leastRoom) = (26, 30)

    private let paragraphs: [String]
    private let usage: String

    /// - Parameter help: made with `unfolded` columns.
    init(_ help: String, _ texts: Texts) {
        usage = texts.text("USAGE:") + " "
        paragraphs = help.split(separator: "\n", omittingEmptySubsequences: false).map { Self.translated($0, texts) }
    }

    func lines(width: Int) -> [String] {
        // The lines before the usage line keep the columns that their author gave them.
        let start = paragraphs.firstIndex { $0.hasPrefix(usage) } ?? 0
        return paragraphs.enumerated().flatMap { place, line in
            place == start ? foldedUsage(line, width) : Self.folded(line, width, isLabelled: place > start)
        }
    }

    // MARK: - Words

    /// The library's names for the values of arguments and options, in its usage lines and labels.
    private static let places = [
        Texts.marked("<subcommand>"), Texts.marked("<options>"), Texts.marked("<id>"), Texts.marked("<certificate>"),
        Texts.marked("<portal>"), Texts.marked("<wait>"), Texts.marked("<pin-fd>"), Texts.marked("<code>"),
        Texts.marked("<address>"), Texts.marked("<reference>"), Texts.marked("<limit>"), Texts.marked("<until>"),
        Texts.marked("<days>"), Texts.marked("<diagnose>"), Texts.marked("<file>"), Texts.marked("<content>"),
        Texts.marked("<trust>"), Texts.marked("<key>"), Texts.marked("<action>"), Texts.marked("<error>"),
        Texts.marked("<report>"), Texts.marked("<format>"), Texts.marked("<output>"),
    ]

    /// The name of a value, as the help has it in the person's language.
    static func place(_ name: String, _ texts: Texts) -> String { places.contains(name) ? texts.text(name) : name }

    private static func translated(_ line: Substring, _ texts: Texts) -> String {
        guard texts.language != .english else { return String(line) }
        var line = String(line)
        let starts = [
            ("OVERVIEW: ", ""), ("USAGE:", texts.text("USAGE:")), ("ARGUMENTS:", texts.text("ARGUMENTS:")),
            ("OPTIONS:", texts.text("OPTIONS:")), ("SUBCOMMANDS:", texts.text("SUBCOMMANDS:")),
        ]
        for (english, own) in starts where line.hasPrefix(english) { line = own + line.dropFirst(english.count) }
        let parts = [
            ("(default: ", texts.text("(default: ")),
            ("Show the version.", texts.text("Show the version.")),
            ("Show help information.", texts.text("Show help information.")),
            ("Show subcommand help information.", texts.text("Show subcommand help information.")),
        ]
        for (english, own) in parts { line = replacing(english, in: line, by: own) }
        if line == "  See 'eonay help <subcommand>' for detailed help." {
            line = "  " + texts.text("See 'eonay help <subcommand>' for detailed help.")
        }
        for name in places { line = replacing(name, in: line, by: texts.text(name)) }
        return line
    }

    /// Not String.replacing, which would bring Swift's regular expressions into the program.
    private static func replacing(_ part: String, in text: String, by other: String) -> String {
        var (rest, done) = (text[...], "")
        while !rest.isEmpty {
            if rest.hasPrefix(part) {
                done += other
                rest = rest.dropFirst(part.count)
            } else {
                done.append(rest.removeFirst())
            }
        }
        return done
    }

    // MARK: - Lines

    /// Text goes on below its own beginning: in the second column, where the line has two.
    private static func folded(_ line: String, _ width: Int, isLabelled: Bool) -> [String] {
        var (head, text) = columns(of: line)
        let label = String(head.reversed().drop { $0 == " " }.reversed())
        let lead = String(head.prefix { $0 == " " }.prefix(2))
        let labelWidth = DisplayWidth.of(label)
        // A label in another language has another length.
        if isLabelled, !label.isEmpty, labelWidth < column {
            head = label + String(repeating: " ", count: column - labelWidth)
        }
        if lead.isEmpty || width - DisplayWidth.of(head) >= leastRoom { return hanging(head, text, width) }
        // Too narrow for two columns: the description below the label.
        return (label.isEmpty ? [] : [label]) + hanging(lead + "    ", text, width)
    }

    /// The first column with the blanks after it, or the blanks before a line that has only one; and the rest.
    private static func columns(of line: String) -> (head: String, text: String) {
        let letters = Array(line)
        guard let start = letters.firstIndex(where: { $0 != " " }) else { return ("", "") }
        let gap = letters.indices.dropFirst(start + 2).first {
            letters[($0 - 2)..<$0] == [" ", " "] && letters[$0] != " "
        }
        let split = start == 0 ? 0 : gap ?? start
        return (String(letters[..<split]), String(letters[split...]))
    }

    private static func hanging(_ head: String, _ text: String, _ width: Int) -> [String] {
        let indent = String(repeating: " ", count: DisplayWidth.of(head))
        return DisplayWidth.wrapped(text, to: max(1, width - indent.count)).enumerated().map { place, line in
            (place == 0 ? head : indent) + line
        }
    }

    /// An option and its value stay together.
    private func foldedUsage(_ line: String, _ width: Int) -> [String] {
        var depth = 0
        let joined = line.dropFirst(usage.count).map { letter -> Character in
            if letter == "[" { depth += 1 }
            if letter == "]" { depth -= 1 }
            return letter == " " && depth > 0 ? "\u{A0}" : letter
        }
        return Self.hanging(usage, String(joined), width).map { String($0.map { $0 == "\u{A0}" ? " " : $0 }) }
    }
}
