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

    @Argument(help: .text("The reference of a decision, or its beginning: to show that one whole."))
    var reference = ""

    @Option(help: .text("How many to show at most; 0: all."))
    var limit: UInt32 = 20

    @OptionGroup var common: CommonOptions

    func run() throws {
        let (console, limit, reference) = (common.console, limit, reference)
        try Program.run { loop in
            let service = try await ServiceClient(on: loop)
            let rows = try await Self.rows(limit, reference, of: service)
            if console.isJSON { return console.print(["decisions": .list(rows.map(\.json))]) }
            if rows.isEmpty { return console.print(sentence: console.texts.text("No decision was made yet.")) }
            guard !reference.isEmpty else { return console.print(Self.table(rows, console.texts)) }
            for (place, row) in rows.enumerated() {
                if place > 0 { console.print() }
                console.print(row.details(console.texts))
            }
        }
    }

    /// The newest ones, or those whose reference begins like this one, however old.
    private static func rows(
        _ limit: UInt32, _ reference: String, of service: ServiceClient
    ) async throws -> [HistoryRow] {
        guard !reference.isEmpty else { return try await service.history(limit: limit) }
        let meant = reference.lowercased()
        let found = try await service.history(limit: 0).filter { $0.reference.lowercased().hasPrefix(meant) }
        guard !found.isEmpty else { throw Failure(.unknownReference, subject: reference) }
        return found
    }

    static func table(_ rows: [HistoryRow], _ texts: Texts) -> Table {
        let (words, ids) = (Words(texts: texts), ShortIDs(rows.map(\.certificate)))
        var table = Table([
            .init(texts.text("WHEN")), .init(texts.text("DECISION")), .init(texts.text("RESULT")),
            .init(texts.text("CERTIFICATE")), .init(texts.text("PORTAL"), wrapsTo: 12),
            .init(texts.text("REFERENCE"), isApart: true),
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
    fileprivate func details(_ texts: Texts) -> Details {
        let words = Words(texts: texts)
        return Details([
            (texts.text("Reference"), Cell(reference)), (texts.text("Decided at"), words.exactDate(at)),
            (texts.text("Decision"), words.decision(decision)), (texts.text("Result"), words.result(result)),
            (texts.text("Certificate"), Cell(certificate)), (texts.text("Portal"), Cell(portal)),
        ])
    }

    fileprivate var json: JSON {
        [
            "at": .number(at), "certificate": .text(certificate), "decision": .text(decision),
            "result": .text(result), "portal": .optional(portal), "reference": .optional(reference),
        ]
    }
}
