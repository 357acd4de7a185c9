// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One message of a catalogue in gettext's PO format.
struct POEntry: Equatable, Sendable {
    /// The line of its `msgid`, counted from 1.
    var line: Int
    var source: String
    /// The source's plural, where the message has one.
    var plural: String?
    /// The translation, or one for each plural form.
    var translations: [String] = []
    /// gettext's mark for a translation that is not confirmed: it is not shown.
    var isFuzzy = false
}

/// Why a text is not a PO file that we take, and where.
struct POError: Error, Equatable, CustomStringConvertible {
    var line: Int
    var problem: String

    var description: String { "line \(line): \(problem)" }
}

/// Reads the PO files of this project: msgid, msgid_plural, msgstr, the escapes \n \t \" \\, fuzzy marks and comments.
/// The format's other features (contexts, octal escapes) are refused rather than guessed at.
struct POFile {
    private(set) var entries: [POEntry] = []
    private var current: POEntry?
    private var openText: OpenText?
    private var fuzzyAhead = false

    /// Which text of the current message a line of quotes alone goes on with.
    private enum OpenText { case source, plural, translation }

    /// - Throws: `POError` with the first line that is wrong.
    init(_ text: String) throws(POError) {
        var number = 0
        // Octets, here and in `unquote`: finding characters in the whole catalogue costs more than all else that `eonay status` does.
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            try take(Substring(line), number)
        }
        try close(at: number)
        if fuzzyAhead { throw POError(line: number, problem: "a fuzzy mark with no message") }
    }

    private mutating func take(_ line: Substring, _ number: Int) throws(POError) {
        if line.isEmpty {
            openText = nil
        } else if line.utf8.first == UInt8(ascii: "#") {
            openText = nil
            if line.hasPrefix("#,"), line.dropFirst(2).split(whereSeparator: { ", ".contains($0) }).contains("fuzzy") {
                fuzzyAhead = true
            }
        } else if line.utf8.first == UInt8(ascii: "\"") {
            guard let openText else { throw POError(line: number, problem: "a text that belongs to nothing") }
            append(try Self.unquote(line, number), to: openText)
        } else if let space = line.utf8.firstIndex(of: UInt8(ascii: " ")) {
            let text = try Self.unquote(line[line.utf8.index(after: space)...], number)
            try begin(line[..<space], text, number)
        } else {
            throw POError(line: number, problem: "neither keyword, text nor comment")
        }
    }

    private mutating func append(_ text: String, to openText: OpenText) {
        switch openText {
        case .source: current!.source += text
        case .plural: current!.plural! += text
        case .translation: current!.translations[current!.translations.count - 1] += text
        }
    }

    private mutating func begin(_ keyword: Substring, _ text: String, _ number: Int) throws(POError) {
        if keyword == "msgid" {
            try close(at: number)
            current = POEntry(line: number, source: text, isFuzzy: fuzzyAhead)
            fuzzyAhead = false
            openText = .source
            return
        }
        guard let entry = current else { throw POError(line: number, problem: "\(keyword) before msgid") }
        let form = entry.translations.count
        if keyword == "msgid_plural", entry.plural == nil, form == 0 {
            current!.plural = text
            openText = .plural
        } else if keyword == (entry.plural == nil ? "msgstr" : "msgstr[\(form)]"), entry.plural != nil || form == 0 {
            current!.translations.append(text)
            openText = .translation
        } else {
            throw POError(line: number, problem: "\(keyword) is not expected here")
        }
    }

    private mutating func close(at number: Int) throws(POError) {
        openText = nil
        guard let entry = current else { return }
        if entry.translations.isEmpty { throw POError(line: number, problem: "the message before has no msgstr") }
        entries.append(entry)
        current = nil
    }

    /// The text between the quotes, its escapes resolved.
    private static func unquote(_ quoted: Substring, _ number: Int) throws(POError) -> String {
        let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        guard quoted.utf8.count >= 2, quoted.utf8.first == quote, quoted.utf8.last == quote else {
            throw POError(line: number, problem: "a text is not in quotes")
        }
        var text = ""
        var rest = Substring(quoted.utf8.dropFirst().dropLast())
        if !rest.utf8.contains(where: { $0 == quote || $0 == backslash }) { return String(rest) }
        while let character = rest.popFirst() {
            switch character {
            case "\"": throw POError(line: number, problem: "a quote inside a text")
            case "\\":
                switch rest.popFirst() {
                case "n": text.append("\n")
                case "t": text.append("\t")
                case "\"": text.append("\"")
                case "\\": text.append("\\")
                case let other:
                    let escape = other.map(String.init) ?? "end of text"
                    throw POError(line: number, problem: "unknown escape: \(escape)")
                }
            default: text.append(character)
            }
        }
        return text
    }
}
