// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EOnayCore

/// The certification centre's side of E-Onay.
@main
struct EOnayPortal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eonay-portal",
        abstract: "The portal that issues verification codes, judges signatures and records decisions.",
        version: "eonay-portal \(Release.version)",
        subcommands: [Serve.self, Check.self, Verify.self, Audit.self, Backup.self, Stats.self])
}
