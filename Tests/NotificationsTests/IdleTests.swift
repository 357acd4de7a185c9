// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

@Suite(.timeLimit(.minutes(1)))
struct IdleTests {
    @Test func beforeTheFirstNotificationThereIsNoThreadOfIts() async throws {
        let bench = try await NotificationBench()
        bench.withdraw("nothing")
        bench.notifier.write(line: "?")
        try await bench.event("unknown command")
        #expect(try !threads(of: bench.notifier.pid).values.contains { $0.name == "notify" })
    }

    @Test func aShownNotificationCostsNoWakeUps() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a")
        try await bench.event("shown a")
        try await server.close(1, reason: 1)
        try await bench.event("closed a expired")
        // The time that passes is timeout's.
        let timeout = try Programs.find("timeout", package: "coreutils")
        try await run(timeout, ["1", "tail", "-f", "/dev/null"])
        let before = try threads(of: bench.notifier.pid)
        try await run(timeout, ["5", "tail", "-f", "/dev/null"])
        // A thread of GLib's pool that was of use at the start may have ended meanwhile.
        for (id, thread) in try threads(of: bench.notifier.pid) {
            #expect(thread.switches == before[id]?.switches, "\(thread.name)")
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
