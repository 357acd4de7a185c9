// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// `Cancel`, and a caller who leaves, at each state of an approval.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalCancelTests {
    /// The state in which an approval is stopped.
    enum Moment: CaseIterable {
        case statement, waitingForToken, waitingForPIN, signing, login, confirming, deciding
    }

    /// Brings an approval to that moment.
    static func approval(
        at moment: Moment, _ bench: ApprovalBench, _ options: [String: Value] = [:], from caller: SessionBus? = nil
    ) async throws -> ObjectPath {
        let gate = try #require(bench.gate)
        let passages: [Moment: String] = [
            .statement: "statement 1", .login: "signature 1", .confirming: "confirm 1", .deciding: "decision 1",
        ]
        if let passage = passages[moment] { try await gate.hold(.request, of: passage) }
        var options = options
        if moment != .waitingForPIN { options["pin"] = .descriptor(try ApprovalBench.pipe(holding: "123456\n")) }
        if moment == .waitingForToken {
            try await bench.card.remove()
            try await bench.bus.wait(
                for: "Present", of: "Certificate",
                at: ObjectPath("/org/eonay/EOnay1/certificate/\(bench.certificate)")
            ) { $0.bool == false }
            options["wait"] = .uint32(60)
        }
        if moment == .signing { bench.card.send(.signatureDelay(milliseconds: 2000)) }
        let approval = try await bench.ask("Approve", "", "accept", options, from: caller)
        switch moment {
        case .waitingForToken: try await bench.wait(for: "waiting-for-token", of: approval)
        case .waitingForPIN: try await bench.pinentry?.asked()
        case .signing:
            try await bench.card.signing()
            try await bench.wait(for: "signing", of: approval)
        case .statement, .login, .confirming, .deciding:
            try await gate.reached(.request, of: passages[moment] ?? "")
            let state = moment == .statement ? "checking" : "submitting"
            #expect(try await bench.facts(approval)["State"]?.string == state)
        }
        return approval
    }

    @Test(arguments: Moment.allCases)
    func nothingIsRecordedAfterACancel(at moment: Moment) async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let approval = try await Self.approval(at: moment, bench)
        try await bench.cancel(approval)
        #expect(try await bench.end(of: approval) == End("cancelled", "Cancelled"))
        #expect(try await bench.facts(approval)["State"]?.string == "cancelled")
        if moment == .waitingForPIN { try await bench.pinentry?.closed() }
        bench.gate?.release()
        // Again changes nothing.
        try await bench.cancel(approval)
        #expect(try await bench.shownEnd(of: approval) == End("cancelled", "Cancelled"))
        #expect(try await bench.history() == ["cancelled"])
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test func afterTheSubmissionThePortalsAnswerStands() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.request, of: "signature 2")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.request, of: "signature 2")
        try await bench.cancel(approval)
        #expect(try await bench.facts(approval)["State"]?.string == "submitting")
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test(arguments: [Moment.statement, .waitingForToken, .waitingForPIN, .deciding])
    func aBoundApprovalEndsWithItsCaller(at moment: Moment) async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let caller = try await SessionBus(bench.desktop)
        let approval = try await Self.approval(at: moment, bench, ["bound": .bool(true)], from: caller)
        await caller.connection.close()
        #expect(try await bench.end(of: approval) == End("cancelled", "Cancelled"))
        bench.gate?.release()
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test func aBoundApprovalThatWasSubmittedGoesOn() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        let caller = try await SessionBus(bench.desktop)
        try await bench.gate?.hold(.answer, of: "signature 2")
        let pin = Value.descriptor(try ApprovalBench.pipe(holding: "123456\n"))
        let approval = try await bench.ask(
            "Approve", "", "accept", ["bound": .bool(true), "pin": pin], from: caller)
        try await bench.gate?.reached(.answer, of: "signature 2")
        await caller.connection.close()
        // The bus tells that it left before it answers this.
        _ = try await bench.facts(approval)
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func anApprovalThatIsNotBoundOutlivesItsCaller() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let caller = try await SessionBus(bench.desktop)
        let approval = try await bench.ask("Approve", "", "accept", ["bound": .bool(false)], from: caller)
        try await bench.pinentry?.asked()
        await caller.connection.close()
        bench.pinentry?.type(bench.card.pin)
        #expect(try await bench.end(of: approval) == End("recorded"))
        await bench.stop()
    }

    @Test func whoeverIsOnTheBusMayCancel() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        let cancelled = try await TestBench.run(
            Programs.find("busctl", package: "systemd"),
            ["--user", "call", SessionBus.name, approval.text, "\(SessionBus.name).Approval", "Cancel"],
            environment: bench.desktop.environment)
        try cancelled.check()
        #expect(try await bench.end(of: approval) == End("cancelled", "Cancelled"))
        await bench.stop()
    }
}
