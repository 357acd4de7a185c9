// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EOnayCore
import Foundation
import Portal
import SystemBasics

/// The certification centre's side of E-Onay.
@main
struct EOnayPortal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eonay-portal",
        abstract: "The portal that issues verification codes, judges signatures and records decisions.",
        version: "eonay-portal \(Release.version)",
        subcommands: [Serve.self, Check.self, Verify.self, Audit.self, Backup.self, Stats.self])

    /// Adopts the zone of the pages before another thread exists.
    static func main() async {
        Zone.istanbul.adopt()
        await main(nil)
    }
}

/// `eonay-portal serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve until SIGTERM.",
        discussion: """
            Prints the address that it listens on once it takes requests. Logs go to standard error, one line of JSON \
            each. Every setting of the file can be given in the environment instead: Listen of [Server] is \
            EONAY_PORTAL_SERVER_LISTEN.
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try options.load()
        let server = try PortalServer(
            configuration, logger: configuration.makeLogger(environment: ProcessInfo.processInfo.environment))
        try await server.run { address in
            print("listening on \(address)")
            fflush(nil)
        }
    }
}

extension PortalTools.Report {
    /// Prints the lines and ends the program with 1 where not all is well.
    func show() throws {
        for line in lines { print(line) }
        if !isGood { throw ExitCode.failure }
    }
}

/// `eonay-portal check`.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say whether the portal could start as it is set up.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws { try PortalTools.check(try options.load()).show() }
}

/// `eonay-portal verify`.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prove a recorded decision or application, offline.")

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The record's reference.") var reference: String
    @Option(help: "A folder for text, signature, certificates and revocation answers.") var export: String?

    func run() async throws { try await PortalTools(try options.load()).verify(reference, exportTo: export).show() }
}

/// `eonay-portal audit`.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find any record that was changed or is missing.",
        discussion: "Note the head that it prints elsewhere, and give it to the next audit with --expect.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "A head that must be in the chain.") var expect: String?

    func run() async throws { try await PortalTools(try options.load()).audit(expecting: expect).show() }
}

/// `eonay-portal backup`.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Copy the database while it is in use.")

    @OptionGroup var options: ConfigurationOptions
    @Option(name: .customLong("to"), help: "The copy.") var path: String

    func run() throws { try PortalTools.backUp(try options.load(), to: path).show() }
}

/// `eonay-portal stats`.
struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Count sessions, codes, decisions and applications.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws { try await PortalTools(try options.load()).statistics().show() }
}

/// The option for the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: [.customLong("config"), .customShort("c")], help: "The key file with the configuration.")
    var path: String?

    /// The configuration; throws an error with every fault in it.
    func load() throws -> PortalConfiguration {
        var bytes: [UInt8] = []
        if let path {
            do {
                bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            } catch {
                throw ValidationError("\(path) cannot be read")
            }
        }
        do {
            return try PortalConfiguration(
                bytes: bytes, path: path ?? "configuration", environment: ProcessInfo.processInfo.environment)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
