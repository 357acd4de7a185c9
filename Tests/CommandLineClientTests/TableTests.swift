// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import Texts

@testable import CommandLineClient

@Suite(.timeLimit(.minutes(1)))
struct TableTests {
    private func table() -> Table {
        var table = Table([.init("ID"), .init("HOLDER", least: 8), .init("DAYS"), .init("PORTAL")])
        table.add(["1a2b", "Şükrü İğdırlı", "7", Cell("https://a.example")])
        table.add(["3c4d", "Işıl Çağla Öztürk", "-12", ""])
        return table
    }

    @Test func columnsStandUnderEachOtherWithTurkishLetters() {
        #expect(
            table().lines(width: nil, inColour: false) == [
                "ID    HOLDER             DAYS  PORTAL",
                "1a2b  Şükrü İğdırlı      7     https://a.example",
                "3c4d  Işıl Çağla Öztürk  -12",
            ])
    }

    @Test func aDecomposedLetterIsOneColumn() {
        var table = Table([.init("A"), .init("B")])
        table.add(["S\u{327}u\u{308}", "x"])
        table.add(["漢", "y"])
        #expect(table.lines(width: nil, inColour: false) == ["A   B", "S\u{327}u\u{308}  x", "漢  y"])
    }

    @Test func aNarrowTerminalShortensWhatMayBeShortened() {
        let lines = table().lines(width: 43, inColour: false)
        #expect(lines[1] == "1a2b  Şükrü İğdır…  7     https://a.example")
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 43 })
    }

    @Test func whatMayWrapIsWhole() {
        var table = Table([
            .init("ID"), .init("HOLDER", wrapsTo: 8), .init("ISSUER", least: 6), .init("DAYS"),
        ])
        table.add(["1a2b", "Şükrü İğdırlı", "Deneme Kök", "7"])
        table.add(["3c4d", "Işıl Çağla Öztürk", "Deneme", "-12"])
        #expect(
            table.lines(width: 30, inColour: false) == [
                "ID    HOLDER      ISSUER  DAYS", "1a2b  Şükrü       Denem…  7", "      İğdırlı",
                "3c4d  Işıl Çağla  Deneme  -12", "      Öztürk",
            ])
    }

    @Test func whatMustStayInOnePieceGoesBelowItsRow() {
        var table = Table([.init("WHEN"), .init("PORTAL", wrapsTo: 6), .init("REFERENCE", isApart: true)])
        let reference = "0198F5C2-7D6E-7A11-9B43-2C61D0A4E5F7"
        table.add(["22 Kasım", "https://portal.example", Cell(reference)])
        table.add(["23 Kasım", "漢字漢字漢字", ""])
        #expect(
            table.lines(width: 40, inColour: false) == [
                "WHEN      PORTAL", "22 Kasım  https://portal.example", "  REFERENCE  \(reference)",
                "23 Kasım  漢字漢字漢字",
            ])
        #expect(table.lines(width: nil, inColour: false)[1] == "22 Kasım  https://portal.example  \(reference)")
    }

    /// At every width each letter of each cell is there, and a line is longer only for a word that stays whole.
    @Test(arguments: 10...120)
    func nothingIsEverCut(width: Int) {
        let holders = ["Şükrü İğdırlı", "S\u{327}u\u{308}kru\u{308} 漢字漢字漢字漢字", "Ayşegül Çağla Gökçe Öztürk-Yıldızoğlu"]
        var table = Table([.init("ID"), .init("HOLDER", wrapsTo: 8), .init("REFERENCE", isApart: true)])
        for holder in holders { table.add(["1a2b3c4d", Cell(holder), "0198F5C2-7D6E"]) }
        let shown = table.lines(width: width, inColour: false).joined().filter { $0 != " " }
        for holder in holders {
            for word in holder.split(separator: " ") where word.count <= 8 { #expect(shown.contains(word)) }
        }
        #expect(!shown.contains("…"))
        #expect(shown.count(where: { $0 == "ş" }) == 1)
        if width >= 24 {
            #expect(table.lines(width: width, inColour: false).allSatisfy { DisplayWidth.of($0) <= width })
        }
    }

    @Test func aVeryNarrowTerminalGetsBlocks() {
        #expect(
            table().lines(width: 30, inColour: false) == [
                "ID      1a2b", "HOLDER  Şükrü İğdırlı", "DAYS    7", "PORTAL  https://a.example", "",
                "ID      3c4d", "HOLDER  Işıl Çağla Öztürk", "DAYS    -12",
            ])
    }

    @Test func coloursTakeNoColumns() {
        var table = Table([.init("A"), .init("B")])
        table.add([Cell("ok", .good), "x"])
        #expect(
            table.lines(width: nil, inColour: true) == [
                "\u{1B}[1mA\u{1B}[0m   \u{1B}[1mB\u{1B}[0m", "\u{1B}[32mok\u{1B}[0m  x",
            ])
    }

    @Test func namesFromOutsideCannotMoveTheCursor() {
        #expect(Cell("a\u{1B}[2Jb\u{202E}c\nd").text == "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d")
    }

    @Test func detailsWrapUnderTheirValue() {
        let details = Details([("Issuer", "one two three four"), ("Key", ""), ("Card", "in")])
        #expect(
            details.lines(width: 24, inColour: false) == ["Issuer  one two three", "        four", "Card    in"])
    }
}
