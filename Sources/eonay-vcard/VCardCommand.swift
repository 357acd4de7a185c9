// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The program: a card in a reader, or certificates for one.
@main
struct VCardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eonay-vcard",
        abstract: "A virtual smart card behind a real pcscd, for demonstrations and tests.",
        discussion: """
            Examples:
              eonay-vcard pcscd /tmp/bench
              eonay-vcard run --socket /tmp/bench/reader-1 --inserted
              eonay-vcard run --socket /tmp/bench/reader-1 --type piv --key-type ec-p384 --days-left 12
              eonay-vcard make-ca /tmp/ca
              eonay-vcard make-certificate /tmp/ca expired --kind expired
              eonay-vcard run --vpcd 35963 --certificate /tmp/ca/expired.der:/tmp/ca/expired.key
            """,
        subcommands: [PCSCDCommand.self, RunCommand.self, MakeCACommand.self, MakeCertificateCommand.self])
}
