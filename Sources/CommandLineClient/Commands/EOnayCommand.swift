// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EOnayCore
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
                    + "5 outcome not known, 6 signature invalid, 7 signature not to be judged, 10 and up: one for each "
                    + "error of the service; eonay(1) lists them."),
            version: "eonay \(Release.version)",
            subcommands: [
                StatusCommand.self, ExpiryCommand.self, TokensCommand.self, CertificatesCommand.self,
                ApproveCommand.self, SignCommand.self, OpenCommand.self, RenewCommand.self,
                HistoryCommand.self, SnoozeCommand.self, WatchCommand.self, ConfigCommand.self, InspectCommand.self,
                VerifyCommand.self,
            ])
    }
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: .text("Print JSON, in the form that eonay(1) describes."))
    var isJSON = false

    var console: Console { Console(asJSON: isJSON) }
}
