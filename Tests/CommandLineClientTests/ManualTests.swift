// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Testing

@testable import CommandLineClient

/// The manual pages and the program know the same commands and options, in both languages.
@Suite(.timeLimit(.minutes(1)))
struct ManualTests {
    enum Language: String, CaseIterable {
        case english = "docs/man/"
        case turkish = "docs/man/tr/"

        var sections: (synopsis: String, commands: String, options: String) {
            switch self {
            case .english: ("SYNOPSIS", "COMMANDS", "OPTIONS")
            case .turkish: ("KULLANIM", "KOMUTLAR", "SEÇENEKLER")
            }
        }
    }

    private static let house = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardized
    private static let commands = EOnayCommand.configuration.subcommands

    /// What there are pages for, and the text that some of them include.
    private static var files: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: house.appending(path: "docs/man").path)
                .filter { $0 != "tr" }.sorted()
        }
    }

    private static func page(_ file: String, _ language: Language) throws -> String {
        try String(contentsOf: house.appending(path: language.rawValue + file), encoding: .utf8)
    }

    /// One section of a page, with the text that it includes, and with hyphens as people type them.
    private static func section(_ name: String, of file: String, _ language: Language) throws -> String {
        let parts = try page(file, language).components(separatedBy: "\n.SH ")
        let text = try #require(parts.first { $0.hasPrefix(name + "\n") }, "\(language.rawValue)\(file): \(name)")
        return try text.components(separatedBy: "\n").map { line in
            line.hasPrefix(".so ") ? try page(String(line.dropFirst(4)), language) : line
        }.joined(separator: "\n").replacing("\\-", with: "-")
    }

    @Test(arguments: Language.allCases)
    func everyCommandHasItsPageAndItsPlaceInTheList(_ language: Language) throws {
        let commands = Self.commands.compactMap { $0.configuration.commandName }
        #expect(Set(commands).count == Self.commands.count)
        let pages = try Self.files.compactMap { $0.wholeMatch(of: /eonay-([a-z]+)\.1/)?.output.1 }.map(String.init)
        #expect(pages.filter { $0 != "vcard" } == commands.sorted())
        let list = try Self.section(language.sections.commands, of: "eonay.1", language)
        let paragraphs = list.matches(of: /\.TP\n\.BR eonay-([a-z]+) \(1\)\n/).map { String($0.output.1) }
        #expect(paragraphs == commands)
    }

    @Test func everyCommandStandsInTheList() throws {
        let sources = Self.house.appending(path: "Sources/CommandLineClient")
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
        let written = try files.flatMap { file in
            let code = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            return code.matches(of: /struct (\w+): (?:Service|Parsable)Command\b/).map { String($0.output.1) }
        }
        let listed = Self.commands.map { String(describing: $0) }
        #expect(written.sorted() == (listed + ["EOnayCommand"]).sorted())
    }

    @Test(arguments: Language.allCases)
    func aPageHasTheOptionsOfTheHelpAndNoOther(_ language: Language) throws {
        for command in Self.commands {
            let file = "eonay-\(command.configuration.commandName ?? "").1"
            let help = EOnayCommand.helpMessage(for: command, columns: 200).split(separator: "\n")
            // "-c, --certificate <certificate>  The certificate: …": each option's names.
            let known = help.filter { $0.hasPrefix("  -") }
                .map { $0.matches(of: /^ +(?:-\w, )?--[a-z-]+/).first?.output ?? "" }
                .map { line in Set(line.matches(of: /--?[a-z][a-z-]*/).map { String($0.output) }) }
                .filter { !$0.contains("--help") && !$0.contains("--version") }
            #expect(known.contains(["--json"]))
            let heads = try Self.section(language.sections.options, of: file, language).matches(of: /\.TP\n(.+)\n/)
            let described = heads.map { head in
                Set(head.output.1.matches(of: /--?[a-z][a-z-]*/).map { String($0.output) })
            }
            #expect(Set(described) == Set(known), "\(language.rawValue)\(file)")
            let synopsis = try Self.section(language.sections.synopsis, of: file, language)
            let shown = Set(synopsis.matches(of: /--?[a-z][a-z-]*/).map { String($0.output) })
            for names in known { #expect(!shown.isDisjoint(with: names), "\(language.rawValue)\(file): \(names)") }
            for argument in help.compactMap({ $0.prefixMatch(of: /\s+<([a-z]+)>/)?.output.1 })
            where language == .english {
                #expect(synopsis.contains(argument.uppercased()), "\(file): \(argument)")
            }
        }
    }

    /// A Turkish page has the sections, paragraphs, examples, options, references, errors and words of JSON that the English one has.
    /// That it was made from the newest text, scripts/check knows.
    @Test func aTurkishPageIsBuiltLikeTheEnglishOne() throws {
        let turkish = try FileManager.default.contentsOfDirectory(
            atPath: Self.house.appending(path: Language.turkish.rawValue).path)
        #expect(turkish.sorted() == (try Self.files))
        for file in try Self.files {
            let pages = (try Self.page(file, .english), try Self.page(file, .turkish))
            let layout = /(?m)^\.(?:TH|SH|SS|TP|PP|IP|nf|fi|EX|EE|TS|TE|RS|RE|br|so)\b/
            #expect(Self.all(layout, in: pages.0) == Self.all(layout, in: pages.1), "\(file)")
            let words = [/\\-\\-[a-z\\-]+/, /"[a-z_-]+"/, /\.BR \S+ \(\d\)/, /\b[A-Z][a-z]+[A-Z]\w+/, /(?m)^\d+\t/]
            for word in words {
                let (english, turkish) = (Set(Self.all(word, in: pages.0)), Set(Self.all(word, in: pages.1)))
                #expect(english == turkish, "\(file): \(english.symmetricDifference(turkish))")
            }
        }
    }

    /// Each command line that pages, READMEs and the form for faults show is one that the program understands.
    @Test func everyExampleIsACommandLine() throws {
        let pages = try Self.files.flatMap { file in Language.allCases.map { $0.rawValue + file } }
        var count = 0
        for path in pages + ["README.md", "README.tr.md", ".github/ISSUE_TEMPLATE/bug.yml"] {
            let text = try String(contentsOf: Self.house.appending(path: path), encoding: .utf8).replacing(
                "\\-", with: "-")
            // At a line's beginning, after a prompt, a pipe or a variable, or between backticks; to the end, a pipe, a comment or "or".
            for example in text.matches(of: /(?m)(?:^ *(?:\$ )?|\| |[A-Z]=\S+ |`)eonay ([a-z][^|#`;\n]*)/) {
                let words = example.output.1.split(separator: " ").map { String($0).replacing(/^'|'$/, with: "") }
                // Its argument is a placeholder.
                guard words.first != "help" else { continue }
                #expect(throws: Never.self, "\(path): \(example.output.0)") { try CommandLine(words: words).command() }
                count += 1
            }
        }
        #expect(count > 40)
    }

    private static func all(_ pattern: Regex<Substring>, in page: String) -> [String] {
        page.matches(of: pattern).map { String($0.output) }
    }
}
