// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PINEntry
import SystemBasics
import Texts

/// Puts into words what the person is about to sign, and for whom.
struct SigningPrompt {
    private let texts: Texts

    /// - Parameters:
    ///   - locale: the language of the text.
    ///   - timeZone: the zone of the times, as in the service's notices beside the prompt.
    init(locale: String, timeZone: String) {
        texts = Texts(Language(locale: locale), zone: Zone(named: timeZone) ?? .istanbul)
    }

    /// The whole text. Names from outside are cut to a length that leaves the declaration its room; the portal and the
    /// declaration are never cut.
    func text(for request: SignRequest, _ signed: SignedRequest, holder: String) -> PromptText {
        fitting { text(for: request, signed, holder: holder, namesAtMost: $0) }
    }

    /// The same text as a question, before the PIN is asked for. The warning is part of the text: the graphical
    /// pinentries show an error with an entry alone, not with a question.
    func question(for request: SignRequest, _ signed: SignedRequest, holder: String) -> PromptText {
        let doubt = texts.text("A web page asks for your signature. Go on only if you asked it to.")
        return fitting { length in
            let shown = text(for: request, signed, holder: holder, namesAtMost: length)
            return PromptText(
                title: shown.title, lines: [doubt, ""] + shown.lines, prompt: shown.prompt,
                accept: texts.text("Go on"), cancel: shown.cancel)
        }
    }

    /// The text with the longest names with which a pinentry can show it.
    private func fitting(_ text: (_ namesAtMost: Int) -> PromptText) -> PromptText {
        [60, 24].lazy.map(text).first(where: \.fitsPinentry) ?? text(12)
    }

    /// The warning before the next entry; empty where there is none.
    func warning(of state: PINState) -> String {
        switch state {
        case .finalTry: texts.text("This is the last try: a wrong PIN locks the card.")
        case .countLow: texts.text("A wrong PIN was entered before.")
        case .unknown, .ok, .locked: ""
        }
    }

    func warning(wantedLength length: ClosedRange<Int>) -> String {
        texts.text("This card's PIN has %1 to %2 characters.", length.lowerBound, length.upperBound)
    }

    /// Why an entry was not even tried.
    func warning(of fault: PINFault) -> String {
        switch fault {
        case .length(let length): warning(wantedLength: length)
        case .characters:
            texts.text("A PIN has no control characters, and no blank at its beginning or end; this one was not tried.")
        }
    }

    private func text(
        for request: SignRequest, _ signed: SignedRequest, holder: String, namesAtMost length: Int
    ) -> PromptText {
        var lines = [
            texts.text("Asked by: %1", ShowableText.line(request.requester, atMost: length)),
            texts.text("Holder: %1", ShowableText.line(texts.holder(holder), atMost: length)),
            texts.text("Portal: %1", signed.portal.text),
            texts.text("Purpose: %1", purpose(request, signed)),
            texts.text("Until: %1", texts.timeOfDay(request.order.deadline)),
        ]
        if let declaration = signed.shown {
            lines.append(texts.text("Decision: %1", declaration.decision.signedWords))
            lines += ["", declaration.statement]
        }
        return PromptText(
            title: "E-Onay", lines: lines, prompt: texts.text("PIN"), accept: texts.text("Sign"),
            cancel: texts.text("Cancel"))
    }

    private func purpose(_ request: SignRequest, _ signed: SignedRequest) -> String {
        let purpose =
            switch (signed.purpose, signed.shown) {
            case (.login, nil) where request.filesRenewal: texts.text("sign-in, then the application for renewal")
            case (.login, nil): texts.text("sign-in")
            case (.login, _?): texts.text("sign-in, then the declaration below")
            case (.consent, _): texts.text("the declaration below")
            }
        // On the same line: a text pinentry on a terminal of 24 lines has none to spare.
        return request.order.steps > 1
            ? texts.text("%1 (signature %2 of %3)", purpose, request.order.step, request.order.steps) : purpose
    }
}
