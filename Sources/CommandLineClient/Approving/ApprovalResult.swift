// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Texts

/// Tells how an approval ended.
struct ApprovalResult {
    let approval: ApprovalObject

    /// Prints it. Throws where it is not what was wanted: a `Failure` that is still to be told, or with --json `Ended`.
    func tell(_ console: Console) throws {
        if console.isJSON {
            console.print(json(console.texts))
            if let failure { throw Ended(status: failure.status) }
            return
        }
        if let failure { throw failure }
        if approval.result == "signed" {
            tellNumber(console)
        } else {
            tellRecord(console)
        }
    }

    private func tellRecord(_ console: Console) {
        let texts = console.texts
        let sentence =
            switch approval.decision {
            case "accept": Cell(texts.text("Recorded: you have given E-Onay."), .good)
            case "decline": Cell(texts.text("Recorded: you have declined E-Onay."), .strong)
            default: Cell(texts.text("Recorded: your application for renewal."), .good)
            }
        console.print(sentence)
        console.print(
            Details([
                (texts.text("Certificate"), Cell(String(approval.certificate.prefix(8)))),
                (texts.text("Portal"), Cell(approval.portal)), (texts.text("Reference"), Cell(approval.reference)),
            ]))
    }

    /// Six digits that are to be typed elsewhere: alone, in a frame, not to be mistaken for anything else.
    private func tellNumber(_ console: Console) {
        guard !approval.confirmationNumber.isEmpty else {
            return console.print(Cell(console.texts.text("Signed."), .good))
        }
        console.print(sentence: console.texts.text("Signed. Type this number on the page that gave you the code:"))
        let number = Cell.showable(approval.confirmationNumber)
        let bar = String(repeating: "─", count: DisplayWidth.of(number) + 6)
        let bold = Cell(number, .strong).shown(inColour: console.output.hasColour)
        console.print()
        console.print("    ┌\(bar)┐")
        console.print("    │   \(bold)   │")
        console.print("    └\(bar)┘")
    }

    /// Why it is not what was wanted; nil where it is.
    var failure: Failure? {
        switch approval.result {
        case "recorded", "signed": nil
        case "unknown": Failure(.outcomeUnknown, detail: approval.error.name)
        default: approval.error.failure
        }
    }

    private func json(_ texts: Texts) -> JSON {
        [
            "approval": .text(approval.path.text), "certificate": .text(approval.certificate),
            "decision": .optional(approval.decision), "portal": .text(approval.portal),
            "result": .text(approval.result), "reference": .optional(approval.reference),
            "confirmation_number": .optional(approval.confirmationNumber),
            "error": failure.map { $0.json(texts) } ?? .null,
        ]
    }
}
