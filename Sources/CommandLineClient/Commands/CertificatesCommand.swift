// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import PortalContract
import Texts

/// `eonay certificates [ID]`
struct CertificatesCommand: ServiceCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "certificates",
            abstract: HelpTexts.text("Show the certificates that were seen, or one of them whole."))
    }

    @Argument(help: .text("The certificate: its id, or eight or more of its first digits."))
    var id = ""

    @OptionGroup var common: CommonOptions

    func run(_ service: ServiceClient, _ console: Console) async throws {
        let isComplete = try await console.waitForCards(service)
        let objects = try await service.objects()
        let found = try objects.certificates(called: id)
        if console.isJSON {
            let list = JSON.array(found.map { $0.json(objects.token(at: $0.token)) })
            return console.print(["certificates": list], isComplete: isComplete)
        }
        if found.isEmpty { return try await console.explainNothing(service) }
        let texts = console.texts
        // The word for a certificate whose card has not been read, and may yet be in.
        let absent = isComplete ? nil : texts.text("not read yet")
        if id.isEmpty { return console.print(Self.table(found, texts, absent: absent ?? texts.text("out"))) }
        for certificate in found {
            let reader = objects.token(at: certificate.token)?.reader
            console.print(certificate.details(reader, texts, absent: absent ?? texts.text("card is out")))
        }
    }

    private static func table(_ certificates: [ServiceCertificate], _ texts: Texts, absent: String) -> Table {
        let (words, ids) = (Words(texts: texts), ShortIDs(certificates.map(\.id)))
        var table = Table([
            .init(texts.text("CERTIFICATE")), .init(texts.text("HOLDER"), wrapsTo: 12),
            .init(texts.text("ISSUER"), least: 12), .init(texts.text("GOOD UNTIL")), .init(texts.text("STATE")),
            .init(texts.text("KIND"), wrapsTo: 8), .init(texts.text("NES")), .init(texts.text("CARD")),
        ])
        for certificate in certificates {
            table.add([
                Cell(ids.short(certificate.id)), Cell(texts.holder(certificate.holder)), Cell(certificate.issuer),
                words.day(certificate.notAfter),
                certificate.revocation.trouble(texts) ?? words.phase(certificate.phase), words.kind(certificate.kind),
                words.yesNo(certificate.isQualified),
                certificate.isPresent ? Cell(texts.text("in"), .good) : Cell(absent, .faint),
            ])
        }
        return table
    }
}

extension ServiceCertificate {
    fileprivate func details(_ reader: String?, _ texts: Texts, absent: String) -> Details {
        let words = Words(texts: texts)
        var entries = [
            (texts.text("Certificate"), Cell(id)), (texts.text("Holder"), Cell(texts.holder(holder))),
            (IdentityKind(maskedIdentity).label(texts), Cell(maskedIdentity)), (texts.text("Issuer"), Cell(issuer)),
            (texts.text("Serial number"), Cell(serialNumber)), (texts.text("Good from"), words.exactDate(notBefore)),
            (texts.text("Good until"), words.exactDate(notAfter)), (texts.text("State"), words.phase(phase)),
            (texts.text("Revocation"), revocation.cell(texts)), (texts.text("Reason"), Cell(revocation.why(texts))),
            (texts.text("Responder's answer of"), words.date(revocation.asked)),
            (texts.text("Kind"), words.kind(kind)), (texts.text("Qualified (NES)"), words.yesNo(isQualified)),
            (texts.text("Key"), Cell(keyType)), (texts.text("Successor"), Cell(successor)),
            (texts.text("Reader"), reader.map { Cell($0) } ?? Cell(absent, .faint)),
            ("E-Onay", words.approval(approval)), (texts.text("No reminder until"), words.date(snoozedUntil)),
        ]
        for hindrance in hindrances {
            entries.append((texts.text("Hindrance"), Cell(ServiceFault(hindrance).explained(texts).what, .bad)))
        }
        return Details(entries)
    }

    fileprivate func json(_ token: ServiceToken?) -> JSON {
        [
            "id": .string(id), "holder": .string(holder), "masked_identity": .optional(maskedIdentity),
            "issuer": .string(issuer), "serial_number": .string(serialNumber), "not_before": .integer(notBefore),
            "not_after": .integer(notAfter), "phase": .string(phase), "kind": .string(kind),
            "qualified": .bool(isQualified), "successor": .optional(successor),
            "hindrances": .texts(hindrances.map(\.name)), "key_type": .string(keyType), "present": .bool(isPresent),
            "reader": .optional(token?.reader ?? ""), "approval": .string(approval),
            "snoozed_until": .time(snoozedUntil), "revocation": .string(revocation.state),
            "revocation_since": .time(revocation.since), "revocation_reason": .optional(revocation.reason),
            "revocation_asked": .time(revocation.asked),
        ]
    }
}
