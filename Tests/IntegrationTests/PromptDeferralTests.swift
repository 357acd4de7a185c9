// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import JobFrames
import Notifications
import TestBench
import Testing

@testable import DesktopService

/// A person who closes a prompt is not shown the next one at once.
@Suite(.timeLimit(.minutes(1)))
struct PromptDeferralTests {
    private let start = ContinuousClock.now
    private let one = Requester(connection: ":1.1")
    private let other = Requester(connection: ":1.2")

    // MARK: - The rule

    @Test func theWaitDoublesUpToAMinute() {
        var deferral = PromptDeferral()
        var now = start
        for seconds: Int64 in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            deferral.promptClosed(of: one, at: now)
            #expect(deferral.secondsLeft(for: one, at: now) == seconds)
            #expect(deferral.secondsLeft(for: other, at: now) == nil)
            now += .seconds(seconds) - .milliseconds(1)
            #expect(deferral.secondsLeft(for: one, at: now) == 1)
            now += .milliseconds(1)
            #expect(deferral.secondsLeft(for: one, at: now) == nil)
        }
    }

    @Test func aPINThatWasTakenEndsIt() {
        var deferral = PromptDeferral()
        for _ in 0..<3 { deferral.promptClosed(of: one, at: start) }
        deferral.pinTaken(for: one)
        #expect(deferral.secondsLeft(for: one, at: start) == nil)
        deferral.promptClosed(of: one, at: start)
        #expect(deferral.secondsLeft(for: one, at: start) == 1)
    }

    @Test func tenQuietMinutesEndIt() {
        var deferral = PromptDeferral()
        for _ in 0..<3 { deferral.promptClosed(of: one, at: start) }
        deferral.promptClosed(of: one, at: start + .seconds(603))
        #expect(deferral.secondsLeft(for: one, at: start + .seconds(603)) == 8)
        deferral.promptClosed(of: one, at: start + .seconds(1212))
        #expect(deferral.secondsLeft(for: one, at: start + .seconds(1212)) == 1)
    }

    @Test func pagesAreOneRequester() {
        var deferral = PromptDeferral()
        deferral.promptClosed(of: Requester(connection: ":1.1", isPage: true), at: start)
        #expect(deferral.secondsLeft(for: Requester(connection: ":1.2", isPage: true), at: start) == 1)
        #expect(deferral.secondsLeft(for: Requester(connection: ":1.2"), at: start) == nil)
    }

    @Test func whatIsKeptIsLimited() {
        var deferral = PromptDeferral()
        for number in 0..<(PromptDeferral.most + 50) {
            deferral.promptClosed(of: Requester(connection: ":1.\(number)"), at: start + .milliseconds(number))
        }
        let now = start + .milliseconds(400)
        #expect(deferral.secondsLeft(for: Requester(connection: ":1.0"), at: now) == nil)
        #expect(deferral.secondsLeft(for: Requester(connection: ":1.\(PromptDeferral.most + 49)"), at: now) == 1)
    }

    // MARK: - On the bus

    private static let deferred = "org.eonay.EOnay1.Error.PromptDeferred"

    @Test func afterAClosedPromptTheCallerWaits() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["sign 1=refuse"])
        #expect(try await bench.end(of: bench.ask(asking: true)) == End("failed", "PinCancelled"))
        // The end's notice follows its signal in the same turn, which this answer comes after.
        #expect(try await bench.history() == ["failed"])
        let shown = bench.board.shown.count
        for method in ["Approve", "SignCode", "Renew"] {
            let error = await #expect(throws: BusError.self) { try await bench.ask(method, asking: true) }
            #expect(error?.name == Self.deferred)
            #expect(error?.detail == "1")
            #expect(error?.message.contains("beklemesi gerekiyor") == true)
        }
        #expect(bench.board.shown.count == shown)
        #expect(try await bench.history() == ["failed"])
        // Nobody is asked where the PIN is given.
        bench.jobs.set([])
        #expect(try await bench.end(of: bench.ask()) == End("recorded"))
        await bench.stop()
    }

    @Test func aPromptThatIsCancelledWhileItStandsIsAClosedOne() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["sign 1=prompt"])
        let approval = try await bench.ask(asking: true)
        try await bench.bus.wait(for: "State", of: "Approval", at: approval) { $0.string == "waiting-for-pin" }
        try await bench.cancel(approval)
        #expect(try await bench.end(of: approval) == End("cancelled", "Cancelled"))
        let error = await #expect(throws: BusError.self) { try await bench.ask(asking: true) }
        #expect(error?.name == Self.deferred)
        await bench.stop()
    }

    /// By another connection it is the same program, which is known a moment after the call.
    @Test func aProgramThatComesBackByAnotherConnectionWaits() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["sign 1=refuse"])
        let approval = try await bench.ask(asking: true)
        #expect(try await bench.end(of: approval) == End("failed", "PinCancelled"))
        let again = try await bench.ask(asking: true, from: SessionBus(bench))
        #expect(try await bench.end(of: again) == End("failed", "PromptDeferred"))
        #expect(try await bench.facts(again)["ErrorDetail"]?.string == "1")
        let name = try #require(again.text.split(separator: "/").last)
        #expect(!bench.board.shown.contains { $0.key.contains(name) })
        await bench.stop()
    }

    @Test func anotherProgramIsNotHeldUp() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["sign 1=refuse"])
        #expect(try await bench.end(of: bench.ask(asking: true)) == End("failed", "PinCancelled"))
        bench.jobs.set([])
        let call = try await TestBench.run(
            Programs.find("busctl", package: "systemd"),
            [
                "--user", "call", SessionBus.name, "/org/eonay/EOnay1", SessionBus.name, "Approve", "ssa{sv}", "",
                "accept", "0",
            ],
            environment: ["DBUS_SESSION_BUS_ADDRESS": bench.address])
        try call.check()
        let path = call.text.split(separator: "\"")[1]
        #expect(try await bench.end(of: ObjectPath(String(path))) == End("recorded"))
        await bench.stop()
    }

    /// The real prompt, and a program that asks as fast as it can.
    @Test func aProgramThatAsksAgainAndAgainShowsOnePrompt() async throws {
        let bench = try await ApprovalBench(portal: .gated, withPinentry: true)
        let approval = try await bench.ask("Approve", "", "accept", [:])
        try await bench.pinentry?.asked()
        bench.pinentry?.cancel()
        #expect(try await bench.end(of: approval) == End("failed", "PinCancelled"))
        var refusals = Set<String>()
        for _ in 0..<20 { refusals.insert(await bench.refusal("Approve", "", "accept")) }
        #expect(refusals == ["PromptDeferred"])
        #expect(bench.pinentry?.entries == 1)
        await bench.stop()
    }
}
