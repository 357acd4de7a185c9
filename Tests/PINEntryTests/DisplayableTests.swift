// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct DisplayableTests {
    @Test func turkishLettersStayAsTheyAre() {
        #expect(Displayable.line("ŞÜKRÜ IŞIK ığüşöç İ") == "ŞÜKRÜ IŞIK ığüşöç İ")
    }

    @Test(arguments: [
        "\u{1B}[2J", "\r", "\n", "\u{7F}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{2028}", "\u{E000}", "\u{9B}",
    ])
    func whatMovesTheCursorOrTurnsTextIsReplaced(_ hostile: String) {
        let shown = Displayable.line("a" + hostile + "b")
        #expect(!shown.contains(hostile))
        #expect(shown.hasPrefix("a\u{FFFD}") && shown.hasSuffix("b"))
    }

    @Test func aLongNameIsCutVisibly() {
        #expect(Displayable.line("abcdef", atMost: 6) == "abcdef")
        #expect(Displayable.line("abcdefg", atMost: 6) == "abcde…")
    }

    @Test func aPromptsTextKeepsItsLinesAndNothingElse() {
        let text = PromptText(
            title: "a\nb", lines: ["one\ntwo", "\u{1B}c"], prompt: "PIN", accept: "Sign", cancel: "Cancel")
        #expect(text.title == "a\u{FFFD}b")
        #expect(text.lines == ["one\ntwo", "\u{FFFD}c"])
    }
}
