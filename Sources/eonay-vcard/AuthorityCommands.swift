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

struct MakeCertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make-certificate",
        abstract: "Makes a holder's certificate and its key.",
        discussion: "Writes NAME.pem, NAME.der and NAME.key to the authority's folder.")

    @Argument(help: "The authority's folder, as make-ca wrote it.")
    var folder: String

    @Argument(help: "What to call the files.")
    var file: String

    @Option(help: "What it is: \(IssuedKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind = IssuedKind.nes

    @OptionGroup var options: CertificateOptions

    func run() throws {
        let now = currentTime()
        let authority = try TestAuthority(folder: folder, addresses: options.addresses)
        try authority.issue(options.request(kind, now: now), now: now).write(file, to: folder)
    }
}
