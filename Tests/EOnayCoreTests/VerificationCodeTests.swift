// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct VerificationCodeTests {
    @Test(arguments: [
        "638856212993845", "63885 62129 93845", "638-856-212-993-845", " 638856212993845 ",
        "63885\u{A0}62129\u{2011}93845", "638856212993845\n", "63885\r\n62129\r\n93845\r\n", "638856\t212993845",
    ])
    func spacesLineEndsAndHyphensAreDropped(text: String) throws {
        #expect(try VerificationCode(text).digits == "638856212993845")
    }

    @Test(arguments: [
        "", "63885621299384", "6388562129938455", "63885621299384x", "٦38856212993845", "638856212993845\u{0}",
        "638856\u{0B}212993845", "638856212993845\u{200B}", "+38856212993845", String(repeating: "- ", count: 1000),
    ])
    func anythingElseIsNoCode(text: String) {
        #expect(throws: InvalidCode()) { try VerificationCode(text) }
    }

    @Test func eachNumberOfItsRangeIsACode() {
        #expect(VerificationCode(number: 0).digits == "000000000000000")
        #expect(VerificationCode(number: 42).digits == "000000000000042")
        #expect(VerificationCode(number: VerificationCode.numbers.upperBound - 1).digits == "999999999999999")
    }

    @Test func aCodeIsNeverPrinted() throws {
        let code = try VerificationCode("638856212993845")
        var dumped = ""
        dump([code], to: &dumped)
        for text in ["\(code)", String(reflecting: code), "\([code])", dumped] { #expect(!text.contains("63885")) }
    }
}
