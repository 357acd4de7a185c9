// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import DesktopService
import Dispatch
import Glibc
import TestBench
import Testing

/// Jobs that hang, or end and leave somebody with their descriptor: the approval ends with a name, and the card is free.
@Suite(.timeLimit(.minutes(2)))
struct ApprovalHungJobTests {
    private static let recorded = End("recorded")

    @Test(arguments: [
        ("start", "TokenFailed|PortalUnreachable"), ("prepare", "TokenFailed"), ("open", "PortalUnreachable"),
        ("statement", "PortalUnreachable"), ("session", "PortalUnreachable"), ("submit 1", "PortalUnreachable"),
        ("confirm", "PortalUnreachable"), ("decide", "PortalUnreachable"),
    ])
    func anApprovalEndsThoughItsJobHangs(at step: String, error: String) async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["\(step)=hang"])
        let end = try await bench.end(of: bench.ask())
        #expect(end.result == "failed")
        #expect(error.split(separator: "|").contains(Substring(end.error)))
        bench.jobs.set([])
        #expect(try await bench.end(of: bench.ask()) == Self.recorded)
        await bench.stop()
    }

    @Test func aRenewalEndsThoughItsCourierHangs() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        for (step, end) in [
            ("applications", End("failed", "PortalUnreachable")), ("apply", End("unknown", "PortalUnreachable")),
        ] {
            bench.jobs.set(["\(step)=hang"])
            #expect(try await bench.end(of: bench.ask("Renew")) == end)
        }
        bench.jobs.set([])
        #expect(try await bench.end(of: bench.ask("Renew")) == Self.recorded)
        await bench.stop()
    }

    @Test func afterTheSubmissionACourierThatHangsIsReplaced() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["submit 2=hang"])
        #expect(try await bench.end(of: bench.ask()) == Self.recorded)
        await bench.stop()
    }

    @Test func aResponderThatHangsHoldsNobodyUp() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["revocation=hang"])
        #expect(try await bench.end(of: bench.ask()) == Self.recorded)
        await bench.stop()
    }

    /// The code's end counts while the portal has the login's signature in hand, and whoever asks for it hangs.
    @Test func theCodesEndEndsALoginThatNobodyAnswers() async throws {
        var patience = ApprovalPatience.short
        patience.portalTotal = 600_000
        let bench = try await ActedApprovals(patience: patience)
        try await bench.insert()
        bench.jobs.set(["submit 1=hang", "life=2"])
        #expect(try await bench.end(of: bench.ask()) == End("failed", "CodeExpired"))
        bench.jobs.set([])
        #expect(try await bench.end(of: bench.ask()) == Self.recorded)
        await bench.stop()
    }

    @Test(arguments: [
        ("prepare", "TokenFailed"), ("sign 1", "TokenFailed"), ("sign 2", "TokenFailed"), ("session", "Internal"),
        ("submit 1", "Internal"),
    ])
    func aJobThatEndsAndLeavesAChildBehindHasEnded(at step: String, error: String) async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["\(step)=orphan"])
        let approval = try await bench.ask()
        let signal = try await bench.bus.signals.next(within: .seconds(10)) {
            $0.member == "Completed" && $0.path == approval
        }
        #expect(signal.arguments[1].string == "org.eonay.EOnay1.Error.\(error)")
        #expect(!(signal.arguments[2].string ?? "").contains("time over"))
        await bench.stop()
    }

    /// The real programs, stopped by a signal as a debugger or a frozen cgroup would.
    @Test func aCourierThatIsStoppedEndsTheApproval() async throws {
        let bench = try await ApprovalBench(portal: .gated)
        try await bench.gate?.hold(.request, of: "statement 1")
        let approval = try await bench.approve()
        try await bench.gate?.reached(.request, of: "statement 1")
        let courier = try #require(
            Processes.children(of: bench.service.pid).first { $0.name == "eonay-courier" })
        kill(courier.pid, SIGSTOP)
        bench.gate?.release()
        #expect(try await bench.end(of: approval) == End("failed", "PortalUnreachable"))
        try await Processes.ended(courier.pid)
        #expect(try await bench.end(of: bench.approve()) == Self.recorded)
        await bench.stop()
    }
}
