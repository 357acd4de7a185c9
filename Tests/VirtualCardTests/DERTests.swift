// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import VirtualCard

@Suite(.timeLimit(.minutes(1))) struct DERTests {
    @Test func lengthsTakeTheShortestForm() {
        #expect(DER.length(0x7F) == [0x7F])
        #expect(DER.length(0x80) == [0x81, 0x80])
        #expect(DER.length(0x1234) == [0x82, 0x12, 0x34])
    }

    @Test func numbersAreNeverNegative() {
        #expect(DER.integer(0) == [0x02, 0x01, 0x00])
        #expect(DER.integer(127) == [0x02, 0x01, 0x7F])
        #expect(DER.integer(129) == [0x02, 0x02, 0x00, 0x81])
        #expect(DER.integer([0x00, 0x00, 0x80]) == [0x02, 0x02, 0x00, 0x80])
    }

    @Test func keyUsageCountsItsUnusedBits() {
        #expect(DER.bits(set: [0, 1]) == [0x03, 0x02, 0x06, 0xC0])
        #expect(DER.bits(set: [2, 9]) == [0x03, 0x03, 0x06, 0x20, 0x40])
        #expect(DER.bits(set: []) == [0x03, 0x01, 0x00])
    }

    @Test func identifiersTakeSevenBitsAByte() {
        #expect(DER.identifier("1.2.840.113549") == [0x06, 0x06, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D])
        #expect(DER.identifier("2.16.792") == [0x06, 0x03, 0x60, 0x86, 0x18])
    }

    @Test(
        arguments: [
            (0, "700101000000Z"), (951_782_399, "000228235959Z"), (951_782_400, "000229000000Z"),
            (-1, "691231235959Z"), (2_524_607_999, "491231235959Z"), (2_524_608_000, "20500101000000Z"),
        ] as [(Int64, String)])
    func timesAreWrittenAsCertificatesWantThem(moment: Int64, text: String) {
        #expect(DER.time(moment).dropFirst(2) == ArraySlice(text.utf8))
        #expect(DER.time(moment).first == (text.count == 13 ? 0x17 : 0x18))
    }

    @Test func noticesAreSixteenBitsALetter() {
        #expect(DER.bmp("İş") == [0x1E, 0x04, 0x01, 0x30, 0x01, 0x5F])
    }
}
