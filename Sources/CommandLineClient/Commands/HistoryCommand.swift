// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import PortalContract
import Texts

/// `eonay history`
struct HistoryCommand: ServiceCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "history", abstract: HelpTexts.text("Show the decisions made on this computer, newest first."))
    }

    @Argument(help: .text("The reference of a decision, or its beginning: to show that one whole."))
    var reference = ""

    @Option(help: .text("How many to show at most; 0: all."))
    var limit: UInt32 = 20

    @OptionGroup var common: CommonOptions

    func run(_ service: ServiceClient, _ console: Console) async throws {
        let rows = try await rows(of: service)
        if console.isJSON { return console.print(["decisions": .array(rows.map(\.json))]) }
        if rows.isEmpty { return console.note(console.texts.text("No decision was made yet.")) }
        guard !reference.isEmpty else { return console.print(HistoryRow.table(rows, console.texts)) }
        console.print(rows.map { $0.details(console.texts) })
    }

    /// The newest ones, or those whose reference begins like the given one, however old.
    private func rows(of service: ServiceClient) async throws -> [HistoryRow] {
        guard !reference.isEmpty else { return try await service.rows(.history, [.uint32(limit)]) }
        let meant = reference.lowercased()
        let all: [HistoryRow] = try await service.rows(.history, [.uint32(0)])
        let found = all.filter { $0.reference.lowercased().hasPrefix(meant) }
        guard !found.isEmpty else { throw Failure(.unknownReference, subject: reference) }
        return found
    }
}

/// A row of `History`.
struct HistoryRow: ServiceRow {
    let at: Int64
    let certificate, decision, result, portal, reference: String

    init?(_ members: [Value]) {
        guard members.count >= 6, let at = members[0].int64 else { return nil }
        let texts = members[1...5].compactMap(\.string)
        guard texts.count == 5 else { return nil }
        self.at = at
        (certificate, decision, result, portal, reference) = (texts[0], texts[1], texts[2], texts[3], texts[4])
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

    func details(_ texts: Texts) -> Details {
        let words = Words(texts: texts)
        return Details([
            (texts.text("Reference"), Cell(reference)), (texts.text("Decided at"), words.exactDate(at)),
            (texts.text("Decision"), words.decision(decision)), (texts.text("Result"), words.result(result)),
            (texts.text("Certificate"), Cell(certificate)), (texts.text("Portal"), Cell(portal)),
        ])
    }

    var json: JSON {
        [
            "at": .integer(at), "certificate": .string(certificate), "decision": .string(decision),
            "result": .string(result), "portal": .optional(portal), "reference": .optional(reference),
        ]
    }
}
