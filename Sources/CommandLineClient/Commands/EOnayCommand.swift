// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// `eonay`
struct EOnayCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "eonay",
            abstract: HelpTexts.text("Your signature card, its certificate and your E-Onay."),
            discussion: HelpTexts.text(
                "Examples:\n  eonay expiry                       how long the certificates are good\n"
                    + "  eonay approve --accept             give E-Onay\n"
                    + "  eonay sign 12345 67890 12345       sign what the portal's page asks for\n"
                    + "  eonay verify letter.p7s            judge a signature\n\n"
                    + "Each command takes --json. Exit status: 0 good, 1 unforeseen, 2 usage, 3 no service, 4 bad file, "
                    + "5 outcome not known, 6 signature invalid, 7 signature not to be judged, 8 doctor: something is in the way, 10 and up: one for each "
                    + "error of the service; eonay(1) lists them."),
            version: "eonay \(Release.version)",
            subcommands: [
                StatusCommand.self, ExpiryCommand.self, TokensCommand.self, CertificatesCommand.self,
                ApproveCommand.self, SignCommand.self, OpenCommand.self, RenewCommand.self,
                PINCommand.self, HistoryCommand.self, SnoozeCommand.self, ExportCommand.self, ForgetCommand.self,
                WatchCommand.self, ConfigCommand.self, InspectCommand.self, VerifyCommand.self, DoctorCommand.self,
            ])
    }
}

/// The options of every command.
struct CommonOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: .text("Print JSON, in the form that eonay(1) describes."))
    var isJSON = false

    @Flag(
        name: [.customLong("quiet"), .customShort("q")],
        help: .text("Print only what was asked for, and errors: no progress, no advice, no word of success."))
    var isQuiet = false

    @Flag(name: .customLong("no-pager"), help: .text("Show a long list without a pager."))
    var avoidsPager = false

    var console: Console { Console(asJSON: isJSON, isQuiet: isQuiet, usesPager: !avoidsPager) }
}

/// A command that asks the service.
protocol ServiceCommand: ParsableCommand, Sendable {
    var common: CommonOptions { get }

    /// Asks, and prints the answer.
    func run(_ service: ServiceClient, _ console: Console) async throws
}

extension ServiceCommand {
    func run() throws {
        try common.console.paged { console in
            try Program.run { loop in try await run(ServiceClient(on: loop), console) }
        }
    }
}

/// A row of one of the service's answers.
protocol ServiceRow {
    /// From the members of its structure; nil where they are not of the form that this program knows.
    init?(_ members: [Value])

    var json: JSON { get }
}

/// A row of a list about certificates.
protocol CertificateRow: ServiceRow {
    static func table(_ rows: [Self], _ texts: Texts) -> Table
}

extension Console {
    /// Asks a method for its rows once every card has been read, and prints them: as a table, as JSON, or why there are none.
    func list<Row: CertificateRow>(_ rows: Row.Type, by method: ServiceInterface.Method, of service: ServiceClient)
        async throws
    {
        let isComplete = try await waitForCards(service)
        let rows: [Row] = try await service.rows(method)
        if isJSON { return print(["certificates": .array(rows.map(\.json))], isComplete: isComplete) }
        if rows.isEmpty { return try await explainNothing(service) }
        print(Row.table(rows, texts))
    }

    /// Waits until every card has been read; on a terminal, says so after a moment. False where that took too long: then a sentence here,
    /// or `complete` in the JSON, says that the list may lack something.
    func waitForCards(_ service: ServiceClient) async throws -> Bool {
        var isWaiting = false
        let isComplete = try await service.settled {
            guard !isJSON, !isQuiet, error.isTerminal else { return }
            isWaiting = true
            error.write(texts.text("The cards are being read…"))
        }
        if isWaiting { error.write("\r\u{1B}[K") }
        if !isComplete, !isJSON, !isQuiet {
            let sentence = texts.text("Not every card has been read yet; the list may be incomplete.")
            let lines = error.width.map { DisplayWidth.wrapped(sentence, to: $0) } ?? [sentence]
            error.write(lines.map { $0 + "\n" }.joined())
        }
        return isComplete
    }

    /// Prints the object. Where it may not be all, its last member says so.
    func print(_ json: JSON, isComplete: Bool) {
        guard !isComplete, case .object(let members) = json else { return print(json) }
        print(.object(members + [JSON.Member("complete", .bool(false))]))
    }

    /// Says why there is no certificate to show: what is wrong with readers and cards, else that none was ever in.
    func explainNothing(_ service: ServiceClient) async throws {
        let watcher = try await service.watcher()
        let fault: ServiceFault
        if let trouble = watcher.trouble {
            fault = ServiceFault(.known(trouble))
        } else {
            let troubled = try await service.objects().tokens.first { !$0.error.isEmpty }
            fault = troubled?.error ?? ServiceFault(.known(.noCertificate))
        }
        let text = fault.explained(texts)
        note(texts.text("No certificate is known yet."))
        let isNone = fault.name == ErrorName.noCertificate.rawValue
        note(ShowableText.line(isNone ? text.remedy : "\(text.what) \(text.remedy)"))
    }
}
