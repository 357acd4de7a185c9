// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Portal

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
