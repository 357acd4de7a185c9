// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import EOnayCore
import Glibc
import PortalContract
import SystemBasics
import Texts

/// `eonay forget ID [--holder] | --all [--signatures] [--yes]`
struct ForgetCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "forget",
            abstract: HelpTexts.text("Delete what is stored about a certificate, a person, or everybody."),
            discussion: HelpTexts.text(
                "An E-Onay that was recorded stays with its signature, which is evidence, unless --signatures is given. The portal's own "
                    + "record is not touched. eonay export keeps a copy."))
    }

    @Argument(help: .text("The certificate: its id, or eight or more of its first digits."))
    var id = ""

    @Flag(help: .text("Everything about the certificate's holder."))
    var holder = false

    @Flag(help: .text("Everything, of everybody."))
    var all = false

    @Flag(help: .text("What was recorded, too, with its signatures."))
    var signatures = false

    @Flag(help: .text("Do not ask."))
    var yes = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard all == id.isEmpty, !(all && holder) else {
            throw Failure(.rule(Texts.marked("Name a certificate, or say --all.")), of: "forget")
        }
        let console = common.console
        guard yes || (isatty(STDIN_FILENO) == 1 && console.output.isTerminal && !console.isJSON) else {
            throw Failure(.rule(Texts.marked("Say --yes where nobody can be asked.")), of: "forget")
        }
        if !id.isEmpty { try ServiceSnapshot.check(reference: id) }
        try Program.run { [self] loop in
            let service = try await ServiceClient(on: loop)
            _ = try await console.waitForCards(service)
            let certificate = id.isEmpty ? "" : try await service.objects().certificates(called: id)[0].id
            guard yes || ask(console) else { throw Ended(status: .good) }
            let options: [ForgetOption: Bool] = [.holder: holder, .all: all, .signatures: signatures]
            let answer = try await service.call(
                .forget,
                [
                    .string(certificate),
                    .options(Dictionary(uniqueKeysWithValues: options.map { ($0.key.rawValue, .bool($0.value)) })),
                ])
            guard let row = answer.first.flatMap(ForgottenRow.init) else { throw Failure(.serviceForeign) }
            row.print(on: console)
        }
    }

    /// Says what will go and what stays, and waits for a word.
    private func ask(_ console: Console) -> Bool {
        let texts = console.texts
        let range =
            all
            ? texts.text("All that is stored on this computer will be deleted.")
            : holder
                ? texts.text("All that is stored about the holder of certificate %1 will be deleted.", id)
                : texts.text("All that is stored about certificate %1 will be deleted.", id)
        console.print(sentence: range)
        console.print(
            sentence: signatures
                ? texts.text(
                    "The signatures of what was recorded will go, too: you lose the evidence of what you signed.")
                : texts.text("What was recorded stays with its signatures, which show what you signed."))
        console.print(texts.text("Go on? Type yes:"))
        let answer = readLine(strippingNewline: true)?.lowercased() ?? ""
        return [texts.text("yes"), "yes", "y", "evet", "e"].contains(answer)
    }
}

/// The answer of `Forget`.
private struct ForgottenRow {
    let certificates, present: [String]
    let approvals, kept: Int
    let isErased: Bool

    init?(_ answer: Value) {
        guard let certificates = answer[ForgottenKey.certificates.rawValue]?.strings,
            let approvals = answer[ForgottenKey.approvals.rawValue]?.uint32,
            let kept = answer[ForgottenKey.kept.rawValue]?.uint32
        else { return nil }
        (self.certificates, self.approvals, self.kept) = (certificates, Int(approvals), Int(kept))
        present = answer[ForgottenKey.present.rawValue]?.strings ?? []
        isErased = answer[ForgottenKey.erased.rawValue]?.bool ?? true
    }

    func print(on console: Console) {
        guard !console.isJSON else {
            return console.print([
                "certificates": .texts(certificates), "present": .texts(present),
                "approvals": .integer(Int64(approvals)), "kept": .integer(Int64(kept)), "erased": .bool(isErased),
            ])
        }
        let texts = console.texts
        console.note(
            texts.text(
                "%1 certificate was forgotten.", plural: "%1 certificates were forgotten.", count: certificates.count))
        if approvals > 0 {
            console.note(
                texts.text("%1 approval was forgotten.", plural: "%1 approvals were forgotten.", count: approvals))
        }
        if kept > 0 {
            console.note(
                texts.text(
                    "%1 approval stays, since it was recorded. Its signature shows what you signed. --signatures deletes that, too.",
                    plural:
                        "%1 approvals stay, since they were recorded. Their signatures show what you signed. --signatures deletes those, too.",
                    count: kept))
        }
        if !present.isEmpty {
            console.note(
                texts.text(
                    "A card is still in. Take it out: its certificates are listed as long as it is in, and stored again when it comes back."
                )
            )
        }
        if !isErased {
            console.note(
                texts.text(
                    "Another program has the record open; what was deleted leaves the disk when that program ends."))
        }
    }
}
