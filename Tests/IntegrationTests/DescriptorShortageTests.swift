// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import Glibc
import TestBench
import Testing

/// A service without a free descriptor says so, loses nothing, and goes on when it has some again.
@Suite(.timeLimit(.minutes(1)))
struct DescriptorShortageTests {
    /// Lets a process open no further descriptor; gives the limits that it had.
    private func exhaust(_ process: Int32) async throws -> String {
        let used = Set(
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").compactMap { Int($0) })
        let firstFree = try #require((0...used.count).first { !used.contains($0) })
        let prlimit = try Programs.find("prlimit", package: "util-linux")
        let before = try await run(
            prlimit, ["--pid", "\(process)", "--nofile", "--noheadings", "--output", "SOFT,HARD"]
        ).check().text.split(separator: " ").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        try await run(prlimit, ["--pid", "\(process)", "--nofile=\(firstFree):"]).check()
        return "\(before[0]):\(before[1])"
    }

    private func restore(_ process: Int32, _ limits: String) async throws {
        let prlimit = try Programs.find("prlimit", package: "util-linux")
        try await run(prlimit, ["--pid", "\(process)", "--nofile=\(limits.split(separator: ":")[0]):"]).check()
    }

    @Test func callsAreRefusedByNameAndTheServiceGoesOn() async throws {
        let bench = try await ApprovalBench()
        let limits = try await exhaust(bench.service.pid)
        for _ in 0..<3 {
            let pin = try ApprovalBench.pipe(holding: "\(bench.card.pin)\n")
            #expect(await bench.refusal("Approve", "", "accept", ["pin": .descriptor(pin)]) == "LimitExceeded")
            #expect(await bench.refusal("Approve", "", "accept") == "LimitExceeded")
            #expect(await bench.refusal("SignCode", "", "638856212993845") == "LimitExceeded")
            #expect(try await bench.bus.call("Status").first?.elements?.count == 1)
        }
        try await restore(bench.service.pid, limits)
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(bench.verifications == 1)
        await bench.stop()
    }

    @Test func aCardThatComesMeanwhileIsReadAfterwardsAndNoNoticeEndsTheService() async throws {
        let bench = try await ServiceBench()
        try await bench.waitFor(watcher: "watching")
        let limits = try await exhaust(bench.service.pid)
        let card = try await bench.insert()
        #expect(try await bench.token().facts.errorName == "LimitExceeded")
        #expect(try await bench.bus.call("Status").count == 1)
        try await restore(bench.service.pid, limits)
        try await bench.token { $1.errorName == "" }
        try await card.remove()
    }

    /// dbus-daemon passes 16 in one message; those of the test's bus, as of a session's.
    @Test(arguments: [false, true]) func aCallerThatHandsOverAllThatTheBusTakesEndsNobody(isExhausted: Bool)
        async throws
    {
        let bench = try await ServiceBench()
        try await bench.waitFor(watcher: "watching")
        if isExhausted { _ = try await exhaust(bench.service.pid) }
        let bus = bench.bus
        let null = FileDescriptorHandle(owning: open("/dev/null", O_RDONLY | O_CLOEXEC))
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask {
                    _ = try? await bus.call(
                        "Approve", .string(""), .string("accept"),
                        .options(["pin": .array(of: "h", Array(repeating: .descriptor(null), count: 16))]))
                }
            }
        }
        #expect(try await bus.call("Status").count == 1)
        bench.service.send(signal: SIGTERM)
        #expect(await bench.service.end() == .exited(0))
    }
}
