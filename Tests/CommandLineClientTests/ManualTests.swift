// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Testing

@testable import CommandLineClient

/// eonay(1) and the program know the same commands and options.
@Suite(.timeLimit(.minutes(1)))
struct ManualTests {
    private let manual: String

    init() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/man/eonay.1")
        manual = try String(contentsOf: path.standardized, encoding: .utf8)
    }

    @Test func everyCommandHasItsParagraph() throws {
        let start = try #require(manual.firstRange(of: ".SH COMMANDS\n")).upperBound
        let end = try #require(manual[start...].firstRange(of: "\n.SH ")).lowerBound
        let paragraphs = manual[start..<end].matches(of: /\.TP\n\.(?:B|BR|BI) "?([a-z]+)/).map { String($0.output.1) }
        let commands = EOnayCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        #expect(Set(commands).count == EOnayCommand.configuration.subcommands.count)
        #expect(paragraphs.sorted() == commands.sorted())
    }

    @Test func everyCommandStandsInTheList() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/CommandLineClient").standardized
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
        let written = try files.flatMap { file in
            let code = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            return code.matches(of: /struct (\w+): (?:Service|Parsable)Command\b/).map { String($0.output.1) }
        }
        let listed = EOnayCommand.configuration.subcommands.map { String(describing: $0) }
        #expect(written.sorted() == (listed + ["EOnayCommand"]).sorted())
    }

    @Test func everyOptionIsNamed() {
        let plain = manual.replacing("\\-", with: "-")
        for command in EOnayCommand.configuration.subcommands {
            for option in command.helpMessage(columns: 200).matches(of: /--[a-z][a-z-]+/).map({ String($0.output) }) {
                let isOfParser = ["--version", "--help"].contains(option)
                #expect(isOfParser || plain.contains(option), "\(option) of \(command)")
            }
        }
    }
}
