// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import PortalBench
import TestBench
import Testing
import VirtualCard

/// kill -9 of each program at each state of an approval: a named end, nothing recorded twice, nothing claimed that is not so.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalCrashTests {
    typealias Moment = ApprovalCancelTests.Moment

    // MARK: - Before the submission

    @Test(arguments: Moment.allCases)
    func aServiceThatIsKilledBeforeTheSubmissionHasRecordedNothing(at moment: Moment) async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let approval = try await ApprovalCancelTests.approval(at: moment, bench)
        let children = Processes.children(of: bench.service.pid)
        try await bench.restartService()
        // Its jobs went with it.
        for child in children { try await Processes.ended(child.pid) }
        if moment == .waitingForPIN { try await bench.pinentry?.closed() }
        bench.gate?.release()
        #expect(try await bench.shownEnd(of: approval) == End("failed", "Internal"))
        #expect(try await bench.facts(approval)["State"]?.string == "failed")
        #expect(try await bench.history() == ["failed"])
        #expect(try await bench.bus.call("Status").first?.elements?.first?.members?[2].string == "none")
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test(arguments: [Moment.waitingForPIN, .signing, .login, .deciding])
    func aTokenJobThatIsKilledEndsTheApproval(at moment: Moment) async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let approval = try await ApprovalCancelTests.approval(at: moment, bench)
        try Processes.killChild("eonay-token", of: bench.service.pid)
        // Between two signatures nobody listens to it: the next one tells.
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("failed", "TokenFailed"))
        #expect(try await bench.records() == 0)
        if moment == .waitingForPIN {
            // The card was not harmed: the next one goes through.
            #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        }
        await bench.stop()
    }

    @Test(arguments: [Moment.statement, .waitingForPIN, .signing, .login, .confirming, .deciding])
    func aCourierThatIsKilledBeforeTheSubmissionEndsTheApproval(at moment: Moment) async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let approval = try await ApprovalCancelTests.approval(at: moment, bench)
        try Processes.killChild("eonay-courier", of: bench.service.pid)
        if moment == .waitingForPIN { bench.pinentry?.type(bench.card.pin) }
        #expect(try await bench.end(of: approval) == End("failed", "Internal"))
        bench.gate?.release()
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test(arguments: [Moment.statement, .waitingForPIN, .login, .confirming, .deciding])
    func aPortalThatIsKilledBeforeTheSubmissionEndsTheApproval(at moment: Moment) async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let approval = try await ApprovalCancelTests.approval(at: moment, bench)
        await bench.portal?.process.kill()
        bench.gate?.release()
        if moment == .waitingForPIN { bench.pinentry?.type(bench.card.pin) }
        #expect(try await bench.end(of: approval) == End("failed", "PortalUnreachable"))
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    // MARK: - After the submission

    @Test(arguments: [PortalGate.Side.request, .answer])
    func aServiceThatIsKilledWhileItSubmitsAsksThePortal(side: PortalGate.Side) async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(side, of: "signature 2")
        let approval = try await bench.approve()
        try await bench.gate?.reached(side, of: "signature 2")
        await bench.service.kill()
        #expect(try await bench.records() == (side == .answer ? 1 : 0))
        bench.gate?.release()
        try await bench.restartService()
        #expect(try await bench.outcome(of: approval) == End("recorded"))
        #expect(try await bench.facts(approval)["Reference"]?.string?.isEmpty == false)
        #expect(try await bench.signatures(of: approval).map(\.step) == ["login", "consent"])
        #expect(try await bench.history() == ["recorded"])
        #expect(try await bench.bus.call("Status").first?.elements?.first?.members?[2].string == "accepted")
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test(arguments: [PortalGate.Side.request, .answer])
    func aCourierThatIsKilledWhileItSubmitsIsReplaced(side: PortalGate.Side) async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(side, of: "signature 2")
        let approval = try await bench.approve()
        try await bench.gate?.reached(side, of: "signature 2")
        try Processes.killChild("eonay-courier", of: bench.service.pid)
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        #expect(try await bench.history() == ["recorded"])
        await bench.stop()
    }

    /// The portal has answered, and the answer is not on disk yet: whoever holds the database keeps it from there.
    @Test func aServiceThatIsKilledBeforeTheAnswerIsStoredAsksAgain() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.answer, of: "signature 2")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "signature 2")
        let lock = try await Database(bench.desktop.folder.file("state/eonay/eonay.db")).lock()
        bench.gate?.release()
        try await bench.gate?.answered("signature 2")
        // Nothing is claimed before it is on disk.
        #expect(try await bench.shownEnd(of: approval) == End(""))
        await bench.service.kill()
        await lock.kill()
        try await bench.restartService()
        #expect(try await bench.outcome(of: approval) == End("recorded"))
        #expect(try await bench.records() == 1)
        #expect(try await bench.history() == ["recorded"])
        await bench.stop()
    }

    @Test func aServiceThatIsKilledBeforeTheSubmissionIsStoredHasSubmittedNothing() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.answer, of: "decision 1")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.answer, of: "decision 1")
        let lock = try await Database(bench.desktop.folder.file("state/eonay/eonay.db")).lock()
        bench.card.events.skip()
        bench.gate?.release()
        try await bench.card.events.next(.signed)
        await bench.service.kill()
        await lock.kill()
        #expect(bench.gate?.events.contains("request signature 2") == false)
        try await bench.restartService()
        #expect(try await bench.shownEnd(of: approval) == End("failed", "Internal"))
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    /// A stranger to the session learns of its code only that it is taken no more: by whom, nobody can say.
    @Test func whatNobodyCanTellIsUnknown() async throws {
        let bench = try await ApprovalBench(
            portal: .scripted(PortalScript.untilDecision + [PortalScript.consent(), Step.hang]))
        let approval = try await bench.approve()
        try await bench.script?.request("POST", "\(PortalScript.consentCode)/signature")
        await bench.service.kill()
        bench.script?.say(Step.problem("code-used", 410))
        try await bench.restartService()
        #expect(try await bench.outcome(of: approval) == End("unknown", "CodeUsed"))
        #expect(try await bench.history() == ["unknown"])
        #expect(try await bench.facts(approval)["State"]?.string == "failed")
        // It is told in the same words from now on.
        try await bench.restartService(signal: SIGTERM)
        #expect(try await bench.shownEnd(of: approval) == End("unknown", "CodeUsed"))
        await bench.stop()
    }

    @Test func aSignInThatWasSubmittedIsAskedForAgain() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        let web = try Web(bench.origin)
        try await bench.gate?.hold(.answer, of: "signature 1")
        let approval = try await bench.sign(try await web.openSession())
        try await bench.gate?.reached(.answer, of: "signature 1")
        await bench.service.kill()
        bench.gate?.release()
        try await bench.restartService()
        #expect(try await bench.outcome(of: approval) == End("signed"))
        let number = try #require(try await bench.facts(approval)["ConfirmationNumber"]?.string)
        #expect(try await web.post("/session/confirm", ["number": number])["state"] as? String == "logged-in")
        await bench.stop()
    }
}
