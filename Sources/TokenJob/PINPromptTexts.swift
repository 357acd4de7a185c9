// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import SystemBasics
import Texts

/// The prompts of a new PIN, in words: which card it is, who asked, and what a wrong entry would cost.
struct PINPromptTexts {
    private let texts: Texts
    private let task: PINTask
    private let lines: [String]
    private let warnings: SigningPrompt
    private let length: ClosedRange<Int>?

    /// - Parameters:
    ///   - label: the card's, masked.
    ///   - length: which a PIN may have; nil where the card does not say.
    init(_ request: PINRequest, label: String, holder: String, length: ClosedRange<Int>?) {
        texts = Texts(Language(locale: request.locale))
        (task, self.length) = (request.task, length)
        warnings = SigningPrompt(locale: request.locale, timeZone: texts.zone.name)
        let reader = String(decoding: request.reader, as: UTF8.self)
        let card = label.isEmpty ? reader : texts.text("%1, in the reader %2", label, reader)
        let purpose =
            switch request.task {
            case .change: texts.text("a new PIN for this card, by the present one")
            case .unblock: texts.text("a new PIN for this card, by the PUK")
            }
        lines = [
            texts.text("Asked by: %1", ShowableText.line(request.requester, atMost: 60)),
            texts.text("Card: %1", ShowableText.line(card, atMost: 120)),
            texts.text("Holder: %1", ShowableText.line(texts.holder(holder), atMost: 60)),
            texts.text("Purpose: %1", purpose),
        ]
    }

    /// For what opens the card: the present PIN or the PUK.
    func key(_ state: PINState) -> PromptText {
        let label = task == .change ? texts.text("Present PIN") : texts.text("PUK")
        return text(label, [], accept: texts.text("Go on"), warning: warning(of: state))
    }

    var new: PromptText { text(texts.text("New PIN"), rules, accept: texts.text("Go on")) }

    var newAgain: PromptText { text(texts.text("New PIN again"), rules, accept: texts.text("Set the PIN")) }

    /// Before all of it is entered on the reader's keypad.
    func keypad(_ state: PINState) -> PromptText {
        let order =
            switch task {
            case .change:
                texts.text(
                    "On the reader's keypad, as its display asks: the present PIN, the present PIN once more, and the new PIN twice."
                )
            case .unblock: texts.text("On the reader's keypad, as its display asks: the PUK, and the new PIN twice.")
            }
        // A question shows no warning beside it.
        let warning = warning(of: state)
        return text(
            texts.text("PIN"), rules + [order] + (warning.isEmpty ? [] : [warning]), accept: texts.text("Go on"))
    }

    var mismatch: String { texts.text("The two entries of the new PIN were different. Enter it anew.") }

    func warning(of fault: PINFault) -> String { warnings.warning(of: fault) }

    private func warning(of state: PINState) -> String {
        guard task == .unblock else {
            return state == .countLow
                ? texts.text("A wrong PIN was entered before. The card does not say how many tries are left.")
                : warnings.warning(of: state)
        }
        return switch state {
        case .finalTry: texts.text("This is the last try: a wrong PUK makes the card useless for ever.")
        case .countLow:
            texts.text("A wrong PUK was entered before. Too many wrong ones make the card useless for ever.")
        case .unknown, .ok, .locked: texts.text("Too many wrong PUKs make the card useless for ever.")
        }
    }

    private var rules: [String] {
        length.map { ["", warnings.warning(wantedLength: $0)] } ?? []
    }

    private func text(_ prompt: String, _ more: [String], accept: String, warning: String = "") -> PromptText {
        PromptText(
            title: "E-Onay", lines: lines + more, prompt: prompt, accept: accept, cancel: texts.text("Cancel"),
            warning: warning)
    }
}
