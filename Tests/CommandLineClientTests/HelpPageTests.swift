// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TestBench
import Testing
import Texts
import TokenBench

@testable import CommandLineClient

/// The help of each command: every word of it in Turkish, and folded for each width.
@Suite(.timeLimit(.minutes(1)))
struct HelpPageTests {
    static let commands = [""] + EOnayCommand.configuration.subcommands.compactMap { $0.configuration.commandName }

    private func help(_ command: String, columns: Int, locale: String) async throws -> [String] {
        try await TestBench.run(
            Programs.built("eonay"), ["help", command].filter { !$0.isEmpty },
            environment: ["LC_ALL": locale, "LANGUAGE": "", "COLUMNS": "\(columns)"]
        ).check().lines.map(\.text)
    }

    @Test(arguments: commands)
    func noEnglishIsLeftInTurkishHelp(_ command: String) async throws {
        let english = try await help(command, columns: 1000, locale: "C.UTF-8")
        let turkish = try await help(command, columns: 1000, locale: "tr_TR.UTF-8")
        #expect(english.count == turkish.count)
        // Each description and each paragraph of the English help, wherever it might stand.
        let sentences = english.map { $0.drop { $0 == " " } }.flatMap { $0.split(separator: "  ") }
            .filter { $0.contains(" ") && !$0.hasPrefix("eonay ") && !$0.hasPrefix("-") }
        #expect(sentences.count > 3)
        for sentence in sentences { #expect(!turkish.contains { $0.contains(sentence) }, "\(sentence)") }
        #expect(EnglishWords.found(in: turkish.joined(separator: "\n")) == [])
        let names = Set(turkish.joined().matches(of: /<[a-z-]+>/).map { String($0.output) })
        #expect(
            names.subtracting(["<portal>"]).isDisjoint(
                with: english.joined().matches(of: /<[a-z-]+>/).map { String($0.output) }))
    }

    @Test(arguments: [Language.english, .turkish])
    func helpIsFoldedAndNothingIsLost(_ language: Language) {
        let types: [any ParsableCommand.Type] = [EOnayCommand.self] + EOnayCommand.configuration.subcommands
        for type in types {
            let help = EOnayCommand.helpMessage(for: type, columns: HelpPage.unfolded)
            let page = HelpPage(help, Texts(language))
            let whole = page.lines(width: HelpPage.unfolded).joined().filter { $0 != " " }
            for width in 1...130 {
                let lines = page.lines(width: width)
                #expect(lines.joined().filter { $0 != " " } == whole)
                guard width >= 40 else { continue }
                #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(type) \(width)")
            }
        }
    }

    @Test func descriptionsStandInOneColumnOrBelowTheirLabels() async throws {
        let wide = try await help("history", columns: 100, locale: "tr_TR.UTF-8")
        #expect(wide.contains("  --limit <sayı>          En çok kaç tane gösterilsin; 0: hepsi. (varsayılan: 20)"))
        let narrow = try await help("history", columns: 44, locale: "C.UTF-8")
        #expect(narrow.contains("  --limit <limit>"))
        #expect(narrow.contains("      How many to show at most; 0: all."))
        #expect(narrow.first { $0.hasPrefix("USAGE") } == "USAGE: eonay history [<reference>]")
    }

    @Test func helpKnowsTheWidthOfItsTerminal() async throws {
        let terminal = try PseudoTerminal(columns: 50)
        let eonay = try await TerminalProgram.start("eonay help approve", on: terminal, ["COLUMNS": "", "PAGER": ""])
        let shown = try terminal.waitFor("Show help information.")
        #expect(await eonay.end() == .exited(0))
        let widths = shown.split(whereSeparator: \.isNewline).map { DisplayWidth.of($0) }
        #expect(widths.allSatisfy { $0 <= 50 } && widths.contains { $0 > 40 })
    }
}
