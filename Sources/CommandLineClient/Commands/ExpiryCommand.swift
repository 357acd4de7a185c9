// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// `eonay expiry`
struct ExpiryCommand: ServiceCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "expiry", abstract: HelpTexts.text("Show how long the certificates are good."),
            discussion: HelpTexts.text(
                "csv is for a spreadsheet, ics for a calendar, prometheus for the textfile collector of node_exporter.")
        )
    }

    @Option(help: .text("The form: table, json, csv, ics or prometheus."))
    var format: String?

    @Option(help: .text("A file to write instead, in one step; with csv, ics and prometheus."))
    var output: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let isJSON = try form == .json || common.isJSON
        let console = Console(asJSON: isJSON, isQuiet: common.isQuiet, usesPager: !common.avoidsPager)
        try console.paged { console in
            try Program.run { loop in try await run(ServiceClient(on: loop), console) }
        }
    }

    func run(_ service: ServiceClient, _ console: Console) async throws {
        let form = try form
        switch form {
        case .table, .json: try await console.list(ExpiryRow.self, by: .expiry, of: service)
        case .csv, .ics, .prometheus: try await write(form, service, console)
        }
    }

    /// The form that is asked for. Throws what does not go together.
    private var form: ExpiryFormat {
        get throws(Failure) {
            guard let form = format.map({ ExpiryFormat(rawValue: $0) }) ?? .table else {
                throw Failure(.rule(Texts.marked("--format takes table, json, csv, ics or prometheus.")), of: "expiry")
            }
            guard !common.isJSON || format == nil || form == .json else {
                throw Failure(.rule(Texts.marked("--json goes with no other --format.")), of: "expiry")
            }
            guard output == nil || ![.table, .json].contains(form) else {
                throw Failure(.rule(Texts.marked("--output goes with csv, ics and prometheus.")), of: "expiry")
            }
            return form
        }
    }

    private func write(_ form: ExpiryFormat, _ service: ServiceClient, _ console: Console) async throws {
        _ = try await console.waitForCards(service)
        let configuration = Surroundings.configuration
        let certificates = try await service.objects().certificates.map {
            ExpiringCertificate($0, remindingOf: configuration.remindedKinds)
        }
        let text: String
        switch form {
        case .ics:
            // A calendar without an event is none.
            guard !certificates.isEmpty else { throw Failure(.noCertificate) }
            let calendar = ExpiryCalendar(
                texts: console.texts, ladder: configuration.reminderPlanner.ladder, now: Console.now)
            text = calendar.text(certificates)
        case .csv: text = ExpiryCSV.text(certificates, console.texts, at: Console.now)
        default: text = ExpiryMetrics.text(certificates)
        }
        guard let output else { return console.output.write(text) }
        do throws(SystemError) {
            try Files.replace(output, with: Array(text.utf8), mode: form.fileMode)
        } catch {
            throw Failure(.fileUnwritable, subject: output, detail: "\(error)")
        }
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
