// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Portal

extension PortalTools.Report {
    /// Prints the lines and ends the program with 1 where not all is well.
    func tell() throws {
        for line in lines { print(line) }
        if !isGood { throw ExitCode.failure }
    }
}

/// `eonay-portal check`.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say whether the portal could start as it is set up.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws { try PortalTools.check(try options.load()).tell() }
}

/// `eonay-portal verify`.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prove a recorded decision or application, offline.")

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The record's reference.") var reference: String
    @Option(help: "A folder that takes text, signature, certificates and revocation answers.") var export: String?

    func run() async throws { try await PortalTools(try options.load()).verify(reference, exportTo: export).tell() }
}

/// `eonay-portal audit`.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find any record that was changed or is missing.",
        discussion: "Note the head that it prints elsewhere, and give it to the next audit with --expect.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "A head that must be in the chain.") var expect: String?

    func run() async throws { try await PortalTools(try options.load()).audit(expecting: expect).tell() }
}

/// `eonay-portal backup`.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Copy the database while it is in use.")

    @OptionGroup var options: ConfigurationOptions
    @Option(name: .customLong("to"), help: "The copy.") var path: String

    func run() throws { try PortalTools.backUp(try options.load(), to: path).tell() }
}

/// `eonay-portal stats`.
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Count sessions, codes, decisions and applications.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws { try await PortalTools(try options.load()).statistics().tell() }
}
