// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// The PIN: how often it is asked for, and what becomes of a wrong one.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalPINTests {
    @Test(arguments: [CardDescription.Model.akis, .piv])
    func aCardThatWantsThePINForEachSignatureIsGivenItTwice(model: CardDescription.Model) async throws {
        let bench = try await ApprovalBench(model, [.of(model)], withPinentry: true) {
            $0.asksPINForEachSignature = true
        }
        let approval = try await bench.ask("Approve", "", "accept", [:])
        let pinentry = try #require(bench.pinentry)
        for step: UInt32 in 1...2 {
            try await pinentry.asked()
            #expect(try await bench.facts(approval)["Step"]?.members == [.uint32(step), .uint32(2)])
            pinentry.type(bench.card.pin)
        }
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(pinentry.entries == 2)
        #expect(try await OpenSSL(bench.desktop).content(of: bench.signatures(of: approval)[1].cms).contains("onay"))
        await bench.stop()
    }

    @Test func aLineForEachEntryIsReadFromTheDescriptor() async throws {
        let bench = try await ApprovalBench(change: { $0.asksPINForEachSignature = true })
        let approval = try await bench.approve(typing: [bench.card.pin, bench.card.pin])
        #expect(try await bench.end(of: approval) == End("recorded"))
        let short = try await bench.approve(typing: [bench.card.pin])
        #expect(try await bench.end(of: short) == End("failed", "PinPromptUnavailable"))
        let empty = try await bench.approve(typing: [])
        #expect(try await bench.end(of: empty) == End("failed", "PinPromptUnavailable"))
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func onePINServesBothSignaturesInAPrompt() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.wait(for: "waiting-for-pin", of: approval)
        try await bench.pinentry?.asked()
        let deadline = try #require(try await bench.facts(approval)["Deadline"]?.int64)
        #expect(abs(deadline - Desktop.now() - 300) <= 5)
        bench.pinentry?.type(bench.card.pin)
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(bench.pinentry?.entries == 1)
        await bench.stop()
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func wrongPINsAreToldAndNeverRetried(model: CardDescription.Model) async throws {
        let bench = try await ApprovalBench(model, [.of(model)], portal: .scripted([]))
        let token = try #require(try await bench.bus.objects("Token").first?.key)
        // Each approval asks for the statement and a session, and ends it.
        func wrong(_ options: [String: Value] = [:]) async throws -> End {
            for step in [PortalScript.statement, PortalScript.session(), PortalScript.ended] { bench.script?.say(step) }
            return try await bench.end(of: bench.approve(typing: ["000000", "000000"], options: options))
        }
        #expect(try await wrong() == End("failed", "PinIncorrect"))
        #expect(bench.verifications == 1)
        #expect(try await wrong() == End("failed", "PinIncorrect"))
        #expect(bench.verifications == 2)
        try await bench.bus.wait(for: "PinState", of: "Token", at: token) { $0.string == "final-try" }
        #expect(try await bench.end(of: bench.approve()) == End("failed", "PinFinalTry"))
        #expect(bench.verifications == 2)
        #expect(try await wrong(["final-try": .bool(true)]) == End("failed", "PinLocked"))
        #expect(bench.verifications == 3)
        try await bench.bus.wait(for: "PinState", of: "Token", at: token) { $0.string == "locked" }
        #expect(try await bench.end(of: bench.approve()) == End("failed", "PinLocked"))
        #expect(bench.verifications == 3)
        await bench.stop()
    }

    @Test func aPINOfImpossibleLengthIsNotTried() async throws {
        let bench = try await ApprovalBench(.akis, [.of(.akis)])
        let approval = try await bench.approve(typing: ["1"])
        #expect(try await bench.end(of: approval) == End("failed", "PinInvalid"))
        #expect(bench.verifications == 0)
        await bench.stop()
    }

    @Test func aClosedPromptEndsTheApproval() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        bench.pinentry?.cancel()
        #expect(try await bench.end(of: approval) == End("failed", "PinCancelled"))
        #expect(bench.verifications == 0)
        // The card is free for the next one.
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(try await bench.history() == ["recorded", "failed"])
        await bench.stop()
    }
}
