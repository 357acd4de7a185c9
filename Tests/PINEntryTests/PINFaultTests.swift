// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import PINEntry

/// An entry that can be no card's PIN costs no try.
@Suite(.timeLimit(.minutes(1)))
struct PINFaultTests {
    private func fault(_ octets: [UInt8], length: ClosedRange<Int>? = 4...8) -> PINFault? {
        var pin = PIN()
        for octet in octets { _ = pin.append(octet) }
        return pin.fault(length: length)
    }

    private func fault(_ text: String, length: ClosedRange<Int>? = 4...8) -> PINFault? {
        fault(Array(text.utf8), length: length)
    }

    @Test(arguments: ["1234", "12345678", "a-b.c", "12 34", "şifre", "!\"%&/()="])
    func whatAPersonCanTypeIsTried(text: String) {
        #expect(fault(text) == nil)
    }

    @Test(arguments: [
        "\u{FEFF}1234", "1234\u{FEFF}", " 1234", "1234 ", "1234\t", "\t1234", "12\t34", "1234\r", "12\r34", "12\n34",
        "12\u{0}34",
        "1234\u{0}", "\u{1B}[D12", "1234\u{7F}", "12\u{85}34", "\u{A0}1234", "1234\u{2003}", "12\u{200B}34",
        "\u{202E}1234",
        "1234\u{2028}",
    ])
    func controlsMarksAndBlanksAtTheEndsAreNot(text: String) {
        #expect(fault(text, length: 1...20) == .characters)
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x31, 0x00, 0x32, 0x00], [0x31, 0x32, 0x33, 0xC4], [0xC0, 0xB1, 0x32, 0x33],
            [0xED, 0xA0, 0x80, 0x31],
            [0x31, 0x32, 0x33, 0x34, 0xFF],
        ] as [[UInt8]])
    func octetsThatAreNoTextAreNot(octets: [UInt8]) {
        #expect(fault(octets) == .characters)
    }

    @Test func theCardsLengthIsCountedInOctets() {
        #expect(fault("123") == .length(4...8))
        #expect(fault("123456789") == .length(4...8))
        #expect(fault("şşşş") == nil)
        #expect(fault("şşşşş") == .length(4...8))
    }

    @Test func anEmptyOneIsNeverTriedNorOneThatNoCardCanTake() {
        #expect(fault("", length: nil) == .length(1...255))
        #expect(fault("", length: 0...8) == .length(1...8))
        #expect(fault(String(repeating: "1", count: 255), length: nil) == nil)
        #expect(fault(String(repeating: "1", count: 256), length: nil) == .length(1...255))
    }
}
