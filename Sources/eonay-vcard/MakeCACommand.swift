// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import VirtualCard

struct MakeCACommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make-ca",
        abstract: "Makes a root and an issuer of certificates like Kamu SM's.",
        discussion: "Writes root.* and issuer.* (.pem, .der, .key) and chain.pem to the folder.")

    @Argument(help: "The folder; made unless it is there.")
    var folder: String

    @Option(help: "The kind of the authority's keys: ec or rsa.")
    var family = TestAuthority.Family.ellipticCurve

    func run() throws { try TestAuthority(family, now: currentTime()).write(to: folder) }
}
