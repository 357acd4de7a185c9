// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// `eonay export FILE.tar`
struct ExportCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export", abstract: HelpTexts.text("Write all that is stored about you into an archive."),
            discussion: HelpTexts.text(
                "The archive (tar) holds readable files: certificates.json, approvals.json, and each signature as .p7s. "
                    + "Only you can read it. A file that exists is never overwritten."))
    }

    @Argument(help: .text("The archive to write, such as eonay.tar."))
    var file: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        let (console, file) = (common.console, file)
        try Program.run { loop in
            let service = try await ServiceClient(on: loop)
            let isComplete = try await console.waitForCards(service)
            let counts = try await Self.write(file, service, console)
            if console.isJSON {
                return console.print(
                    [
                        "file": .string(file), "certificates": .integer(Int64(counts.certificates)),
                        "approvals": .integer(Int64(counts.approvals)),
                        "signatures": .integer(Int64(counts.signatures)),
                    ], isComplete: isComplete)
            }
            let texts = console.texts
            console.note(
                texts.text(
                    "Written to %1: %2, %3, %4.", ShowableText.line(file),
                    texts.text("%1 certificate", plural: "%1 certificates", count: counts.certificates),
                    texts.text("%1 approval", plural: "%1 approvals", count: counts.approvals),
                    texts.text("%1 signature", plural: "%1 signatures", count: counts.signatures)))
        }
    }

    private static func write(
        _ path: String, _ service: ServiceClient, _ console: Console
    ) async throws -> (certificates: Int, approvals: Int, signatures: Int) {
        guard let certificates = try await service.call(.listCertificates).first?.elements else {
            throw Failure(.serviceForeign)
        }
        var archive = try TarWriter(path, at: Console.now)
        try archive.add("eonay/README.txt", Array(readme(console.texts).utf8))
        try archive.add("eonay/certificates.json", document("certificates", certificates.map { JSON(row: $0) }))
        var (approvals, signatures, last) = ([JSON](), 0, Int64(0))
        while true {
            // The next rows, until there are none.
            let page = try await service.call(
                .listApprovals, [.options([ApprovalsOption.after.rawValue: .int64(last)])]
            ).first?.elements
            guard let page else { throw Failure(.serviceForeign) }
            guard !page.isEmpty else { break }
            for row in page {
                guard let number = row[ApprovalKey.number.rawValue]?.int64, number > last else {
                    throw Failure(.serviceForeign)
                }
                last = number
                var files: [JSON] = []
                for signature in row[ApprovalKey.signatures.rawValue]?.elements ?? [] {
                    let parts = signature.members ?? []
                    guard parts.count == 3, let step = parts[0].string, let cms = parts[2].bytes else { continue }
                    let name = "signatures/\(number)-\(step.filter { $0.isASCII && $0.isLetter }.prefix(20)).p7s"
                    try archive.add("eonay/\(name)", cms)
                    files.append([
                        "file": .string(name), "step": .string(step), "signed_at": .integer(parts[1].int64 ?? 0),
                    ])
                }
                signatures += files.count
                guard case .object(let members) = JSON(row: row, except: [ApprovalKey.signatures.rawValue]) else {
                    continue
                }
                approvals.append(.object(members + [JSON.Member("signatures", .array(files))]))
            }
        }
        try archive.add("eonay/approvals.json", document("approvals", approvals))
        try archive.finish()
        return (certificates.count, approvals.count, signatures)
    }

    private static func document(_ name: String, _ rows: [JSON]) -> [UInt8] {
        JSON.object([JSON.Member(name, .array(rows))]).utf8 + [0x0A]
    }

    private static func readme(_ texts: Texts) -> String {
        [
            texts.text("This is all that E-Onay has stored about you on this computer."), "",
            texts.text(
                "certificates.json: the certificates that were read from your cards, and the reminders that were shown."
            ),
            texts.text("approvals.json: what you approved or signed. Times are seconds since 1970 (UTC)."),
            texts.text("signatures: the signatures that were made, as CMS. eonay verify FILE judges one."), "",
            texts.text("Your identity number is stored in the signatures alone, as part of your certificate."),
            texts.text("To delete what is stored: eonay forget --all"),
        ].map { $0 + "\n" }.joined()
    }
}
