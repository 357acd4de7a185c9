// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EOnayCore
import PortalContract
import Texts

/// `eonay pin status|change|unblock [ID]`
struct PINCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "pin", abstract: HelpTexts.text("Show how a card's PIN stands, change it, or unblock it."),
            usage: "eonay pin status [<id>] | eonay pin change|unblock [<id>] [<options>]",
            discussion: HelpTexts.text(
                "A wrong PIN or PUK is never tried a second time by itself. Ctrl-C cancels, unless the card is being asked already."
            ))
    }

    @Argument(
        help: .text(
            "status, change (by the present PIN), or unblock (by the PUK, where the PIN is locked or forgotten)."))
    var action: String

    @Argument(
        help: .text(
            "The card, by the id of a certificate on it, or eight or more of its first digits. Without it, the only card."
        ))
    var id = ""

    @Flag(help: .text("Go on although one try is left; a PUK that is locked makes the card useless for ever."))
    var finalTry = false

    @Option(
        name: .customLong("pin-fd"),
        help: .text("Read two lines from this descriptor: the present PIN (or the PUK), and the new PIN."))
    var pinDescriptor: Int32?

    @Flag(help: .text("Ask on this terminal, also where a window could be shown."))
    var terminal = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        if pinDescriptor != nil, terminal {
            throw Failure(.rule(Texts.marked("--pin-fd does not go with --terminal.")), of: "pin")
        }
        if !id.isEmpty { try ServiceSnapshot.check(reference: id) }
        if action == "status" { return try status() }
        guard let task = PINTask(rawValue: action) else {
            throw Failure(.rule(Texts.marked("Say status, change or unblock.")), of: "pin")
        }
        let (console, id, finalTry) = (common.console, id.lowercased(), finalTry)
        let entry = try PINEntryMethod(
            descriptor: pinDescriptor, neverPrompts: false, onTerminal: terminal, of: "pin")
        // Last of all, and however this ends: the job may have been killed with the echo off.
        defer { entry.loan?.restore() }
        try Program.run { (program: Program) in
            let session = try await PINSession(task, card: id, finalTry: finalTry, entry, program, console)
            let end = try await session.run()
            entry.loan?.restore()
            try end.print(on: console)
        }
    }

    private func status() throws {
        let (console, id) = (common.console, id)
        try console.paged { console in
            try Program.run { loop in
                let service = try await ServiceClient(on: loop)
                let isComplete = try await console.waitForCards(service)
                let objects = try await service.objects()
                let states = try PINStatus.all(in: objects, holding: id)
                guard !states.isEmpty else {
                    let trouble = try await service.watcher().trouble
                    throw objects.tokens.first { !$0.error.isEmpty }?.error.failure ?? Failure(trouble ?? .noToken)
                }
                if console.isJSON {
                    console.print(["cards": .array(states.map(\.json))], isComplete: isComplete)
                } else {
                    console.print(states.map { $0.details(console.texts) })
                }
                if let error = states.lazy.compactMap(\.hindrance).first { throw Ended(status: Failure(error).status) }
            }
        }
    }
}
