// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Portal

/// The options that say how the portal is set up.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: [.customLong("config"), .customShort("c")], help: "The key file with the configuration.")
    var path: String?

    /// The configuration; ends the program with every fault in it where there is one.
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
