// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Texts

/// `eonay status`
struct StatusCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status", abstract: HelpTexts.text("Show for which certificates E-Onay is given."))
    }

    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        try Program.run { loop in
            let service = try await ServiceClient(on: loop)
            let isComplete = try await console.waitForCards(service, on: loop)
            let rows = try await service.status()
            if console.isJSON {
                return console.print(["certificates": .list(rows.map(\.json))], isComplete: isComplete)
            }
            if rows.isEmpty { return try await console.explainNothing(service) }
            console.print(Self.table(rows, console.texts))
        }
    }

    static func table(_ rows: [StatusRow], _ texts: Texts) -> Table {
        let (words, ids) = (Words(texts: texts), ShortIDs(rows.map(\.id)))
        var table = Table([
            .init(texts.text("CERTIFICATE")), .init(texts.text("HOLDER"), wrapsTo: 12), .init(texts.text("E-ONAY")),
            .init(texts.text("SINCE")), .init(texts.text("PORTAL"), wrapsTo: 12),
        ])
        for row in rows {
            table.add([
                Cell(ids.short(row.id)), Cell(texts.holder(row.holder)), words.approval(row.approval),
                words.date(row.since),
                Cell(row.portal),
            ])
        }
        return table
    }
}

extension StatusRow {
    fileprivate var json: JSON {
        [
            "id": .text(id), "holder": .text(holder), "approval": .text(approval), "since": .time(since),
            "portal": .optional(portal),
        ]
    }
}
