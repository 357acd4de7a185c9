// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Tokens

@Suite(.timeLimit(.minutes(1)))
struct SlotDescriptionTests {
    private func padded(_ text: String) -> [UInt8] {
        Array((Array(text.utf8) + [UInt8](repeating: 0x20, count: 64)).prefix(64))
    }

    @Test func aSlotIsItsReaderWithoutThePadding() {
        #expect(SlotDescription.matches(padded("ACS ACR39U 00 00"), reader: "ACS ACR39U 00 00"))
    }

    @Test func anotherReaderOfTheSameMakeIsAnother() {
        #expect(!SlotDescription.matches(padded("ACS ACR39U 00 00"), reader: "ACS ACR39U 01 00"))
        #expect(!SlotDescription.matches(padded("ACS ACR39U"), reader: "ACS ACR39U 01 00"))
    }

    @Test func aNameOfMoreThan64OctetsIsComparedAsFarAsItGoesAlsoInsideALetter() {
        let name = String(repeating: "a", count: 63) + "İstanbul 00 00"
        #expect(SlotDescription.matches(padded(name), reader: name))
    }

    @Test func aTerminatingZeroEndsTheName() {
        #expect(SlotDescription.matches(Array("Reader\0garbage".utf8), reader: "Reader"))
    }
}
