// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import PortalBench
import TestBench
import Testing
import VirtualCard

/// A portal that goes away, comes back, or says what it must not.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalPortalTests {
    @Test func aPortalThatGoesBeforeTheSubmissionHasRecordedNothing() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        await bench.portal?.process.kill()
        bench.pinentry?.type(bench.card.pin)
        #expect(try await bench.end(of: approval) == End("failed", "PortalUnreachable"))
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test func anAnswerThatWasLostIsAskedForAgain() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.lose(.answer, of: "signature 2")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "signature 2")
        #expect(try await bench.records() == 1)
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func aSubmissionThatWasLostIsMadeAgain() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.lose(.request, of: "signature 2")
        let approval = try await bench.approve("decline")
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func aPortalThatIsKilledWithTheAnswerIsAskedWhenItIsBack() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        let (gate, portal) = (try #require(bench.gate), try #require(bench.portal))
        try await gate.hold(.answer, of: "signature 2")
        let approval = try await bench.approve()
        try await gate.reached(.answer, of: "signature 2")
        await portal.process.kill()
        try await gate.lose(.answer, of: "signature 2")
        gate.release()
        #expect(try await bench.facts(approval)["Result"]?.string == "")
        let revived = try await bench.revivePortal()
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        await revived.process.kill()
        await bench.stop()
    }

    @Test func aPortalThatIsKilledBeforeTheSubmissionArrivesRecordsItWhenItIsBack() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        let (gate, portal) = (try #require(bench.gate), try #require(bench.portal))
        try await gate.hold(.request, of: "signature 2")
        let approval = try await bench.approve()
        try await gate.reached(.request, of: "signature 2")
        await portal.process.kill()
        gate.release()
        #expect(try await bench.records() == 0)
        let revived = try await bench.revivePortal()
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        await revived.process.kill()
        await bench.stop()
    }

    // MARK: - Lies

    private static let elsewhere = "https://portal.example.org"

    @Test(arguments: [
        (PortalScript.session(PortalScript.challenge(PortalScript.loginCode, portal: elsewhere)), "PortalUntrusted"),
        (PortalScript.session(PortalScript.challenge(PortalScript.loginCode, "consent")), "PortalUntrusted"),
        (PortalScript.session(PortalScript.challenge("12345")), "PortalUntrusted"),
        (PortalScript.session(PortalScript.challenge(PortalScript.loginCode, expiresIn: 0)), "CodeExpired"),
        (Step.json("[]", status: 201), "PortalUntrusted"), (Step.json("{}", status: 302), "PortalUntrusted"),
        (Step.problem("too-many-codes", 429), "PortalRefused"), (Step.json("{}", status: 500), "PortalUnreachable"),
    ])
    func aSignInThatIsNotOursIsNotSigned(step: String, error: String) async throws {
        let bench = try await ApprovalBench(
            portal: .scripted([PortalScript.statement, step, PortalScript.ended]), withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        #expect(try await bench.end(of: approval) == End("failed", error))
        #expect(bench.pinentry?.entries == 0)
        await bench.stop()
    }

    @Test(arguments: [
        (PortalScript.consent(statement: "Bu bir denemedir. KABUL EDİYORUM"), "StatementChanged"),
        (PortalScript.consent(version: "2026-02"), "StatementChanged"),
        (PortalScript.consent(decision: "decline"), "StatementChanged"),
        (PortalScript.consent(purpose: "login"), "PortalUntrusted"),
        (PortalScript.consent(portal: elsewhere), "PortalUntrusted"),
        (Step.problem("stale-statement", 409), "StatementChanged"),
    ])
    func aConsentThatIsNotWhatWasShownIsNotSigned(step: String, error: String) async throws {
        let bench = try await ApprovalBench(
            portal: .scripted(PortalScript.untilDecision + [step, PortalScript.ended]))
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", error))
        #expect(try await bench.signatures(of: approval).map(\.step) == ["login"])
        #expect(bench.card.events.all.count { $0 == .signed } == 1)
        await bench.stop()
    }

    @Test(arguments: [
        Step.json(#"{"version": "2026-01", "accept": "e\#u{301}", "decline": "x"}"#),
        Step.json(#"{"version": "2026-01", "accept": "\u202eKABUL", "decline": "x"}"#),
        Step.json(#"{"version": "2026-01", "accept": "\#(String(repeating: "x", count: 513))", "decline": "x"}"#),
        Step.json(#"{"version": "2026-01\n", "accept": "x", "decline": "x"}"#),
    ])
    func aStatementThatCannotBeShownAsItIsIsNotTrusted(step: String) async throws {
        let bench = try await ApprovalBench(portal: .scripted([step]), withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        #expect(try await bench.end(of: approval) == End("failed", "PortalUntrusted"))
        #expect(bench.pinentry?.entries == 0)
        await bench.stop()
    }

    @Test func aCodeOfAnotherPortalIsNotSigned() async throws {
        let bench = try await ApprovalBench(
            portal: .scripted([
                Step.json(PortalScript.challenge(PortalScript.loginCode, portal: Self.elsewhere)),
                Step.json(PortalScript.challenge(PortalScript.consentCode)),
            ]), withPinentry: true)
        for _ in 1...2 {
            let approval = try await bench.ask("SignCode", "", PortalScript.loginCode, [:])
            #expect(try await bench.end(of: approval) == End("failed", "PortalUntrusted"))
        }
        #expect(bench.pinentry?.entries == 0)
        await bench.stop()
    }
}
