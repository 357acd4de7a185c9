// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

/// Cards that go at the wrong moment, or are no use from the start.
@Suite(.timeLimit(.minutes(1))) struct MisbehavingCardTests {
    private static func akis() throws -> CardDescription {
        CardDescription(.akis, contents: [CardContent(try CardOnBench.certificate())])
    }

    /// pkcs11-tool reads the card with 23 APDUs, logs in with the 25th and asks for the signature with the 28th.
    @Test(arguments: [1, 2, 3, 5, 8, 13, 21, 24, 25, 26, 27, 28])
    func pulledAtAnAPDUNothingHangsAndTheNextTimeItSigns(number: Int) async throws {
        let bench = try await CardOnBench.start(Self.akis())
        bench.card.send(.removeAt(apdu: number))
        let signature = try await bench.sign(id: "41")
        try await bench.card.events.next(.removed)
        #expect(!signature.succeeded)
        #expect(bench.card.events.all.last { if case .apdu = $0 { true } else { false } } == .apdu(number))
        try await bench.card.insert()
        try await bench.sign(id: "41").check()
    }

    @Test func pulledInTheSignatureTheTokenIsGone() async throws {
        let bench = try await CardOnBench.start(Self.akis())
        bench.card.send(.removeInSignature)
        let signature = try await bench.sign(id: "41")
        try await bench.card.events.next(.signing)
        try await bench.card.events.next(.removed)
        #expect(signature.description.contains("CKR_DEVICE_REMOVED"))
        #expect(!bench.card.events.all.contains(.signed))
    }

    @Test func aSlowSignatureCanBePulledWhileItWaits() async throws {
        let bench = try await CardOnBench.start(Self.akis())
        bench.card.send(.signatureDelay(milliseconds: 600_000))
        async let signature = bench.sign(id: "41")
        try await bench.card.signing()
        try await bench.card.remove()
        #expect(try await signature.description.contains("CKR_DEVICE_REMOVED"))
    }

    @Test func aSlowSignatureIsLate() async throws {
        let bench = try await CardOnBench.start(Self.akis())
        bench.card.send(.signatureDelay(milliseconds: 300))
        let clock = ContinuousClock()
        let time = try await clock.measure { try await bench.sign(id: "41").check() }
        #expect(time > .milliseconds(300))
    }

    @Test func aReaderThatGoesInASlowSignatureIsNoticed() async throws {
        let bench = try await CardOnBench.start(Self.akis())
        bench.card.send(.signatureDelay(milliseconds: 600_000))
        async let signature = bench.sign(id: "41")
        try await bench.card.signing()
        await bench.pcscd.stop()
        try await bench.card.events.next(.readerGone)
        #expect(try await !signature.succeeded)
    }

    @Test func keptInItSigns() async throws {
        let bench = try await CardOnBench.start(Self.akis())
        bench.card.send(.removeAt(apdu: 5))
        bench.card.send(.removeInSignature)
        bench.card.send(.keepIn)
        try await bench.sign(id: "41").check()
    }

    @Test func aMuteCardIsPresentAndOfNoUse() async throws {
        let bench = try await CardOnBench.start(CardDescription(.mute))
        #expect(try await bench.opensc.tool("opensc-tool", "--list-readers").text.contains("Yes"))
        #expect(try await bench.opensc.tool("opensc-tool", "--name").description.contains("Unresponsive card"))
    }

    @Test func aCardCanFallMuteAndRecover() async throws {
        let bench = try await CardOnBench.start(Self.akis())
        try await bench.card.remove()
        bench.card.send(.mute(true))
        try await bench.card.insert()
        #expect(try await bench.opensc.tool("opensc-tool", "--name").description.contains("Unresponsive card"))
        try await bench.card.remove()
        bench.card.send(.mute(false))
        try await bench.card.insert()
        try await bench.opensc.tool("opensc-tool", "--name").check()
    }

    @Test func anUnknownCardHasAnAnswerToResetAndNoToken() async throws {
        let bench = try await CardOnBench.start(CardDescription(.unknown))
        try await bench.opensc.tool("opensc-tool", "--atr").check()
        #expect(try await bench.opensc.tool("opensc-tool", "--name").text.contains("Unsupported card"))
        #expect(try await bench.opensc.pkcs11("-L").text.contains("token not recognized"))
    }

    @Test func anyAnswerToResetCanBeGiven() async throws {
        var description = CardDescription(.unknown)
        description.answerToReset = try #require(
            AnswerToReset(hex: "3B9F968131FE458065544312210831C073F6218081059A"))
        let bench = try await CardOnBench.start(description)
        let answer = try await bench.opensc.tool("opensc-tool", "--atr").check()
        #expect(answer.text.contains("3b:9f:96:81:31:fe:45:80:65:54:43:12:21:08:31:c0:73:f6:21:80:81:05:9a"))
    }
}
