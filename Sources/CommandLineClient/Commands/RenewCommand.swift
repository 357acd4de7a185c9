// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Texts

/// `eonay renew`
struct RenewCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "renew", abstract: HelpTexts.text("File the application for a certificate's renewal."),
            discussion: HelpTexts.text(
                "The accepted E-Onay that stands at the portal signs it; the PIN is for signing in there."))
    }

    @Argument(help: .text("The certificate, as --certificate names it."))
    var id: String?

    @OptionGroup var choices: ApprovalChoices
    @OptionGroup var common: CommonOptions

    func run() throws {
        guard id == nil || choices.certificate.isEmpty else {
            throw Failure(.rule(Texts.marked("Name the certificate once.")), of: "renew")
        }
        var choices = choices
        if let id { choices.certificate = id }
        try Approving.run(.renew, choices, common.console)
    }
}
