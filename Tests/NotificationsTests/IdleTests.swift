// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

@Suite(.timeLimit(.minutes(1)))
struct IdleTests {
    @Test func beforeTheFirstNotificationThereIsNoJob() async throws {
        let bench = try await NotificationBench()
        bench.withdraw("nothing")
        bench.notifier.write(line: "?")
        try await bench.event("unknown command")
        #expect(bench.jobs == [])
    }

    @Test func aJobThatWasMadeReadyForNothingEnds() async throws {
        let bench = try await NotificationBench()
        _ = try await bench.startServer()
        bench.notifier.write(line: "prepare")
        try await bench.event("prepared")
        let jobs = bench.jobs
        #expect(jobs.count == 1)
        try await bench.jobsEnd(jobs)
        #expect(bench.jobs == [])
    }

    @Test func aNotificationThatStandsCostsNoWakeUps() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a")
        try await bench.event("shown a")
        #expect(bench.jobs.count == 1)
        try await isQuiet(bench.jobs + [bench.notifier.pid])
        withExtendedLifetime(server) {}
    }

    @Test func theJobEndsWhenNothingStandsAndNothingWakesUpAfterwards() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a")
        try await bench.event("shown a")
        let jobs = bench.jobs
        try await server.close(1, reason: 1)
        try await bench.event("closed a expired")
        try await bench.jobsEnd(jobs)
        #expect(bench.jobs == [])
        try await isQuiet([bench.notifier.pid])
    }

    private func isQuiet(_ processes: [Int32]) async throws {
        // The time that passes is timeout's.
        let timeout = try Programs.find("timeout", package: "coreutils")
        try await run(timeout, ["1", "tail", "-f", "/dev/null"])
        let before = try processes.map(threads)
        try await run(timeout, ["5", "tail", "-f", "/dev/null"])
        for (process, before) in zip(processes, before) {
            // A thread of GLib's pool that was of use at the start may have ended meanwhile.
            for (id, thread) in try threads(of: process) {
                #expect(thread.switches == before[id]?.switches, "\(thread.name)")
            }
        }
    }

    /// Name and context switches of each thread.
    private func threads(of pid: Int32) throws -> [String: (name: String, switches: Int)] {
        let ids = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
        return try Dictionary(
            uniqueKeysWithValues: ids.map { id in
                let status = try String(contentsOfFile: "/proc/\(pid)/task/\(id)/status", encoding: .utf8)
                let name = status.firstMatch(of: /Name:\s*(.+)/).map { String($0.1) } ?? ""
                let switches = status.matches(of: /ctxt_switches:\s*(\d+)/).reduce(0) { $0 + (Int($1.1) ?? 0) }
                return (id, (name, switches))
            })
    }
}
