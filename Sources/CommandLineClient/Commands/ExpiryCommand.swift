// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import PortalContract
import Texts

/// `eonay expiry`
struct ExpiryCommand: ServiceCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "expiry", abstract: HelpTexts.text("Show how long the certificates are good."))
    }

    @OptionGroup var common: CommonOptions

    func run(_ service: ServiceClient, _ console: Console) async throws {
        try await console.list(ExpiryRow.self, by: .expiry, of: service)
    }
}

/// A row of `Expiry`.
struct ExpiryRow: CertificateRow {
    let id, holder: String
    let notAfter: Int64
    let daysLeft: Int32
    let phase: String

    init?(_ members: [Value]) {
        guard members.count >= 5, let id = members[0].string, let holder = members[1].string,
            let notAfter = members[2].int64, let daysLeft = members[3].int32, let phase = members[4].string
        else { return nil }
        (self.id, self.holder, self.notAfter, self.daysLeft, self.phase) = (id, holder, notAfter, daysLeft, phase)
    }

    static func table(_ rows: [ExpiryRow], _ texts: Texts) -> Table {
        let (words, ids) = (Words(texts: texts), ShortIDs(rows.map(\.id)))
        var table = Table([
            .init(texts.text("CERTIFICATE")), .init(texts.text("HOLDER"), wrapsTo: 12), .init(texts.text("GOOD UNTIL")),
            .init(texts.text("LEFT")), .init(texts.text("STATE")),
        ])
        for row in rows {
            table.add([
                Cell(ids.short(row.id)), Cell(texts.holder(row.holder)), words.date(row.notAfter),
                words.daysLeft(row.daysLeft), words.phase(row.phase),
            ])
        }
        return table
    }

    var json: JSON {
        [
            "id": .string(id), "holder": .string(holder), "not_after": .integer(notAfter),
            "days_left": .integer(Int64(daysLeft)), "phase": .string(phase),
        ]
    }
}
