// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import VirtualCard

/// The small parts that OpenSC exercises on its good paths only.
@Suite(.timeLimit(.minutes(1))) struct CardPartsTests {
    @Test func commandsAreReadInTheirFourCases() throws {
        #expect(try #require(CommandAPDU([0, 0xA4, 4, 0])).expected == nil)
        #expect(try #require(CommandAPDU([0, 0xB0, 0, 0, 0])).expected == 256)
        #expect(try #require(CommandAPDU([0, 0x20, 0, 1, 2, 0x31, 0x32])).data == [0x31, 0x32])
        let full = try #require(CommandAPDU([0, 0xA4, 8, 0, 1, 0x3F, 4]))
        #expect(full.data == [0x3F] && full.expected == 4)
    }

    @Test(
        arguments: [[], [0, 0xA4], [0, 0xA4, 0], [0, 0xA4, 0, 0, 3, 1], [0, 0xA4, 0, 0, 1, 2, 3, 4]] as [[UInt8]])
    func commandsOfWrongLengthAreNone(bytes: [UInt8]) {
        #expect(CommandAPDU(bytes) == nil)
    }

    @Test func longAnswersComeInPieces() {
        var transport = ISOTransport()
        let answer = transport.deliver(.ok(Array(0..<200)), expected: 50)
        #expect(answer.data.count == 50 && answer.status == .more(150))
        #expect(transport.take([0, 0xC0, 0, 0, 0]) == .answer(.ok(Array(50..<200))))
        #expect(transport.take([0, 0xC0, 0, 0, 0]) == .answer(.ok()))
    }

    @Test func chainedCommandsBecomeOne() throws {
        var transport = ISOTransport()
        #expect(transport.take([0x10, 0x2A, 0x9E, 0x9A, 2, 1, 2]) == .answer(.ok()))
        guard case .ask(let command) = transport.take([0, 0x2A, 0x9E, 0x9A, 1, 3, 0]) else {
            Issue.record("the last one must be asked for")
            return
        }
        #expect(command.data == [1, 2, 3])
    }

    @Test func aChainWithoutEndIsRefused() {
        var transport = ISOTransport()
        let link = [0x10, 0x2A, 0, 0, 200] + [UInt8](repeating: 0, count: 200)
        let answers = (0..<30).map { _ in transport.take(link) }
        #expect(answers.contains(.answer(.failed(.wrongLength))))
    }

    @Test func theThirdWrongPINLocks() {
        var pin = PINCounter(value: Array("1234".utf8))
        #expect(pin.verify([1]).status == .wrongPIN(triesLeft: 2))
        #expect(pin.verify([1]).status == .wrongPIN(triesLeft: 1))
        #expect(pin.verify([1]).status == .pinLocked)
        #expect(pin.verify(Array("1234".utf8)).status == .pinLocked)
    }

    @Test func answersToResetHaveTheirCheckByte() {
        for answer in [AnswerToReset.piv, .unknown] { #expect(answer.bytes.dropFirst().reduce(0, ^) == 0) }
        #expect(AnswerToReset(hex: "3B:02 14 50")?.bytes == [0x3B, 0x02, 0x14, 0x50])
        #expect(AnswerToReset(hex: "3B0") == nil && AnswerToReset(hex: "zz") == nil && AnswerToReset(hex: "") == nil)
    }

    @Test(
        arguments: [
            ("insert", .insert), ("remove-at 12", .removeAt(apdu: 12)), ("remove-at 0", nil), ("remove-at", nil),
            ("signature-delay 250", .signatureDelay(milliseconds: 250)), ("signature-delay -1", nil),
            ("mute on", .mute(true)), ("mute", nil), ("tries-left 1", .triesLeft(1)), ("", nil), ("insert now", nil),
        ] as [(String, CardCommand?)])
    func linesAreCommands(line: String, command: CardCommand?) {
        #expect(CardCommand(line: line) == command)
    }

    @Test func pemIsReadAsItIsWritten() {
        for count in [0, 1, 2, 3, 47, 48, 49, 200] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(PEM.decode(Array(PEM.encode(bytes, label: "X").utf8), label: "X") == bytes)
        }
        #expect(PEM.decode(Array("no block".utf8), label: "X") == nil)
    }

    @Test func keysAreReadAsTheyAreWritten() throws {
        for type in [CardKeyType.rsa2048, .p256, .p384] {
            let key = try SigningKey.generate(type)
            let copy = try SigningKey(Array(try key.pem().utf8))
            #expect(copy.type == type)
            #expect(try copy.publicKey() == key.publicKey())
        }
        #expect(throws: CryptoError.self) { try SigningKey([1, 2, 3]) }
    }
}
