// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Testing

@testable import EOnayCore

/// Published answers to reset, of pcsc-tools' list, of MA3 and of OpenSC.
@Suite(.timeLimit(.minutes(1)))
struct CardFamilyTests {
    private static let readable = [
        "3BBA11008131FE4D55454B41452056312E30AE",  // 1.0
        "3B9F968131FE458065544312210831C073F6218081059A",  // 2.2.8
        "3B9F978131FE458065544353228231C073F62180810553",  // 2.5.2 NXP
        "3B9F978131FE4580655443D3228231C073F621808105D3",  // identity card
        "3B8F80018065544320141331C073F4A180810508",  // the same without contact
    ]

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap(Hexadecimal.value)
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    @Test(arguments: readable) func anAKISCardIsReadableWithoutADriver(_ answer: String) {
        #expect(CardFamily(answerToReset: bytes(answer)) == .akis)
        #expect(CardFamily.isReadableWithoutDriver(bytes(answer)))
    }

    @Test(arguments: [
        ("3B9F968131FE45806755454B41451252318073B3A180AA", CardFamily.akis),
        ("3BD5180081313A7D8073C8211030", .eToken), ("3BD518008131FE7D8073C82110F4", .eToken),
        ("3B7F96000080318065B0846160FB120FFD829000", .idPrime),
        ("3BBB1800C01031FE4580670412B00303000081053C", .safeSign),
        ("3BD218008131FE58C90114", .cardOS), ("3BD21802C10A31FE58C80D51", .cardOS),
    ])
    func otherCardsAreToldApartAndNotRead(_ answer: String, _ family: CardFamily) {
        #expect(CardFamily(answerToReset: bytes(answer)) == family)
        #expect(!CardFamily.isReadableWithoutDriver(bytes(answer)))
    }

    @Test func everyBeginningOfAnAnswerIsTaken() {
        for answer in Self.readable.map(bytes) {
            for length in 0..<answer.count - 1 {
                #expect(CardFamily(answerToReset: Array(answer.prefix(length))) == nil)
            }
        }
        #expect(CardFamily(answerToReset: [0x3B, 0x80] + [UInt8](repeating: 0x80, count: 31)) == nil)
        for first in UInt8.min...UInt8.max { #expect(CardFamily(answerToReset: [0x3B, first, 0xFF]) == nil) }
    }

    @Test func theTableOfDriversIsSound() {
        let drivers = CardDriver.all
        let files = drivers.flatMap(\.files)
        #expect(Set(files).count == files.count && files.allSatisfy { $0.contains(".so") && !$0.contains("/") })
        for driver in drivers {
            #expect(driver.page.isEmpty || ConfigurationValue.page(driver.page) != nil, "\(driver.name)")
            #expect((driver.debian + driver.fedora + driver.arch).allSatisfy { $0.hasPrefix("/") }, "\(driver.name)")
        }
        #expect(CardFamily.allCases.allSatisfy { $0.driver != nil })
        #expect(CardFamily.akis.driver?.title == "AKİA 6.8.10 (akia)")
    }

    @Test func everyPatternIsWellFormed() {
        for pattern in CardFamily.patterns {
            let digits = pattern.historicalBytes.filter { $0 != " " }
            #expect(
                digits.count.isMultiple(of: 2) && digits.allSatisfy { $0 == "." || "0123456789ABCDEF".contains($0) })
        }
    }
}
