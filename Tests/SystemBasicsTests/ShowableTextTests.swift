// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ShowableTextTests {
    @Test func turkishLettersStayAsTheyAre() {
        #expect(ShowableText.line("ŞÜKRÜ IŞIK ığüşöç İ") == "ŞÜKRÜ IŞIK ığüşöç İ")
    }

    @Test(arguments: [
        "\u{1B}[2J", "\r", "\n", "\u{7F}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{2028}", "\u{E000}", "\u{9B}",
    ])
    func whatMovesTheCursorOrTurnsTextIsReplaced(_ hostile: String) {
        let shown = ShowableText.line("a" + hostile + "b")
        #expect(!shown.contains(hostile))
        #expect(shown.hasPrefix("a\u{FFFD}") && shown.hasSuffix("b"))
    }

    @Test func aLongNameIsCutVisibly() {
        #expect(ShowableText.line("abcdef", atMost: 6) == "abcdef")
        #expect(ShowableText.line("abcdefg", atMost: 6) == "abcde…")
    }

    @Test func linesAreKeptWhereTheyAreWanted() {
        #expect(ShowableText.lines("one\ntwo\u{1B}") == "one\ntwo\u{FFFD}")
        #expect(ShowableText.stripped("a\u{1B}\nb") == "ab")
    }
}
