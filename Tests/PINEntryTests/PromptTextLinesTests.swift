// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct PromptTextLinesTests {
    @Test func aPromptsTextKeepsItsLinesAndNothingElse() {
        let text = PromptText(
            title: "a\nb", lines: ["one\ntwo", "\u{1B}c"], prompt: "PIN", accept: "Sign", cancel: "Cancel")
        #expect(text.title == "a\u{FFFD}b")
        #expect(text.lines == ["one\ntwo", "\u{FFFD}c"])
    }
}
