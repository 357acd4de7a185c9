// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation

/// Finds the source strings in Swift code, as xgettext would: the literals that follow `text(`, `plural:` and `marked(`
/// in files that import Texts.
struct SourceString: Hashable {
    var file: String
    var line: Int
    var text: String
    /// The literal of `plural:` where the call has one.
    var plural: String?

    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// All of them under Sources/, ours in Texts included, and the sentences of the table of configuration keys, which the core has.
    static func all() throws -> [SourceString] {
        let sources = package.appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        let importOfTexts = /^ *(?:(?:internal|private|public|package) )?import Texts$/.anchorsMatchLineEndings()
        let sentences = DesktopConfiguration.keys.map(\.sentence) + [DesktopConfiguration.renewalSentence]
        var found = sentences.map { SourceString(file: "ConfigurationKey.swift", line: 0, text: $0) }
        while let file = files?.nextObject() as? URL {
            if file.pathExtension == "mustache" {
                found += inTemplate(try String(contentsOf: file, encoding: .utf8), file: file.lastPathComponent)
            }
            guard file.pathExtension == "swift" else { continue }
            let code = try String(contentsOf: file, encoding: .utf8)
            let isOfTexts = file.deletingLastPathComponent().lastPathComponent == "Texts"
            if isOfTexts || code.contains(importOfTexts) {
                found += try strings(in: code, file: file.lastPathComponent)
            }
        }
        return found
    }

    /// The portal's templates have theirs as `[[text]]` or `[[text|argument]]`.
    static func inTemplate(_ template: String, file: String) -> [SourceString] {
        template.matches(of: /\[\[([^\]|]+)(?:\|[^\]]*)?\]\]/).map { match in
            let line = template[..<match.range.lowerBound].count { $0 == "\n" } + 1
            return SourceString(file: file, line: line, text: String(match.output.1))
        }
    }

    /// - Throws: `Unreadable` where a literal cannot be known without running the code.
    static func strings(in code: String, file: String) throws -> [SourceString] {
        let code = code.replacing(/^ *\/\/.*$/.anchorsMatchLineEndings(), with: "")
        var found: [SourceString] = []
        for call in code.matches(of: /\b(?:text|marked)\(\s*(?=")/.wordBoundaryKind(.simple)) {
            let line = code[..<call.range.lowerBound].count { $0 == "\n" } + 1
            guard let (text, end) = literal(code[call.range.upperBound...]) else {
                throw Unreadable(file: file, line: line)
            }
            var string = SourceString(file: file, line: line, text: text)
            if let label = code[end...].prefixMatch(of: /,\s*plural:\s*/) {
                guard let (plural, _) = literal(code[label.range.upperBound...]) else {
                    throw Unreadable(file: file, line: line)
                }
                string.plural = plural
            }
            found.append(string)
        }
        return found
    }

    struct Unreadable: Error, Equatable {
        var file: String
        var line: Int
    }

    /// A plain literal, or several joined by "+"; nil for raw and multi-line ones and for interpolation.
    private static func literal(_ code: Substring) -> (String, String.Index)? {
        var rest = code
        var text = ""
        guard !rest.hasPrefix("\"\"\""), rest.popFirst() == "\"" else { return nil }
        while let character = rest.popFirst() {
            switch character {
            case "\n": return nil
            case "\"":
                guard let plus = rest.prefixMatch(of: /\s*\+\s*/) else { return (text, rest.startIndex) }
                guard let (more, end) = literal(rest[plus.range.upperBound...]) else { return nil }
                return (text + more, end)
            case "\\":
                switch rest.popFirst() {
                case "n": text.append("\n")
                case "t": text.append("\t")
                case "\"": text.append("\"")
                case "\\": text.append("\\")
                default: return nil
                }
            default: text.append(character)
            }
        }
        return nil
    }
}
