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

    @Test(arguments: Samples.notifyRequests) func aNotifyRequestIsReadAsItWasWritten(_ message: NotifyRequest) throws {
        #expect(try NotifyRequest(payload: message.payload()) == message)
    }

    @Test(arguments: Samples.notifyReplies) func aNotifyReplyIsReadAsItWasWritten(_ message: NotifyReply) throws {
        #expect(try NotifyReply(payload: message.payload()) == message)
    }

    @Test func aMessageCutAtAnyLengthIsRefused() throws {
        try forEachMessage { payload, read in
            for length in payload.indices {
                #expect(throws: FrameError.self) { try read(Array(payload[..<length])) }
            }
            #expect(throws: FrameError(.trailingBytes, "")) { try read(payload + [0]) }
        }
    }

    /// Ten thousand hostile frames, the same ones each time: changed, cut, doubled and crossed octets of true messages, and noise.
    @Test func aHostileFrameIsReadOrRefused() throws {
        var random = SeededRandom(state: 20_261_128)
        var payloads: [[UInt8]] = []
        try forEachMessage { payload, _ in payloads.append(payload) }
        var refused = 0
        var place = 0
        try forEachMessage { payload, read in
            place += 1
            for _ in 0..<(12_000 / payloads.count) {
                let hostile = random.mutation(of: payload, beside: payloads.randomElement(using: &random)!)
                // A changed letter is another text, and may be read; nothing but a FrameError may come of the rest.
                do { try read(hostile) } catch is FrameError { refused += 1 }
            }
        }
        #expect(place == payloads.count && refused > 5000)
    }

    @Test func anotherVersionIsRefused() {
        #expect(throws: FrameError(.unknownVersion, "")) { try TokenRequest(payload: [Frame.version + 1, 0]) }
    }

    @Test func anUnknownMessageIsRefusedByName() {
        let error = #expect(throws: FrameError.self) {
            try CourierReply(payload: [Frame.version, 0, 0, 0, 1, 0x78])
        }
        #expect(error?.code == .unknownChoice)
        #expect(error?.field == "CourierReply")
    }

    @Test func anUnknownWordIsRefusedByTheNameOfItsField() throws {
        let word = { (text: String) in [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8) }
        let payload = [Frame.version] + word("progress") + word("dancing")
        let error = #expect(throws: FrameError.self) { try TokenReply(payload: payload) }
        #expect(error?.description == "progress: unknown choice")
    }

    @Test func aMessageThatFillsItsFrameIsSentAndOneByteMoreIsNot() throws {
        let room = Frame.maximumLength - 1 - 10 - 4
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
        for message in Samples.notifyRequests { try body(message.payload()) { _ = try NotifyRequest(payload: $0) } }
        for message in Samples.notifyReplies { try body(message.payload()) { _ = try NotifyReply(payload: $0) } }
    }
}

/// SplitMix64: small, and the same everywhere.
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The octets, damaged in one to four ways.
    mutating func mutation(of octets: [UInt8], beside other: [UInt8]) -> [UInt8] {
        var hostile = octets
        for _ in 0...Int.random(in: 0..<4, using: &self) {
            let place = Int.random(in: 0..<max(1, hostile.count), using: &self)
            let end = Int.random(in: place...hostile.count, using: &self)
            switch Int.random(in: 0..<8, using: &self) {
            case 0: hostile.removeSubrange(place..<end)
            case 1: hostile.insert(contentsOf: hostile[place..<end].prefix(64), at: place)
            case 2: hostile = Array(hostile.prefix(place) + other.dropFirst(place))
            case 3: hostile.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF], at: place)
            case 4: hostile = [Frame.version] + (0..<64).map { _ in UInt8.random(in: 0...255, using: &self) }
            case 5 where end - place >= 4: hostile.replaceSubrange(place..<place + 4, with: [0, 0, 4, 0])
            case _ where place < hostile.count: hostile[place] ^= UInt8.random(in: 1...255, using: &self)
            default: hostile.append(0)
            }
        }
        return hostile
    }
}
