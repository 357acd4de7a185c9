// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

@Suite(.timeLimit(.minutes(1)))
struct CommandWordsTests {
    @Test(arguments: [
        ("/usr/bin/logger", ["/usr/bin/logger"]),
        ("/usr/bin/logger  -t\teonay ", ["/usr/bin/logger", "-t", "eonay"]),
        (#"/bin/x "a b" "" c\ d \"e\" "\\ \"" f"g h"i"#, ["/bin/x", "a b", "", "c d", "\"e\"", "\\ \"", "fg hi"]),
        ("/bin/x $HOME `id` ; * > /etc/x | y '", ["/bin/x", "$HOME", "`id`", ";", "*", ">", "/etc/x", "|", "y", "'"]),
    ])
    func wordsAreSplitByBlanksQuotesAndBackslashesAlone(text: String, words: [String]) {
        #expect(CommandWords.words(text) == words)
    }

    @Test(arguments: ["", "  ", "logger -t x", "./logger", "/bin/x \"open", "/bin/x \\", "/bin/x \u{0}", "\"\" /bin/x"])
    func whatBeginsWithNoPathOrIsOpenAtTheEndIsNoCommand(text: String) {
        #expect(CommandWords.words(text) == nil)
    }

    @Test func thereIsALimitOfWords() {
        #expect(CommandWords.words("/bin/x" + String(repeating: " a", count: 63))?.count == 64)
        #expect(CommandWords.words("/bin/x" + String(repeating: " a", count: 64)) == nil)
    }

    @Test func eachEventHasAnIdentifierOfItsOwn() {
        let ids = CertificateEvent.allCases.map(\.messageID)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
}
