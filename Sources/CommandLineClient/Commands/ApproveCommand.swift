// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Texts

/// `eonay approve`
struct ApproveCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "approve", abstract: HelpTexts.text("Give or decline E-Onay at the portal."),
            discussion: HelpTexts.text(
                "The portal's declaration is shown before the PIN is asked for. Ctrl-C cancels, unless the request has reached the portal."
            ))
    }

    @Flag(help: .text("KABUL EDİYORUM: accept."))
    var accept = false

    @Flag(help: .text("KABUL ETMİYORUM: decline."))
    var decline = false

    @OptionGroup var choices: ApprovalChoices
    @OptionGroup var common: CommonOptions

    func run() throws {
        guard accept != decline else { throw Failure(.rule(Texts.marked("Say --accept or --decline.")), of: "approve") }
        try Approving.run(.approve(decision: accept ? "accept" : "decline"), choices, common.console)
    }
}
