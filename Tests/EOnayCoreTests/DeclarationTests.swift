// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

@Suite(.timeLimit(.minutes(1)))
struct DeclarationTests {
    private func made(_ statement: String, version: String = "1") throws(InvalidDeclaration) -> Declaration {
        try Declaration(decision: .accept, version: version, statement: statement)
    }

    /// One of each kind that must not stand in a field, the bidirectional ones above all.
    static let unshowable = [
        "\0", "\t", "\r", "\u{1B}", "\u{7F}", "\u{85}", "\u{AD}", "\u{200B}", "\u{200D}", "\u{200E}", "\u{202A}",
        "\u{202E}", "\u{2066}", "\u{2069}", "\u{FEFF}", "\u{2028}", "\u{2029}", "\u{E000}", "\u{10FFFD}", "\u{FFFF}",
        "\u{378}", "\u{E0041}",
    ]

    @Test(arguments: unshowable)
    func whatCannotBeSeenIsRefused(character: String) {
        #expect(throws: InvalidDeclaration(field: .statement, reason: .character)) { try made("a\(character)b") }
        #expect(throws: InvalidDeclaration(field: .version, reason: .character)) {
            try made("a", version: "1\(character)")
        }
    }

    @Test func onlyAStatementMayHaveLines() throws {
        #expect(try made("bir\n\niki\n").statement == "bir\n\niki\n")
        #expect(throws: InvalidDeclaration(field: .statement, reason: .character)) { try made("bir\r\niki") }
        #expect(throws: InvalidDeclaration(field: .version, reason: .character)) { try made("a", version: "1\n") }
    }

    @Test func aStatementHasAtMost512Octets() throws {
        #expect(try made(String(repeating: "ş", count: 256)).statement.utf8.count == 512)
        #expect(throws: InvalidDeclaration(field: .statement, reason: .tooLong)) {
            try made(String(repeating: "ş", count: 256) + "a")
        }
        #expect(throws: InvalidDeclaration(field: .version, reason: .tooLong)) {
            try made("a", version: String(repeating: "1", count: 65))
        }
    }

    @Test func nothingIsNoStatement() {
        #expect(throws: InvalidDeclaration(field: .statement, reason: .empty)) { try made("") }
        #expect(throws: InvalidDeclaration(field: .version, reason: .empty)) { try made("a", version: "") }
    }

    /// Decomposed letters, a singleton (the Kelvin sign), a composition exclusion, marks out of order, Hangul jamo.
    @Test(arguments: [
        "s\u{327}", "i\u{307}\u{327}", "I\u{307}", "\u{212A}", "\u{212B}", "\u{340}", "\u{958}", "a\u{301}\u{323}",
        "\u{1100}\u{1161}", "\u{0344}", "\u{2126}", "x\u{0300}\u{0327}",
    ])
    func anotherSpellingIsRefused(text: String) {
        #expect(throws: InvalidDeclaration(field: .statement, reason: .notNormalised)) { try made("KABUL " + text) }
        #expect(throws: InvalidDeclaration(field: .version, reason: .notNormalised)) { try made("a", version: text) }
    }

    @Test(arguments: ["ş", "İ", "ığüşöç ĞÜŞİÖÇ", "x\u{327}\u{300}", "가", "\u{915}\u{93C}", "Ǆ ﬁ №", "i\u{307}"])
    func theOneSpellingIsTaken(text: String) throws {
        #expect(try made(text, version: text).statement == text)
    }

    @Test func twoAreEqualOctetByOctet() throws {
        let one = try made("KABUL EDİYORUM", version: "2026-01")
        #expect(try made("KABUL EDİYORUM", version: "2026-01") == one)
        #expect(try made("KABUL EDIYORUM", version: "2026-01") != one)
        #expect(try made("KABUL EDİYORUM", version: "2026-02") != one)
        #expect(
            try Declaration(decision: .decline, version: "2026-01", statement: "KABUL EDİYORUM") != one)
    }
}
