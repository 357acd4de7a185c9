// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CardFiles

/// The files of a card that speaks the truth, in each of the ways that ISO 7816-4 leaves it, and of cards that do not.
@Suite(.timeLimit(.minutes(1)))
struct CardFileReadingTests {
    private let one = SoundCard.element(1431)
    private let two = SoundCard.element(4 + 0x80)

    /// What is read of a sound card with two files, after `change` has had its way with each answer.
    private func read(
        _ files: [UInt16: [UInt8]]? = nil, prepare: (inout SoundCard) -> Void = { _ in },
        change: @escaping (_ command: [UInt8], _ answer: [UInt8]) -> [UInt8] = { $1 }
    ) throws(CardFileError) -> AKISCard.Content? {
        var sound = SoundCard(files ?? [0x2F10: one, 0x2F19: two])
        prepare(&sound)
        return try ScriptedCard { change($0, sound.answer($0)) }.certificates()
    }

    @Test func theFilesAreReadInTheirOrder() throws {
        #expect(try read() == AKISCard.Content(files: [one, two]))
    }

    @Test func nothingIsSentButSelectionsAndReading() throws {
        var sound = SoundCard([0x2F10: one])
        let card = ScriptedCard { sound.answer($0) }
        _ = try card.certificates()
        #expect(card.commands.allSatisfy { $0[0] == 0x00 && [0xA4, 0xB0, 0xC0].contains($0[1]) })
        #expect(card.commands[0] == [0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00])
        #expect(card.commands[1] == [0x00, 0xA4, 0x04, 0x00, 0x07] + Array("PKCS-15".utf8) + [0x00])
    }

    @Test func theWholeNameOfTheFolderAndTheOtherSelectionWillDo() throws {
        let content = try read(prepare: { card in
            (card.folder, card.fileSelection) = ([0xA0, 0, 0, 0, 0x63] + Array("PKCS-15".utf8), 0x00)
        })
        #expect(content == AKISCard.Content(files: [one, two]))
    }

    @Test func aCardWithoutTheFolderIsNone() throws {
        #expect(try read(prepare: { $0.folder = [1] }) == nil)
        #expect(try ScriptedCard { _ in [0x6D, 0x00] }.certificates() == nil)
    }

    @Test func anAnswerInPiecesIsPutTogether() throws {
        var rest: [UInt8] = []
        let content = try read(change: { command, answer in
            if command[1] == 0xC0 { return rest + SoundCard.done }
            guard command[1] == 0xB0, answer.count > 12 else { return answer }
            rest = Array(answer.dropLast(2).dropFirst(10))
            return Array(answer.prefix(10)) + [0x61, UInt8(rest.count)]
        })
        #expect(content == AKISCard.Content(files: [one, two]))
    }

    @Test func aCardThatWantsTheExactLengthIsGivenIt() throws {
        let content = try read(change: { command, answer in
            guard command[1] == 0xB0, Int(command[4]) != answer.count - 2, answer.count > 2 else { return answer }
            return [0x6C, UInt8(answer.count - 2)]
        })
        #expect(content == AKISCard.Content(files: [one, two]))
    }

    @Test func whatStandsBehindACertificateIsNotRead() throws {
        let padded = one + [UInt8](repeating: 0xFF, count: 600)
        #expect(try read([0x2F10: padded]) == AKISCard.Content(files: [one]))
    }

    @Test(arguments: [[], [0xFF], [UInt8](repeating: 0, count: 300)])
    func anEmptyFileIsNoFault(_ content: [UInt8]) throws {
        #expect(try read([0x2F10: content, 0x2F11: one]) == AKISCard.Content(files: [one]))
    }

    @Test(arguments: [
        [0x30], [0x30, 0x82, 0x10, 0x00, 1, 2, 3], [0x30, 0x80, 1, 2, 3, 4], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        [0x30, 0x82, 0xFF, 0xFF, 0], Array("no certificate".utf8), [0x30, 0x83, 0, 0, 1, 9, 9],
    ])
    func aFileThatLiesAboutItsLengthIsCountedAndHidesNoOther(_ content: [UInt8]) throws {
        #expect(try read([0x2F10: content, 0x2F11: one]) == AKISCard.Content(files: [one], unreadable: 1))
    }

    @Test func aFileThatMayNotBeReadIsCounted() throws {
        let content = try read(change: { command, answer in
            command[1] == 0xA4 && command.contains(0x19) ? [0x69, 0x82] : answer
        })
        #expect(content == AKISCard.Content(files: [one], unreadable: 1))
    }

    @Test func moreBytesThanWereAskedForAreNotTaken() throws {
        let content = try read(change: { command, answer in
            command[1] == 0xB0 ? Array(answer.dropLast(2)) + [7, 7, 7, 0x90, 0x00] : answer
        })
        #expect(content == AKISCard.Content(files: [one, two]))
    }

    @Test func aCardThatPromisesMoreForEverComesToItsEnd() throws {
        let card = ScriptedCard { _ in [0x61, 0x10] }
        #expect(try card.certificates() == nil)
        #expect(card.commands.count < 30)
    }

    @Test func aCardThatCorrectsTheLengthForEverComesToItsEnd() throws {
        let card = ScriptedCard { _ in [0x6C, 0x10] }
        #expect(try card.certificates() == nil)
        #expect(card.commands.count < 30)
    }

    @Test func aByteAtATimeIsTooMuch() {
        var sound = SoundCard([0x2F10: SoundCard.element(8000)])
        let card = ScriptedCard { command in
            let answer = sound.answer(command)
            return command[1] == 0xB0 ? Array(answer.prefix(1)) + SoundCard.done : answer
        }
        let error = #expect(throws: CardFileError.self) { try card.certificates() }
        #expect(error?.detail == "too many commands")
        #expect(card.commands.count == CardFileReading.Bounds.commands)
    }

    @Test func aCardThatTakesItsTimeIsLeft() {
        let error = #expect(throws: CardFileError.self) {
            try ScriptedCard { _ in SoundCard.done }.certificates(within: .zero)
        }
        #expect(error?.detail == "too slow a card")
    }

    @Test(arguments: [[], [0x90]])
    func anAnswerWithoutStatusIsAnError(_ answer: [UInt8]) {
        #expect(throws: CardFileError.self) { try ScriptedCard { _ in answer }.certificates() }
    }

    @Test(arguments: 1...18)
    func aCardThatIsPulledInTheMiddleIsGone(_ number: Int) {
        var sound = SoundCard([0x2F10: one])
        var count = 0
        let card = ScriptedCard { (command) throws(CardFileError) in
            count += 1
            guard count < number else { throw CardFileError(.removed, "SCardTransmit") }
            return sound.answer(command)
        }
        let error = #expect(throws: CardFileError.self) { try card.certificates() }
        #expect(error?.kind == .removed)
    }

    /// Cards that answer by chance, or as they should with a part changed by chance: whatever they say, the reading ends within its bounds.
    @Test func whateverACardSaysTheReadingEndsWithinItsBounds() {
        var random = SplitMix(state: 33)
        for _ in 0..<20_000 {
            var sound = SoundCard([0x2F10: one, 0x2F11: two, 0x2F12: Array(one.prefix(Int(random.next() % 1400)))])
            let rate = random.next() % 16
            let card = ScriptedCard { command in
                var answer = sound.answer(command)
                guard random.next() % 16 < rate else { return answer }
                switch random.next() % 8 {
                case 0: answer = Array(answer.prefix(Int(random.next() % 4)))
                case 1: answer = answer.dropLast(2) + [0x61, UInt8(truncatingIfNeeded: random.next())]
                case 2: answer = [0x6C, UInt8(truncatingIfNeeded: random.next())]
                case 3: answer = answer.dropLast(2) + [0x62, 0x82]
                case 4: answer = (0..<random.next() % 258).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                case 5: answer = answer.dropFirst(answer.count / 2) + []
                case 6: answer[Int(random.next() % UInt64(answer.count))] ^= UInt8(truncatingIfNeeded: random.next())
                default: answer = [UInt8(truncatingIfNeeded: random.next()), 0x82]
                }
                return answer
            }
            let content = try? card.certificates()
            #expect(card.commands.count <= CardFileReading.Bounds.commands)
            #expect(card.commands.allSatisfy { $0.count <= 20 && $0[0] == 0 && [0xA4, 0xB0, 0xC0].contains($0[1]) })
            for file in content?.files ?? [] {
                #expect(file.first == 0x30 && file.count <= CardFileReading.Bounds.bytesOfFile)
            }
        }
    }
}

/// The same numbers in each run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
