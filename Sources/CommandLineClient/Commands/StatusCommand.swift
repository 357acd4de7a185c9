// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import PortalContract
import Texts

/// `eonay status`
struct StatusCommand: ServiceCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "status", abstract: HelpTexts.text("Show for which certificates E-Onay is given."))
    }

    @OptionGroup var common: CommonOptions

    func run(_ service: ServiceClient, _ console: Console) async throws {
        try await console.list(StatusRow.self, by: .status, of: service)
    }
}

/// A row of `Status`.
struct StatusRow: CertificateRow {
    let id, holder, approval: String
    let since: Int64
    let portal: String

    init?(_ members: [Value]) {
        guard members.count >= 5, let id = members[0].string, let holder = members[1].string,
            let approval = members[2].string, let since = members[3].int64, let portal = members[4].string
        else { return nil }
        (self.id, self.holder, self.approval, self.since, self.portal) = (id, holder, approval, since, portal)
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
                words.date(row.since), Cell(row.portal),
            ])
        }
        return table
    }

    var json: JSON {
        [
            "id": .string(id), "holder": .string(holder), "approval": .string(approval), "since": .time(since),
            "portal": .optional(portal),
        ]
    }
}
