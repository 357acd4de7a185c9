// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing

/// An error says its name and what narrows it down as data, and the rest to people.
@Suite(.timeLimit(.minutes(1)))
struct ErrorDetailTests {
    private func refused(
        _ bench: ActedApprovals, _ member: String, _ arguments: [Value]
    ) async -> BusError? {
        await #expect(throws: BusError.self) {
            try await bench.bus.connection.call(
                SessionBus.name, SessionBus.root, SessionBus.name, member, arguments)
        }
    }

    @Test func aRefusedCallSaysWhatWasWrongWithIt() async throws {
        let bench = try await ActedApprovals()
        let negative = await refused(bench, "Snooze", [.string(""), .int64(-1)])
        #expect(negative?.name == "org.eonay.EOnay1.Error.InvalidArgument")
        #expect(negative?.detail == "until")
        let option = await refused(
            bench, "Approve", [.string(""), .string("accept"), .options(["wait": .string("5")])])
        #expect(option?.detail == "type of option wait")
        // Nothing narrows this one down.
        let decision = await refused(bench, "Approve", [.string(""), .string("perhaps"), .options([:])])
        #expect(decision?.name == "org.eonay.EOnay1.Error.InvalidDecision")
        #expect(decision?.detail == "")
        await bench.stop()
    }

    /// A client written before there was a detail finds everything where it was.
    @Test func aClientOfBeforeReadsNameAndSentence() async throws {
        let bench = try await ActedApprovals()
        let answer = try await TestBench.run(
            Programs.find("busctl", package: "systemd"),
            ["--user", "call", SessionBus.name, "/org/eonay/EOnay1", SessionBus.name, "Snooze", "sx", "", "--", "-1"],
            environment: ["DBUS_SESSION_BUS_ADDRESS": bench.address])
        #expect(answer.description.contains("(until)"))
        let told = await refused(bench, "Snooze", [.string(""), .int64(-1)])
        #expect(answer.description.contains(told?.message ?? "?"))
        await bench.stop()
    }

    @Test func anApprovalKeepsItsErrorsDetail() async throws {
        let bench = try await ActedApprovals()
        try await bench.insert()
        bench.jobs.set(["session=refuse"])
        let approval = try await bench.ask()
        #expect(try await bench.end(of: approval) == End("failed", "PortalUnreachable"))
        let facts = try await bench.facts(approval)
        #expect(facts["ErrorDetail"]?.string == "connect")
        // The change is told with the rest of the end, before `Completed`.
        let told = bench.bus.signals.all.last { $0.path == approval && $0.member == "PropertiesChanged" }
        #expect(told?.arguments[1]["ErrorDetail"]?.string == "connect")
        await bench.stop()
        let next = try await ActedApprovals(continuing: bench)
        #expect(try await next.facts(approval)["ErrorDetail"]?.string == "connect")
        await next.stop()
    }

    @Test func aCardSaysWhyItCouldNotBeRead() async throws {
        let bench = try await ActedApprovals()
        bench.jobs.set(["list=exit"])
        bench.cards.insert()
        try await bench.bus.until {
            try await $0.objects("Token").values.contains { $0["Error"]?.members?.first?.string == "TokenFailed" }
        }
        let token = try #require(try await bench.bus.objects("Token").values.first)
        #expect(token["ErrorDetail"]?.string == "acting-job: ended, exit status 3")
        await bench.stop()
    }
}
