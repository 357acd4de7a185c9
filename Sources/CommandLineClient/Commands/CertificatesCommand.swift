// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import EOnayCore
import Texts

/// `eonay certificates [ID]`
struct CertificatesCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "certificates",
            abstract: HelpTexts.text("Show the certificates that were seen, or one of them whole."))
    }

    @Argument(help: .text("The certificate: its id, or eight or more of its first digits."))
    var id = ""

    @OptionGroup var common: CommonOptions

    func run() throws {
        let (console, id) = (common.console, id)
        try Program.run { loop in
            let service = try await ServiceClient(on: loop)
            let isComplete = try await console.waitForCards(service, on: loop)
            let objects = try await service.objects()
            let found = try objects.certificates(called: id)
            if console.isJSON {
                let list = JSON.list(found.map { $0.json(objects.token(at: $0.token)) })
                return console.print(["certificates": list], isComplete: isComplete)
            }
            if found.isEmpty { return try await console.explainNothing(service) }
            if id.isEmpty { return console.print(Self.table(found, console.texts, isComplete: isComplete)) }
            for certificate in found {
                console.print(
                    certificate.details(objects.token(at: certificate.token), console.texts, isComplete: isComplete))
            }
        }
    }

    static func table(_ certificates: [CertificateObject], _ texts: Texts, isComplete: Bool = true) -> Table {
        let absent = isComplete ? texts.text("out") : texts.text("not read yet")
        let (words, ids) = (Words(texts: texts), ShortIDs(certificates.map(\.id)))
        var table = Table([
            .init(texts.text("CERTIFICATE")), .init(texts.text("HOLDER"), wrapsTo: 12),
            .init(texts.text("ISSUER"), least: 12), .init(texts.text("GOOD UNTIL")), .init(texts.text("STATE")),
            .init(texts.text("NES")), .init(texts.text("CARD")),
        ])
        for certificate in certificates {
            table.add([
                Cell(ids.short(certificate.id)), Cell(texts.holder(certificate.holder)), Cell(certificate.issuer),
                words.day(certificate.notAfter), words.phase(certificate.phase), words.yesNo(certificate.isQualified),
                certificate.isPresent ? Cell(texts.text("in"), .good) : Cell(absent, .faint),
            ])
        }
        return table
    }
}

extension CertificateObject {
    fileprivate func details(_ token: TokenFacts?, _ texts: Texts, isComplete: Bool) -> Details {
        let absent = isComplete ? texts.text("card is out") : texts.text("not read yet")
        let words = Words(texts: texts)
        var entries = [
            (texts.text("Certificate"), Cell(id)), (texts.text("Holder"), Cell(texts.holder(holder))),
            (IdentityKind(maskedIdentity).label(texts), Cell(maskedIdentity)), (texts.text("Issuer"), Cell(issuer)),
            (texts.text("Serial number"), Cell(serialNumber)), (texts.text("Good from"), words.exactDate(notBefore)),
            (texts.text("Good until"), words.exactDate(notAfter)), (texts.text("State"), words.phase(phase)),
            (texts.text("Qualified (NES)"), words.yesNo(isQualified)), (texts.text("Key"), Cell(keyType)),
            (texts.text("Reader"), token.map { Cell($0.reader) } ?? Cell(absent, .faint)),
            ("E-Onay", words.approval(approval)), (texts.text("No reminder until"), words.date(snoozedUntil)),
        ]
        for hindrance in hindrances {
            entries.append((texts.text("Hindrance"), Cell(ToldError(name: hindrance).explained(texts).what, .bad)))
        }
        return Details(entries)
    }

    fileprivate func json(_ token: TokenFacts?) -> JSON {
        [
            "id": .text(id), "holder": .text(holder), "masked_identity": .optional(maskedIdentity),
            "issuer": .text(issuer), "serial_number": .text(serialNumber), "not_before": .number(notBefore),
            "not_after": .number(notAfter), "phase": .text(phase), "qualified": .bool(isQualified),
            "hindrances": .texts(hindrances), "key_type": .text(keyType), "present": .bool(isPresent),
            "reader": .optional(token?.reader ?? ""), "approval": .text(approval),
            "snoozed_until": .time(snoozedUntil),
        ]
    }
}
