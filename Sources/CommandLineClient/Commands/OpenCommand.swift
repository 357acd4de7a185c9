// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import Texts

/// `eonay open`
struct OpenCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "open", abstract: HelpTexts.text("Sign what a portal's page asks for by an eonay: address."),
            discussion: HelpTexts.text(
                "The desktop runs this when the page's button is pressed. The address names a code and one of the configured "
                    + "portals, and nothing else; a window asks before the PIN does."))
    }

    @Argument(
        help: .text("The address: eonay://sign?code=…&portal=…; without one, the desktop shows how things stand."))
    var address: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        guard let address else { return try showState() }
        let approval: ServiceApproval
        do {
            approval = try LinkedSigning.run(try link(address), console)
        } catch let failure as Failure {
            // The service shows how an approval ended, and this shows why there was none.
            DesktopMessage.show(failure, console)
            throw failure
        }
        // A click has no terminal: what is written goes to the session's log, which the number is not for.
        guard console.output.isTerminal || console.isJSON else {
            if let failure = ApprovalResult(approval: approval).failure { throw failure }
            return
        }
        try ApprovalResult(approval: approval).print(on: console)
    }

    /// As a desktop does that calls the bus itself.
    private func showState() throws {
        try Program.run { (program: Program) in
            let service = try await ServiceClient(on: program.loop)
            _ = try await Failure.mapping {
                try await service.bus.call(
                    Contract.busName, Contract.root, ApplicationInterface.self, .activate, [.options([:])])
            }
        }
    }

    private func link(_ address: String) throws(Failure) -> SignLink {
        do throws(InvalidSignLink) { return try SignLink(address) } catch {
            throw Failure(.link, detail: error.reason.rawValue)
        }
    }
}
