// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Texts

/// Shows on standard error where an approval stands: a line replaced in place, with the time that is left.
///
/// Silent where standard error is no terminal. Where the PIN is asked on the terminal, nothing is ever overwritten: whole lines
/// alone, and none while the prompt is there.
final class ProgressLine {
    private let stream: Stream
    let texts: Texts
    private let isInPlace: Bool
    private let isSilent: Bool
    private var shown = ""

    init(_ console: Console, sharesTerminal: Bool) {
        stream = console.error
        texts = console.texts
        isSilent = console.isJSON || !console.error.isTerminal
        isInPlace = !sharesTerminal
    }

    /// Whether a clock is shown that has to be kept going.
    var countsDown: Bool { !isSilent && isInPlace }

    func show(_ approval: ApprovalObject) {
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

    /// Takes the line away, so that a result can stand in its place.
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

    private func steps(_ approval: ApprovalObject) -> [String] {
        guard approval.steps > 1, approval.step > 0 else { return [] }
        return [texts.text("signature %1 of %2", approval.step, approval.steps)]
    }

    private func timeLeft(_ approval: ApprovalObject) -> [String] {
        let left = approval.deadline - Console.now
        guard approval.deadline > 0, left > 0 else { return [] }
        return [texts.text("%1 left", texts.duration(seconds: left))]
    }
}
