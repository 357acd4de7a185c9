// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import PortalContract
import SystemBasics
import Texts

/// Shows on standard error where an approval stands: a line replaced in place, with the time that is left.
///
/// Silent where standard error is no terminal. Where the PIN is asked on the terminal, nothing is ever overwritten: there are only
/// whole lines, and none while the prompt is there.
final class ProgressLine {
    private let stream: Stream
    let texts: Texts
    private let isInPlace: Bool
    private let isSilent: Bool
    private var shown = ""

    init(_ console: Console, sharesTerminal: Bool) {
        stream = console.error
        texts = console.texts
        isSilent = console.isJSON || console.isQuiet || !console.error.isTerminal
        isInPlace = !sharesTerminal
    }

    /// Whether a clock is shown that has to be kept going.
    var countsDown: Bool { !isSilent && isInPlace }

    func show(_ approval: ServiceApproval) {
        guard !isSilent, let state = state(approval.state) else { return }
        if isInPlace {
            replace(with: ([state] + steps(approval) + timeLeft(approval)).joined(separator: " · "))
        } else if approval.state != "waiting-for-pin", state != shown {
            stream.write(state + "\n")
            shown = state
        }
    }

    /// A card has to be put in before there is an approval at all.
    func showWaiting() { show(texts.text("Put the card in…")) }

    /// The service has just started, or a card was put in a moment ago.
    func showReading() { show(texts.text("The cards are being read…")) }

    private func show(_ line: String) {
        guard !isSilent else { return }
        if isInPlace { replace(with: line) } else { stream.write(line + "\n") }
    }

    /// Erases the line, so that a result can stand in its place.
    func clear() {
        guard !isSilent, isInPlace, !shown.isEmpty else { return }
        stream.write("\r\u{1B}[K")
        shown = ""
    }

    private func replace(with line: String) {
        // The last column stays free: a full line makes some terminals scroll.
        let line = DisplayWidth.cut(line, to: (stream.width ?? 80) - 1)
        guard line != shown else { return }
        stream.write("\r\(line)\u{1B}[K")
        shown = line
    }

    private func state(_ word: String) -> String? {
        switch word {
        case "checking": texts.text("Asking card and portal…")
        case "waiting-for-token": texts.text("Put the card in…")
        case "waiting-for-pin": texts.text("Waiting for your PIN…")
        case "signing": texts.text("Signing…")
        case "submitting": texts.text("Handing it to the portal…")
        default: nil
        }
    }

    private func steps(_ approval: ServiceApproval) -> [String] {
        guard approval.steps > 1, approval.step > 0 else { return [] }
        return [texts.text("signature %1 of %2", approval.step, approval.steps)]
    }

    private func timeLeft(_ approval: ServiceApproval) -> [String] {
        let left = approval.deadline - Console.now
        guard approval.deadline > 0, left > 0 else { return [] }
        return [texts.text("%1 left", texts.duration(seconds: left))]
    }
}

/// The end of an approval, for people and programs.
struct ApprovalResult {
    let approval: ServiceApproval

    /// Throws where it is not what was wanted: a `Failure` that is still to be printed, or with --json `Ended`.
    func print(on console: Console) throws {
        if console.isJSON {
            console.print(json(console.texts))
            if let failure { throw Ended(status: failure.status) }
            return
        }
        if let failure { throw failure }
        if console.isQuiet {
            if !approval.confirmationNumber.isEmpty { console.print(Cell(approval.confirmationNumber)) }
        } else if approval.result == "signed" {
            printNumber(console)
        } else {
            printRecord(console)
        }
    }

    private func printRecord(_ console: Console) {
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
    private func printNumber(_ console: Console) {
        guard !approval.confirmationNumber.isEmpty else {
            return console.print(Cell(console.texts.text("Signed."), .good))
        }
        console.print(sentence: console.texts.text("Signed. Type this number on the page that gave you the code:"))
        let number = ShowableText.line(approval.confirmationNumber)
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
            "approval": .string(approval.path.text), "certificate": .string(approval.certificate),
            "decision": .optional(approval.decision), "portal": .string(approval.portal),
            "result": .string(approval.result), "reference": .optional(approval.reference),
            "confirmation_number": .optional(approval.confirmationNumber),
            "error": failure.map { $0.json(texts) } ?? .null,
        ]
    }
}
