// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct AssuanLineTests {
    private func answer(_ line: String) -> AssuanLine.Answer { AssuanLine.answer(Array(line.utf8).span) }

    private func unescaped(_ line: String) -> String {
        var octets: [UInt8] = []
        AssuanLine.unescape(Array(line.utf8).span) { octets.append($0) }
        return String(decoding: octets, as: UTF8.self)
    }

    @Test func percentAndLineEndsAreEscaped() {
        #expect(AssuanLine.command("SETDESC", "100 %\r\nİ") == Array("SETDESC 100 %25%0D%0Aİ\n".utf8))
        #expect(AssuanLine.command("GETPIN") == Array("GETPIN\n".utf8))
    }

    @Test func answersAreKnownByTheirFirstWord() {
        #expect(answer("OK") == .ok)
        #expect(answer("OK Pleased to meet you") == .ok)
        #expect(answer("OKAY") == .other)
        #expect(answer("ERR 83886179 Operation cancelled <Pinentry>") == .error(99))
        #expect(answer("ERR 83886142 Timeout") == .error(62))
        #expect(answer("ERR") == .other)
        #expect(answer("D 1234") == .data)
        #expect(answer("S BUTTON_INFO close") == .other)
        #expect(answer("# comment") == .other)
        #expect(answer("INQUIRE QUALITY 5") == .inquiry)
        #expect(answer("") == .other)
    }

    @Test func dataLinesAreUnescapedAndOddPercentsStand() {
        #expect(unescaped("D 12%2534%0a%C4%9F") == "12%34\nğ")
        #expect(unescaped("D 5%") == "5%")
        #expect(unescaped("D 5%4") == "5%4")
        #expect(unescaped("D 5%zz") == "5%zz")
        #expect(unescaped("D ") == "")
    }

    @Test func aLineOfAThousandOctetsFitsAndOneMoreDoesNot() {
        #expect(AssuanLine.fits("SETDESC", String(repeating: "a", count: 992)))
        #expect(!AssuanLine.fits("SETDESC", String(repeating: "a", count: 993)))
        #expect(!AssuanLine.fits("SETDESC", String(repeating: "a", count: 990) + "\n"))
    }
}
