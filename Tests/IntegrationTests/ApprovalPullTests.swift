// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// The card is not there, comes, or goes, and its code's time runs out.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalPullTests {
    private func pullOut(_ bench: ApprovalBench) async throws {
        try await bench.card.remove()
        try await bench.bus.wait(
            for: "Present", of: "Certificate", at: ObjectPath("/org/eonay/EOnay1/certificate/\(bench.certificate)")
        ) { $0.bool == false }
    }

    @Test func withoutItsCardAnApprovalEnds() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        try await pullOut(bench)
        #expect(try await bench.end(of: bench.approve()) == End("failed", "NoToken"))
        let waiting = try await bench.approve(options: ["wait": .uint32(1)])
        try await bench.wait(for: "waiting-for-token", of: waiting)
        #expect(try await bench.end(of: waiting) == End("failed", "NoToken"))
        await bench.stop()
    }

    @Test func aCardThatIsPutInLaterGoesOn() async throws {
        let bench = try await ApprovalBench()
        try await pullOut(bench)
        let approval = try await bench.approve(options: ["wait": .uint32(60)])
        try await bench.wait(for: "waiting-for-token", of: approval)
        #expect(try await bench.bus.call("Status").first?.elements?.first?.members?[2].string == "pending")
        try await bench.card.insert()
        #expect(try await bench.end(of: approval) == End("recorded"))
        await bench.stop()
    }

    @Test func anothersCardIsNotWhatWasWaitedFor() async throws {
        let bench = try await ApprovalBench(portal: .nobody, readers: 2)
        try await pullOut(bench)
        let approval = try await bench.approve(
            certificate: bench.certificate, options: ["wait": .uint32(60)])
        let other = try TestCard(
            bench.desktop.card(.piv, [CertificateRequest(for: .isil, keyType: .p256)]),
            in: bench.desktop.pcscd.readers[1])
        try await other.insert()
        _ = try await ApprovalBench.certificate(on: bench.bus)
        #expect(try await bench.facts(approval)["State"]?.string == "waiting-for-token")
        try await bench.cancel(approval)
        #expect(try await bench.outcome(of: approval) == End("cancelled", "Cancelled"))
        #expect(other.events.all.allSatisfy { $0 != .pinRight })
        await bench.stop()
    }

    @Test func aCardThatIsStillBeingReadIsWaitedFor() async throws {
        let bench = try await ApprovalBench()
        try await bench.restartService(signal: SIGTERM)
        // The service knows the certificate from before, and the card not yet.
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("recorded"))
        await bench.stop()
    }

    @Test func aCardPulledWhileThePINIsAskedForEndsThePrompt() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        try await bench.card.remove()
        #expect(try await bench.end(of: approval) == End("failed", "TokenRemoved"))
        try await bench.pinentry?.closed()
        // The same card again, in another approval.
        try await bench.card.insert()
        try await bench.bus.wait(
            for: "Present", of: "Certificate", at: ObjectPath("/org/eonay/EOnay1/certificate/\(bench.certificate)")
        ) { $0.bool == true }
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        await bench.stop()
    }

    @Test(arguments: [CardDescription.Model.akis, .piv])
    func aCardPulledInMidSignatureRecordsNothing(model: CardDescription.Model) async throws {
        let bench = try await ApprovalBench(model, [.of(model)])
        bench.card.send(.removeInSignature)
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", "TokenRemoved"))
        #expect(try await bench.signatures(of: approval).isEmpty)
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test func aCardPulledInTheSecondSignatureRecordsNothing() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.answer, of: "decision 1")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "decision 1")
        bench.card.events.skip()
        bench.card.send(.removeInSignature)
        try await bench.card.events.next(.set)
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("failed", "TokenRemoved"))
        #expect(try await bench.signatures(of: approval).map(\.step) == ["login"])
        #expect(try await bench.records() == 0)
        // The signature is known after a restart, too.
        try await bench.restartService(signal: SIGTERM)
        #expect(try await bench.signatures(of: approval).map(\.step) == ["login"])
        await bench.stop()
    }

    @Test func aCardIsNotNeededAfterTheSubmission() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.answer, of: "signature 2")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "signature 2")
        try await pullOut(bench)
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("recorded"))
        await bench.stop()
    }

    @Test func aCodeThatLapsesEndsThePrompt() async throws {
        let bench = try await ApprovalBench(
            portal: .scripted([
                PortalScript.statement,
                PortalScript.session(PortalScript.challenge(PortalScript.loginCode, expiresIn: 1)), PortalScript.ended,
            ]), withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        #expect(try await bench.facts(approval)["Deadline"]?.int64 != 0)
        #expect(try await bench.end(of: approval) == End("failed", "CodeExpired"))
        try await bench.pinentry?.closed()
        #expect(bench.verifications == 0)
        #expect(try await bench.facts(approval)["Deadline"]?.int64 == 0)
        await bench.stop()
    }

    @Test func aConsentsCodeThatLapsesEndsTheSecondPrompt() async throws {
        let bench = try await ApprovalBench(
            portal: .scripted(
                PortalScript.untilDecision + [PortalScript.consent(expiresIn: 1), PortalScript.ended]),
            withPinentry: true, change: { $0.asksPINForEachSignature = true })
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        bench.pinentry?.type(bench.card.pin)
        try await bench.pinentry?.asked()
        #expect(try await bench.end(of: approval) == End("failed", "CodeExpired"))
        #expect(bench.pinentry?.entries == 2)
        await bench.stop()
    }
}
