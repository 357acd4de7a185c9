// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FrameReaderTests {
    @Test func numbersAreBigEndian() throws {
        var writer = FrameWriter()
        writer.u32(0x0102_0304)
        writer.i64(-2)
        #expect(writer.bytes == [1, 2, 3, 4, 255, 255, 255, 255, 255, 255, 255, 254])
        var reader = FrameReader(writer.bytes)
        #expect(try reader.u32("a") == 0x0102_0304)
        #expect(try reader.i64("b") == -2)
        try reader.end()
    }

    @Test func aLengthBeyondTheEndIsRefusedByName() {
        var reader = FrameReader([0xFF, 0xFF, 0xFF, 0xFF, 0x41])
        let error = #expect(throws: FrameError.self) { try reader.string("label") }
        #expect(error?.description == "label: truncated")
    }

    @Test func aCountBeyondTheLimitOrTheFrameIsRefused() {
        var many = FrameReader([0, 0, 4, 1] + [UInt8](repeating: 0, count: 8000))
        #expect(throws: FrameError(.tooMany, "")) { try many.strings("ocsp") }
        var short = FrameReader([0, 0, 0, 9, 0])
        #expect(throws: FrameError(.tooMany, "")) { try short.byteStrings("trust") }
    }

    @Test func textThatIsNotUTF8IsRefused() {
        var reader = FrameReader([0, 0, 0, 2, 0xC3, 0x28])
        #expect(throws: FrameError(.invalidText, "")) { try reader.string("holder") }
    }

    @Test func aBooleanIsZeroOrOne() {
        var reader = FrameReader([2])
        #expect(throws: FrameError(.unknownChoice, "")) { try reader.bool("qualified") }
    }
}
