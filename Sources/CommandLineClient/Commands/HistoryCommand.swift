// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Texts

/// `eonay history`
struct HistoryCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "history", abstract: HelpTexts.text("Show the decisions made on this computer, newest first."))
    }

    @Option(help: .text("How many to show at most; 0: all."))
    var limit: UInt32 = 20

    @OptionGroup var common: CommonOptions

    func run() throws {
        let (console, limit) = (common.console, limit)
        try Program.run { loop in
            let rows = try await ServiceClient(on: loop).history(limit: limit)
            if console.isJSON { return console.print(["decisions": .list(rows.map(\.json))]) }
            if rows.isEmpty { return console.print(sentence: console.texts.text("No decision was made yet.")) }
            console.print(Self.table(rows, console.texts))
        }
    }

    static func table(_ rows: [HistoryRow], _ texts: Texts) -> Table {
        let (words, ids) = (Words(texts: texts), ShortIDs(rows.map(\.certificate)))
        var table = Table([
            .init(texts.text("WHEN")), .init(texts.text("DECISION")), .init(texts.text("RESULT")),
            .init(texts.text("CERTIFICATE")), .init(texts.text("PORTAL"), least: 12),
            .init(texts.text("REFERENCE"), least: 12),
        ])
        for row in rows {
            table.add([
                words.date(row.at), words.decision(row.decision), words.result(row.result),
                Cell(ids.short(row.certificate)), Cell(row.portal), Cell(row.reference),
            ])
        }
        return table
    }
}

extension HistoryRow {
    fileprivate var json: JSON {
        [
            "at": .number(at), "certificate": .text(certificate), "decision": .text(decision),
            "result": .text(result), "portal": .optional(portal), "reference": .optional(reference),
        ]
    }
}
