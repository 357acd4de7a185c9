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
    /// gettext's mark for a guess that nobody has confirmed: it is not to be shown.
    var isFuzzy = false
}

/// Why a text is not a PO file that we take, and where.
struct POError: Error, Equatable, CustomStringConvertible {
    var line: Int
    var problem: String

    var description: String { "line \(line): \(problem)" }
}

/// Reads the PO files of this project: msgid, msgid_plural, msgstr, the escapes \n \t \" \\, fuzzy marks and comments.
/// Whatever else the format knows (contexts, octal escapes) is refused rather than guessed at.
struct POFile {
    private(set) var entries: [POEntry] = []
    private var current: POEntry?
    private var openText: WritableKeyPath<POFile, String>?
    private var fuzzyAhead = false

    /// - Throws: `POError` with the first line that is wrong.
    init(_ text: String) throws(POError) {
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            try take(line, number)
        }
        try close(at: number)
        if fuzzyAhead { throw POError(line: number, problem: "a fuzzy mark with no message") }
    }

    private mutating func take(_ line: Substring, _ number: Int) throws(POError) {
        if line.isEmpty {
            openText = nil
        } else if line.first == "#" {
            openText = nil
            if line.hasPrefix("#,"), line.dropFirst(2).split(whereSeparator: { ", ".contains($0) }).contains("fuzzy") {
                fuzzyAhead = true
            }
        } else if line.first == "\"" {
            guard let openText else { throw POError(line: number, problem: "a text that belongs to nothing") }
            self[keyPath: openText] += try Self.unquote(line, number)
        } else if let space = line.firstIndex(of: " ") {
            let text = try Self.unquote(line[line.index(after: space)...], number)
            try begin(line[..<space], text, number)
        } else {
            throw POError(line: number, problem: "neither keyword, text nor comment")
        }
    }

    private mutating func begin(_ keyword: Substring, _ text: String, _ number: Int) throws(POError) {
        if keyword == "msgid" {
            try close(at: number)
            current = POEntry(line: number, source: text, isFuzzy: fuzzyAhead)
            fuzzyAhead = false
            openText = \.current!.source
            return
        }
        guard let entry = current else { throw POError(line: number, problem: "\(keyword) before msgid") }
        let form = entry.translations.count
        if keyword == "msgid_plural", entry.plural == nil, form == 0 {
            current!.plural = text
            openText = \.current!.plural!
        } else if keyword == (entry.plural == nil ? "msgstr" : "msgstr[\(form)]"), entry.plural != nil || form == 0 {
            current!.translations.append(text)
            openText = \.current!.translations[form]
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
        guard quoted.count >= 2, quoted.first == "\"", quoted.last == "\"" else {
            throw POError(line: number, problem: "a text is not in quotes")
        }
        var text = ""
        var rest = quoted.dropFirst().dropLast()[...]
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
