// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing

/// An approval that has ended is a value: whatever happens later, its end was said once.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalEndTests {
    @Test func aServiceThatEndsAfterARestartSaysNothingOfWhatWasRecorded() async throws {
        let first = try await ActedApprovals()
        try await first.insert()
        let recorded = try await first.ask()
        #expect(try await first.end(of: recorded) == End("recorded"))
        first.jobs.set(["sign 1=refuse"])
        let failed = try await first.ask()
        #expect(try await first.end(of: failed) == End("failed", "PinCancelled"))
        let before = try await [first.facts(recorded), first.facts(failed)]
        await first.stop()

        let second = try await ActedApprovals(continuing: first)
        #expect(try await [second.facts(recorded), second.facts(failed)] == before)
        for approval in [recorded, failed] { try await second.cancel(approval) }
        #expect(try await [second.facts(recorded), second.facts(failed)] == before)
        #expect(try await second.history() == ["failed", "recorded"])
        await second.stop()
        #expect(first.ends(of: recorded) == [End("recorded")])
        #expect(first.ends(of: failed) == [End("failed", "PinCancelled")])

        let third = try await ActedApprovals(continuing: second)
        #expect(try await third.history() == ["failed", "recorded"])
        #expect(try await [third.facts(recorded), third.facts(failed)] == before)
        await third.stop()
    }

    /// Its row is on its way to the disk when its end is.
    @Test func anApprovalThatIsCancelledAtOnceIsCancelledAfterARestart() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        // Its jobs must not be quicker than the call that cancels it.
        bench.jobs.set(["sign 1=hang"])
        for _ in 0..<5 {
            let approval = try await bench.ask()
            try await bench.cancel(approval)
            #expect(try await bench.end(of: approval) == End("cancelled", "Cancelled"))
        }
        await bench.stop()
        let next = try await ActedApprovals(continuing: bench)
        #expect(try await next.history() == Array(repeating: "cancelled", count: 5))
        await next.stop()
    }

    @Test func whatIsUnknownStaysOpenAndIsCancelledByNobody() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["apply=exit"])
        let unknown = try await bench.ask("Renew")
        #expect(try await bench.end(of: unknown) == End("unknown", "Internal"))
        try await bench.cancel(unknown)
        #expect(try await bench.facts(unknown)["Result"]?.string == "unknown")
        await bench.stop()
        #expect(bench.ends(of: unknown) == [End("unknown", "Internal")])
    }

    /// The real program, told to end by each of the ways there are.
    @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
    func theProgramSaysNothingOfWhatWasRecordedWhenItEnds(signal: Int32) async throws {
        let bench = try await ApprovalBench()
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("recorded"))
        try await bench.restartService(signal: SIGTERM)
        try await bench.cancel(approval)
        try await bench.restartService(signal: signal)
        // A second instance, which finds the name taken, has nothing to say of it either.
        let second = try await ChildProcess.start(
            Programs.built("eonayd"), environment: bench.desktop.environment)
        #expect(await second.end() == .exited(3))
        #expect(try await bench.shownEnd(of: approval) == End("recorded"))
        #expect(try await bench.history() == ["recorded"])
        #expect(bench.bus.signals.all.count { $0.member == "Completed" } == 1)
        await bench.stop()
    }
}
