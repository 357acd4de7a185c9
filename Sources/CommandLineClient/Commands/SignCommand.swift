// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BusContract
import EOnayCore
import Texts

/// `eonay sign CODE`
struct SignCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "sign", abstract: HelpTexts.text("Sign what the portal asks for under a verification code."),
            discussion: HelpTexts.text(
                "The code is on the portal's page: 15 digits; spaces and hyphens between them do not matter. When it was for a "
                    + "sign-in, the number that is shown in the end is to be typed on that page."))
    }

    @Argument(help: .text("The verification code, in one piece or several."))
    var code: [String]

    @OptionGroup var choices: ApprovalChoices
    @OptionGroup var common: CommonOptions

    func run() throws {
        guard let code = try? VerificationCode(code.joined(separator: " ")) else { throw Failure(.invalidCode) }
        try Approving.run(.signCode(code.digits), choices, common.console)
    }
}
