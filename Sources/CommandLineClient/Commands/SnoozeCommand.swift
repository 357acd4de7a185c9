// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// `eonay snooze [ID] --until DATE | --days N | --off`
struct SnoozeCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "snooze", abstract: HelpTexts.text("Put off the reminders of a certificate's end."),
            discussion: HelpTexts.text("The day before the end is the latest: a longer rest is shortened to that."))
    }

    @Argument(help: .text("The certificate: its id, or eight or more of its first digits. Without it, the only NES."))
    var id = ""

    @Option(help: .text("No reminder before this day: 2026-12-31 or 31.12.2026."))
    var until: String?

    @Option(help: .text("No reminder for so many days."))
    var days: Int?

    @Flag(help: .text("Remind again."))
    var off = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard [until != nil, days != nil, off].count(where: { $0 }) == 1 else {
            throw Failure(.rule(Texts.marked("Say one of --until, --days and --off.")), of: "snooze")
        }
        if let days, !(1...3650).contains(days) {
            throw Failure(.rule(Texts.marked("--days takes a number from 1 to 3650.")), of: "snooze")
        }
        let (console, id) = (common.console, id)
        let wish = try wish(console.texts)
        try Program.run { loop in
            let service = try await ServiceClient(on: loop)
            _ = try await console.waitForCards(service)
            let certificate = try Self.choose(id, from: try await service.objects())
            _ = try await service.call(.snooze, [.string(certificate.id), .int64(wish)])
            let now = try await service.properties(of: CertificateInterface.self, at: certificate.path)
            Self.report(ServiceCertificate(certificate.path, now), wish, console)
        }
    }

    /// The instant that is asked for; 0 for --off.
    private func wish(_ texts: Texts) throws -> Int64 {
        if let days { return Console.now + Int64(days) * 86_400 }
        guard let until else { return 0 }
        // An example that is good whenever it is read.
        let example = CalendarDay(of: texts.zone.time(at: Console.now + 30 * 86_400))
        guard let start = CalendarDay(until)?.start(in: texts.zone) else {
            throw Failure(.badDay(until, example: example), of: "snooze")
        }
        guard start > Console.now else { throw Failure(.pastDay(until, example: example), of: "snooze") }
        return start
    }

    /// Reminders are about the certificates that a person signs with.
    private static func choose(_ id: String, from objects: ServiceSnapshot) throws -> ServiceCertificate {
        let found = try objects.certificates(called: id)
        let meant = id.isEmpty && found.count > 1 ? found.filter { $0.isQualified && $0.phase != "expired" } : found
        guard meant.count <= 1 else {
            let ids = ShortIDs(meant.map(\.id))
            let list = meant.map { "\(ids.short($0.id)) \($0.holder)" }.joined(separator: ", ")
            throw Failure(.ambiguousCertificate, subject: list)
        }
        guard let certificate = meant.first else { throw Failure(.noCertificate) }
        return certificate
    }

    private static func report(_ certificate: ServiceCertificate, _ wish: Int64, _ console: Console) {
        let (texts, until) = (console.texts, certificate.snoozedUntil)
        if console.isJSON {
            return console.print(["certificate": .string(certificate.id), "snoozed_until": .time(until)])
        }
        if until == 0 {
            return console.note(texts.text("Reminders of this certificate's end are on."))
        }
        console.note(texts.text("No reminder before %1.", texts.date(until)))
        if until < wish {
            console.note(texts.text("This is shorter than asked for, so that the end is not missed."))
        }
    }
}
