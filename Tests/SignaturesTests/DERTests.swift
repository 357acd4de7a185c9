// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Signatures

@Suite(.timeLimit(.minutes(1)))
struct DERTests {
    private func reader(_ bytes: [UInt8], _ rules: DERReader.Rules = .der) -> DERReader {
        DERReader(bytes[...], rules: rules)
    }

    @Test func objectIdentifiersAreWrittenInDottedDecimal() throws {
        #expect(ObjectIdentifier.nesStatement.description == "2.16.792.1.61.0.1.5070.1.1")
        #expect(ObjectIdentifier.commonName.description == "2.5.4.3")
        #expect(ObjectIdentifier(2, 999, 3).content == [0x88, 0x37, 0x03])
        // An arc of ten groups of seven bits, as under 2.25.
        let long: [UInt8] = [0x69] + [UInt8](repeating: 0xFF, count: 9) + [0x7F]
        #expect(try ObjectIdentifier(content: long[...]).description == "2.25.0xffffffffffffffffff7f")
        for wrong: [UInt8] in [[], [0x80, 0x01], [0x2A, 0x80, 0x01], [0x2A, 0x86]] {
            #expect(throws: DERError.self) { try ObjectIdentifier(content: wrong[...]) }
        }
    }

    @Test func lengthsAreReadStrictlyOrForgivingly() throws {
        for padded: [UInt8] in [[0x04, 0x81, 0x01, 0xAA], [0x04, 0x82, 0x00, 0x01, 0xAA]] {
            var strict = reader(padded)
            #expect(throws: DERError(.badLength)) { try strict.next() }
            var forgiving = reader(padded, .forgiving)
            #expect(try forgiving.next().content == [0xAA])
        }
        for wrong: [UInt8] in [
            [], [0x04], [0x04, 0x02, 0xAA], [0x30, 0x80, 0, 0], [0x04, 0x82, 0x01], [0x04, 0xFF],
            [0x04, 0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x1F, 0x80],
            [0x1F, 0xFF, 0xFF, 0xFF, 0xFF, 1],
        ] {
            var reader = reader(wrong, .forgiving)
            #expect(throws: DERError.self) { try reader.next() }
        }
    }

    @Test func lengthsAreWrittenInTheFewestOctets() {
        #expect(DERWriter.octetString([UInt8](repeating: 0, count: 127)).prefix(2) == [0x04, 0x7F])
        #expect(DERWriter.octetString([UInt8](repeating: 0, count: 128)).prefix(3) == [0x04, 0x81, 0x80])
        #expect(DERWriter.octetString([UInt8](repeating: 0, count: 256)).prefix(4) == [0x04, 0x82, 0x01, 0x00])
        #expect(DERWriter.unsignedInteger([0, 0, 0x80]) == [0x02, 0x02, 0x00, 0x80])
        #expect(DERWriter.unsignedInteger([UInt8]()) == [0x02, 0x01, 0x00])
    }

    @Test(
        arguments: [
            ("700101000000Z", 0), ("500101000000Z", -631_152_000), ("491231235959Z", 2_524_607_999),
            ("240229120000Z", 1_709_208_000),
        ] as [(String, Int64)])
    func shortYearsLieBetween1950And2049(_ text: String, _ seconds: Int64) throws {
        let encoded = DERWriter.element(DERTag.utcTime, Array(text.utf8))
        var reader = reader(encoded)
        #expect(try reader.time() == seconds)
        #expect(DERTime.encoded(seconds) == encoded)
    }

    @Test func longYearsAndBrokenTimes() throws {
        for (text, seconds): (String, Int64) in [
            ("20500101000000Z", 2_524_608_000), ("99991231235959Z", 253_402_300_799),
        ] {
            let encoded = DERWriter.element(DERTag.generalizedTime, Array(text.utf8))
            var reader = reader(encoded)
            #expect(try reader.time() == seconds)
            #expect(DERTime.encoded(seconds) == encoded)
        }
        for wrong in [
            "250230000000Z", "251301000000Z", "250101240000Z", "250101000060Z", "2501010000Z", "250101000000",
        ] {
            var reader = reader(DERWriter.element(DERTag.utcTime, Array(wrong.utf8)))
            #expect(throws: DERError.self) { try reader.time() }
        }
        let fraction = DERWriter.element(DERTag.generalizedTime, Array("20250101000000.5Z".utf8))
        var forgiving = reader(fraction, .forgiving)
        #expect(try forgiving.time() == 1_735_689_600)
        var strict = reader(fraction)
        #expect(throws: DERError.self) { try strict.time() }
    }

    @Test func everyDayOfFourCenturiesComesBack() throws {
        for day in stride(from: Int64(-7_305), to: 139_000, by: 1) {
            var reader = reader(DERTime.encoded(day * 86_400 + 86_399))
            #expect(try reader.time() == day * 86_400 + 86_399)
        }
    }

    @Test func stringsOfEachKindAreDecoded() {
        func text(_ tag: UInt8, _ bytes: [UInt8]) -> String? { DERString.text(bytes[...], as: tag) }
        #expect(text(DERTag.bmpString, [0x01, 0x5E, 0x01, 0x31]) == "Şı")
        #expect(text(DERTag.bmpString, [0x01, 0x5E, 0x01]) == "Ş")
        #expect(text(DERTag.universalString, [0, 0, 0x01, 0x1E, 0xFF, 0, 0, 0]) == "Ğ\u{FFFD}")
        #expect(text(DERTag.utf8String, Array("İ".utf8) + [0xFF]) == "İ\u{FFFD}")
        #expect(text(DERTag.teletexString, [0xDE, 0xFD, 0xE7]) == "Şıç")
        #expect(text(DERTag.octetString, [0x41]) == nil)
    }

    @Test func indefiniteLengthsAndStringsInPiecesBecomeDefinite() throws {
        let streamed: [UInt8] = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0x41, 0x24, 0x03, 0x04, 0x01, 0x42, 0, 0, 0x02, 0x81, 0x01, 0x05, 0, 0,
        ]
        // The length in two octets stays as it was.
        #expect(
            try BER.definite(streamed[...]) == [0x30, 0x08, 0x04, 0x02, 0x41, 0x42, 0x02, 0x81, 0x01, 0x05])
        for wrong: [UInt8] in [
            [0x30, 0x80], [0x30, 0x80, 0], [0x24, 0x03, 0x02, 0x01, 0x00], [0x04, 0x80, 0, 0], [5, 0, 0],
        ] {
            #expect(throws: DERError.self) { try BER.definite(wrong[...]) }
        }
    }

    @Test func namedBitsAreRead() throws {
        #expect(try DERReader.namedBits([0x06, 0xC0]) == 3)
        #expect(try DERReader.namedBits([0x07, 0x00, 0x80]) == 1 << 8)
        #expect(try DERReader.namedBits([0x00]) == 0)
        #expect(throws: DERError.self) { try DERReader.namedBits([]) }
        #expect(throws: DERError.self) { try DERReader.namedBits([0x08, 0xFF]) }
    }
}
