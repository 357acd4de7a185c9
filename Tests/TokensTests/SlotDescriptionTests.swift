// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tokens

@Suite(.timeLimit(.minutes(1)))
struct SlotDescriptionTests {
    private func padded(_ text: String) -> [UInt8] { padded(Array(text.utf8)) }

    private func padded(_ octets: [UInt8]) -> [UInt8] {
        Array((octets + [UInt8](repeating: 0x20, count: 64)).prefix(64))
    }

    private func matches(_ description: [UInt8], _ reader: String) -> Bool {
        SlotDescription.matches(description, reader: Array(reader.utf8))
    }

    /// 85 octets, as of a keyboard with a reader in it.
    private let long = "Hewlett-Packard Company HP USB Smart Card CCID Keyboard JP [Smart Card Reader] 00 00"

    @Test func aSlotIsItsReaderWithoutThePadding() {
        #expect(matches(padded("ACS ACR39U 00 00"), "ACS ACR39U 00 00"))
    }

    @Test func anotherReaderOfTheSameMakeIsAnother() {
        #expect(!matches(padded("ACS ACR39U 00 00"), "ACS ACR39U 01 00"))
        #expect(!matches(padded("ACS ACR39U"), "ACS ACR39U 01 00"))
        #expect(!matches(padded(String(repeating: "a", count: 60)), String(repeating: "a", count: 63)))
    }

    @Test func aNameOfMoreThan64OctetsIsComparedAsFarAsItGoesAlsoInsideALetter() {
        let name = String(repeating: "a", count: 63) + "İstanbul 00 00"
        #expect(matches(padded(name), name))
        // Cut before the letter that would not fit.
        #expect(matches(padded(String(repeating: "a", count: 63)), name))
    }

    @Test func aTerminatingZeroEndsTheName() {
        #expect(matches(Array("Reader\0garbage".utf8), "Reader"))
        #expect(matches(Array(long.utf8.prefix(63)) + [0], long))
    }

    @Test func openSCEndsALongNameWithDotsAtTheSixtyFourthOctet() {
        #expect(matches(Array(long.utf8.prefix(61)) + Array("...".utf8), long))
        #expect(!matches(Array(long.utf8.prefix(60)) + Array("X...".utf8), long))
        #expect(matches(Array(long.utf8.prefix(61)) + Array("…".utf8), long))
    }

    @Test(arguments: 60...127)
    func everyLengthIsFoundHoweverItIsCut(_ length: Int) {
        let name = (0..<length).map { UInt8(0x41 + $0 % 26) }
        #expect(SlotDescription.matches(padded(name), reader: name))
        guard length > 64 else { return }
        #expect(SlotDescription.matches(name.prefix(61) + Array("...".utf8), reader: name))
        #expect(SlotDescription.matches(name.prefix(63) + [0], reader: name))
        // Of another reader whose name differs before the cut.
        var other = name
        other[55] = 0x7A
        #expect(!SlotDescription.matches(padded(other), reader: name))
        #expect(!SlotDescription.matches(other.prefix(61) + Array("...".utf8), reader: name))
    }

    @Test func aCutThatFallsOnABlankIsPaddingToTheModule() {
        let name = String(repeating: "b", count: 62) + "  reader 00 00"
        #expect(matches(padded(name), name))
    }

    @Test func dotsOfANamesOwnAreItsOwn() {
        #expect(matches(padded("Reader..."), "Reader..."))
        #expect(!matches(padded("Reader..."), "Reader of another make 00 00"))
    }

    @Test func octetsThatAreNoTextAreCompared() {
        let name: [UInt8] = Array("Okuyucu ".utf8) + [0xFE, 0xFF] + Array(" 00 00".utf8)
        #expect(SlotDescription.matches(padded(name), reader: name))
        #expect(!matches(padded(name), String(decoding: name, as: UTF8.self)))
    }
}
