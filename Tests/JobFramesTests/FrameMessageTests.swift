// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FrameMessageTests {
    @Test(arguments: Samples.tokenRequests) func aTokenRequestIsReadAsItWasWritten(_ message: TokenRequest) throws {
        #expect(try TokenRequest(payload: message.payload()) == message)
    }

    @Test(arguments: Samples.tokenReplies) func aTokenReplyIsReadAsItWasWritten(_ message: TokenReply) throws {
        #expect(try TokenReply(payload: message.payload()) == message)
    }

    @Test(arguments: Samples.courierRequests) func aCourierRequestIsReadAsItWasWritten(_ m: CourierRequest) throws {
        #expect(try CourierRequest(payload: m.payload()) == m)
    }

    @Test(arguments: Samples.courierReplies) func aCourierReplyIsReadAsItWasWritten(_ m: CourierReply) throws {
        #expect(try CourierReply(payload: m.payload()) == m)
    }

    @Test func aMessageCutAtAnyLengthIsRefused() throws {
        try forEachMessage { payload, read in
            for length in payload.indices {
                #expect(throws: FrameError.self) { try read(Array(payload[..<length])) }
            }
            #expect(throws: FrameError(.trailingBytes, "")) { try read(payload + [0]) }
        }
    }

    @Test func aMessageWithAnyByteChangedIsReadOrRefused() throws {
        try forEachMessage { payload, read in
            for index in payload.indices {
                for change: UInt8 in [0x01, 0x80, 0xFF] {
                    var broken = payload
                    broken[index] ^= change
                    // A changed letter is another text, and may be read; what counts is that nothing traps.
                    _ = try? read(broken)
                }
            }
        }
    }

    @Test func noiseIsReadOrRefused() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let noise =
                [1, UInt8.random(in: 0..<12)] + (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
            // Either answer will do: what counts is that nothing traps.
            _ = try? TokenReply(payload: noise)
            _ = try? CourierReply(payload: noise)
        }
    }

    @Test func anotherVersionIsRefused() {
        #expect(throws: FrameError(.unknownVersion, "")) { try TokenRequest(payload: [2, 0]) }
    }

    @Test func anUnknownMessageIsRefusedByName() {
        let error = #expect(throws: FrameError.self) { try CourierReply(payload: [1, 200]) }
        #expect(error?.code == .unknownChoice)
        #expect(error?.field == "CourierReply")
    }

    @Test func anUnknownWordIsRefusedByTheNameOfItsField() throws {
        var writer = FrameWriter()
        writer.u8(1)
        writer.u8(3)
        writer.string("dancing")
        let error = #expect(throws: FrameError.self) { try TokenReply(payload: writer.bytes) }
        #expect(error?.description == "progress: unknown choice")
    }

    @Test func aMessageThatFillsItsFrameIsSentAndOneByteMoreIsNot() throws {
        let room = Frame.maximumLength - 6
        #expect(try TokenReply.signed([UInt8](repeating: 7, count: room)).payload().count == Frame.maximumLength)
        #expect(throws: FrameError(.tooLong, "")) {
            try TokenReply.signed([UInt8](repeating: 7, count: room + 1)).payload()
        }
    }

    /// Calls `body` with the payload of each sample and a way to read it back.
    private func forEachMessage(_ body: ([UInt8], ([UInt8]) throws -> Void) throws -> Void) throws {
        for message in Samples.tokenRequests { try body(message.payload()) { _ = try TokenRequest(payload: $0) } }
        for message in Samples.tokenReplies { try body(message.payload()) { _ = try TokenReply(payload: $0) } }
        for message in Samples.courierRequests { try body(message.payload()) { _ = try CourierRequest(payload: $0) } }
        for message in Samples.courierReplies { try body(message.payload()) { _ = try CourierReply(payload: $0) } }
    }
}
