// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Texts

@Suite(.timeLimit(.minutes(1)))
struct POFileTests {
    @Test func aMessageIsItsSourceAndItsTranslation() throws {
        let file = try POFile("msgid \"Card\"\nmsgstr \"Kart\"\n")
        #expect(file.entries == [POEntry(line: 1, source: "Card", translations: ["Kart"])])
    }

    @Test func continuedLinesAreJoined() throws {
        let file = try POFile(
            """
            msgid ""
            "one "
            "two"
            msgstr "bir "
            "iki"
            """)
        #expect(file.entries.first?.source == "one two")
        #expect(file.entries.first?.translations == ["bir iki"])
    }

    @Test func escapesAreResolved() throws {
        let file = try POFile(#"msgid "a\n\t\"\\n""# + "\n" + #"msgstr "b""#)
        #expect(file.entries.first?.source == "a\n\t\"\\n")
    }

    @Test func pluralFormsComeInOrder() throws {
        let file = try POFile(
            """
            msgid "%1 card"
            msgid_plural "%1 "
            "cards"
            msgstr[0] "%1 kart"
            msgstr[1] "%1 "
            "kartın hepsi"
            """)
        #expect(
            file.entries == [
                POEntry(
                    line: 1, source: "%1 card", plural: "%1 cards", translations: ["%1 kart", "%1 kartın hepsi"])
            ])
    }

    @Test func aFuzzyMarkIsForTheNextMessageOnly() throws {
        let file = try POFile(
            """
            #, c-format, fuzzy
            #. fuzzy is only a word here
            msgid "a"
            msgstr "b"

            # fuzzy
            msgid "c"
            msgstr "d"
            """)
        #expect(file.entries.map(\.isFuzzy) == [true, false])
    }

    @Test func commentsAndObsoleteMessagesAreSkipped() throws {
        let file = try POFile(
            """
            # a translator's word
            #: Sources/X.swift:3
            #~ msgid "gone"
            #~ msgstr "gitti"
            msgid "a"
            # between
            msgstr "b"
            """)
        #expect(file.entries.map(\.source) == ["a"])
    }

    @Test(arguments: [
        ("msgstr \"x\"", 1, "msgstr before msgid"),
        ("msgid \"x\"\n\nmsgid \"y\"\nmsgstr \"\"", 3, "the message before has no msgstr"),
        ("msgid \"x\"", 1, "the message before has no msgstr"),
        ("msgid \"x\nmsgstr \"y\"", 1, "a text is not in quotes"),
        ("msgid \"", 1, "a text is not in quotes"),
        ("msgid \"x\" y\"\nmsgstr \"y\"", 1, "a quote inside a text"),
        ("msgid \"\\q\"", 1, "unknown escape: q"),
        ("msgid \"x\\\"", 1, "unknown escape: end of text"),
        ("\"x\"", 1, "a text that belongs to nothing"),
        ("msgid \"a\"\nmsgstr \"b\"\n\n\"c\"", 4, "a text that belongs to nothing"),
        ("msgctxt \"menu\"\nmsgid \"a\"\nmsgstr \"b\"", 1, "msgctxt before msgid"),
        ("msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"", 3, "msgstr is not expected here"),
        ("msgid \"a\"\nmsgstr[0] \"b\"", 2, "msgstr[0] is not expected here"),
        ("msgid \"a\"\nmsgid_plural \"as\"\nmsgstr[1] \"b\"", 3, "msgstr[1] is not expected here"),
        ("msgid \"a\"\nmsgstr \"b\"\nmsgid_plural \"as\"", 3, "msgid_plural is not expected here"),
        ("garbage", 1, "neither keyword, text nor comment"),
        ("#, fuzzy\n", 2, "a fuzzy mark with no message"),
    ])
    func whatIsWrongIsToldWithItsLine(text: String, line: Int, problem: String) {
        #expect(throws: POError(line: line, problem: problem)) { try POFile(text) }
    }
}
