// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing

/// The form of each kind of value, octet by octet.
@Suite(.timeLimit(.minutes(1)))
struct FrameCodingTests {
    private struct Numbers: FrameMessage {
        var large: UInt32 = 0x0102_0304
        var negative: Int64 = -2
        var small: UInt8 = 7
    }

    private struct Fields: FrameMessage {
        var label: String?
        var isQualified: Bool?
        var ocsp: [String]?
        var trust: [[UInt8]]?
        var word: Word?
    }

    private enum Word: String, FrameMessage { case ja, nein }

    private enum Choice: FrameMessage {
        case nothing
        case one(UInt8)
        case two(name: String, other: Word?)
    }

    private indirect enum Tower: FrameMessage {
        case floor(Tower)
        case roof
    }

    private struct Unsupported: FrameMessage { var list: [UInt8?] }

    private struct Picky: FrameMessage {
        struct Refusal: Error {}
        var digit: UInt8
        init(digit: UInt8) { self.digit = digit }
        init(from decoder: any Decoder) throws {
            digit = try decoder.singleValueContainer().decode(UInt8.self)
            if digit > 9 { throw Refusal() }
        }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(digit)
        }
    }

    private func error<Message: FrameMessage>(_ type: Message.Type, _ payload: [UInt8]) -> String? {
        #expect(throws: FrameError.self) { try type.init(payload: payload) }?.description
    }

    private let version = Frame.version

    @Test func numbersAreBigEndian() throws {
        let payload = try Numbers().payload()
        #expect(payload == [version, 1, 2, 3, 4, 255, 255, 255, 255, 255, 255, 255, 254, 7])
        #expect(try Numbers(payload: payload) == Numbers())
    }

    @Test func eachOptionalFieldBeginsWithAByte() throws {
        #expect(try Fields().payload() == [version, 0, 0, 0, 0, 0])
        let full = Fields(label: "é", isQualified: false, ocsp: ["a", ""], trust: [[9, 8]], word: .ja)
        let payload = try full.payload()
        let octets: [[UInt8]] = [
            [version], [1, 0, 0, 0, 2, 0xC3, 0xA9], [1, 0], [1, 0, 0, 0, 2, 0, 0, 0, 1, 97, 0, 0, 0, 0],
            [1, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8], [1, 0, 0, 0, 2, 106, 97],
        ]
        #expect(payload == octets.flatMap { $0 })
        #expect(try Fields(payload: payload) == full)
    }

    @Test func aCaseIsItsName() throws {
        #expect(try Choice.nothing.payload() == [version, 0, 0, 0, 7] + Array("nothing".utf8))
        #expect(try Choice.one(5).payload() == [version, 0, 0, 0, 3] + Array("one".utf8) + [5])
        for choice in [Choice.nothing, .one(5), .two(name: "x", other: nil), .two(name: "", other: .nein)] {
            #expect(try Choice(payload: choice.payload()) == choice)
        }
    }

    @Test func aLengthBeyondTheEndIsRefusedByName() {
        #expect(error(Fields.self, [version, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x41]) == "label: truncated")
    }

    @Test func aCountBeyondTheLimitOrTheFrameIsRefused() {
        let zeros = [UInt8](repeating: 0, count: 8000)
        #expect(error(Fields.self, [version, 0, 0, 1, 0, 0, 4, 1] + zeros) == "ocsp: too many elements")
        #expect(error(Fields.self, [version, 0, 0, 0, 1, 0, 0, 0, 9, 0]) == "trust: too many elements")
    }

    @Test func textThatIsNotUTF8IsRefused() {
        #expect(error(Fields.self, [version, 1, 0, 0, 0, 2, 0xC3, 0x28]) == "label: not UTF-8")
    }

    @Test func aBooleanIsZeroOrOne() {
        #expect(error(Fields.self, [version, 0, 1, 2]) == "isQualified: unknown choice")
        #expect(error(Fields.self, [version, 2]) == "label: unknown choice")
    }

    @Test func aWordThatIsNoCaseIsRefusedWithoutRepeatingIt() {
        #expect(error(Fields.self, [version, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x7A]) == "word: unknown choice")
        #expect(error(Choice.self, [version, 0, 0, 0, 1, 0x7A]) == "Choice: unknown choice")
    }

    @Test func whatAValuesOwnRulesRefuseIsRefused() throws {
        #expect(try Picky(payload: [version, 9]).digit == 9)
        #expect(error(Picky.self, [version, 10]) == "Picky: invalid value")
    }

    @Test func theDepthHasALimit() throws {
        var tower = Tower.roof
        for _ in 1..<Frame.maximumDepth { tower = .floor(tower) }
        #expect(try Tower(payload: tower.payload()) == tower)
        #expect(error(Tower.self, try Tower.floor(tower).payload()) == "floor: too deep")
        let floor: [UInt8] = [0, 0, 0, 5] + Array("floor".utf8)
        let hostile = [version] + (0..<100_000).flatMap { _ in floor }
        #expect(error(Tower.self, hostile) == "floor: too deep")
    }

    @Test func whatHasNoFormIsNotSent() {
        #expect(throws: FrameError(.unsupported, "")) { try Unsupported(list: [nil]).payload() }
        let long = Fields(ocsp: [String](repeating: "", count: Frame.maximumCount + 1))
        #expect(throws: FrameError(.tooMany, "")) { try long.payload() }
    }
}
