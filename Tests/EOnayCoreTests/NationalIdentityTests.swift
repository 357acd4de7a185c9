// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

@Suite(.timeLimit(.minutes(1)))
struct NationalIdentityTests {
    @Test(arguments: [
        "10000000146", "17291716060", "11111111110", "19191919190", "10000000078", "12345678950", "19090909018",
    ])
    func aValidNumberIsTaken(number: String) throws {
        #expect(try NationalIdentity(typed: number).digits == number)
    }

    @Test(arguments: [
        ("11111111111", InvalidIdentity.Reason.checksum), ("12345678901", .checksum), ("12345678910", .checksum),
        ("00000000000", .checksum), ("17291716050", .checksum), ("07291716092", .checksum), ("1729171606", .length),
        ("", .length), (" 10000000146", .length), ("1000000014a", .character), ("1000000 146", .character),
        ("+1000000014", .character),
    ])
    func whatIsNoNumberSaysWhy(text: String, reason: InvalidIdentity.Reason) {
        #expect(throws: InvalidIdentity(reason: reason)) { try NationalIdentity(typed: text) }
    }

    @Test(arguments: ["١٠٠٠٠٠٠٠١٤٦", "\u{FF11}0000000146", "1\u{FF10}000146"])
    func digitsOfOtherScriptsAreNone(text: String) {
        #expect(throws: InvalidIdentity.self) { try NationalIdentity(typed: text) }
        #expect(throws: InvalidIdentity.self) { try NationalIdentity(certified: text) }
    }

    @Test func everyWrongDigitIsSeen() throws {
        for number in ["10000000146", "19090909018", "17291716060"] {
            for place in 0..<11 {
                for digit in "0123456789" {
                    var changed = Array(number)
                    guard changed[place] != digit else { continue }
                    changed[place] = digit
                    #expect(throws: InvalidIdentity(reason: .checksum)) { try NationalIdentity(typed: String(changed)) }
                }
            }
        }
    }

    @Test(arguments: ["10000000111", "12345678910", "11111111111"])
    func aTestCertificatesNumberIsTakenThoughItsChecksumFails(number: String) throws {
        #expect(try NationalIdentity(certified: number).digits == number)
        #expect(throws: InvalidIdentity(reason: .checksum)) { try NationalIdentity(typed: number) }
        #expect(try NationalIdentity(typed: "10000000146").digits == "10000000146")
    }

    @Test func aTaxNumberIsNoPersonsNumber() {
        #expect(throws: InvalidIdentity(reason: .length)) { try NationalIdentity(certified: "1234567801") }
    }

    @Test func aNumberIsNeverPrintedWhole() throws {
        let identity = try NationalIdentity(typed: "10000000146")
        #expect(identity.masked == "100********")
        var dumped = ""
        dump(identity, to: &dumped)
        for text in [
            "\(identity)", String(reflecting: identity), dumped, "\([identity])", "\(Optional(identity) as Any)",
        ] {
            #expect(!text.contains("10000000146"))
            #expect(text.contains("100********"))
        }
    }
}
