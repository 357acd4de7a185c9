// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tokens

@Suite(.timeLimit(.minutes(1)))
struct HistoricalBytesTests {
    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).map { offset in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)!
        }
    }

    @Test(arguments: [
        "3BBA11008131FE4D55454B41452056312E30AE", "3B9F968131FE45806755454B41451252318073B3A180AA",
        "3B9F968131FE458065544312210831C073F6218081059A",
        // Its check octet is wrong, and such answers are published: it is the family all the same.
        "3B9F978131FE458065544312210731C073F62180810595",
    ])
    func aCardOfTUBITAKIsKnownByItsHistoricalBytes(_ atr: String) {
        #expect(HistoricalBytes(answerToReset: bytes(atr)).isAKISFamily)
    }

    @Test(arguments: [
        "3BD5180081313A7D8073C8211030", "3BBB1800C01031FE4580670412B00303000081053C", "3B8880015650495643415244",
    ])
    func anotherCardIsNot(_ atr: String) {
        #expect(!HistoricalBytes(answerToReset: bytes(atr)).isAKISFamily)
    }

    @Test func historicalBytesEndWhereTheFormatByteSays() {
        #expect(
            HistoricalBytes(answerToReset: bytes("3BBA11008131FE4D55454B41452056312E30AE")).bytes
                == Array("UEKAE V1.0".utf8))
    }

    @Test func anAnswerCutShortAnywhereIsHarmless() {
        let whole = bytes("3B9F968131FE458065544312210831C073F6218081059A")
        for length in 0...whole.count { _ = HistoricalBytes(answerToReset: Array(whole.prefix(length))) }
        for octet in UInt8.min...UInt8.max { _ = HistoricalBytes(answerToReset: [0x3B, octet, octet, octet]) }
    }
}
