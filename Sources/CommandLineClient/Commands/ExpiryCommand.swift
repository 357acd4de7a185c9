// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Texts

/// `eonay expiry`
struct ExpiryCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "expiry", abstract: HelpTexts.text("Show how long the certificates are good."))
    }

    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        try Program.run { loop in
            let service = try await ServiceClient(on: loop)
            let isComplete = try await console.waitForCards(service, on: loop)
            let rows = try await service.expiry()
            if console.isJSON {
                return console.print(["certificates": .list(rows.map(\.json))], isComplete: isComplete)
            }
            if rows.isEmpty { return try await console.explainNothing(service) }
            console.print(Self.table(rows, console.texts))
        }
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
                words.daysLeft(row.daysLeft),
                words.phase(row.phase),
            ])
        }
        return table
    }
}

extension ExpiryRow {
    fileprivate var json: JSON {
        [
            "id": .text(id), "holder": .text(holder), "not_after": .number(notAfter),
            "days_left": .number(Int64(daysLeft)), "phase": .text(phase),
        ]
    }
}
