// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing
import VirtualCard

/// Two hundred cards in and out leave nothing behind.
@Suite(.timeLimit(.minutes(5)))
struct CardLeakTests {
    @Test func twoHundredCardsInAndOutLeaveNothingBehind() async throws {
        let bench = try await ServiceBench()
        let card = try TestCard(bench.desktop.card(), in: bench.reader)
        // The first ones find modules, make threads and grow what grows once.
        for _ in 0..<40 { try await inAndOut(card, bench) }
        let before = try Usage(of: bench.service)
        for _ in 0..<200 { try await inAndOut(card, bench) }
        let after = try Usage(of: bench.service)
        // The last job may be on its way out; two hundred leaks would show all the same.
        #expect(after.descriptors <= before.descriptors + 3)
        #expect(after.threads <= before.threads)
        #expect(after.jobs <= 1)
        // A job that shows notifications may be on its way out, too, while the next one begins.
        #expect(Processes.children(of: bench.service.pid).count <= 3)
        #expect(after.memory <= before.memory + before.memory / 20, "\(before.memory) kB before, \(after.memory) after")
        #expect(try await bench.bus.objects("Certificate").count == 1)
    }

    private func inAndOut(_ card: TestCard, _ bench: ServiceBench) async throws {
        try await card.insert()
        try await bench.token()
        try await card.remove()
        try await bench.tokens(0)
    }

    /// The kernel's figures for a process.
    private struct Usage {
        let descriptors: Int
        let threads: Int
        /// Its jobs, without the one that shows notifications.
        let jobs: Int
        /// Resident, in kB.
        let memory: Int

        init(of process: ChildProcess) throws {
            let folder = "/proc/\(process.pid)"
            descriptors = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/fd").count
            let tasks = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/task")
            threads = tasks.count
            jobs = Processes.workers(of: process.pid).count
            let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
            memory = try #require(Int(line.filter(\.isNumber)))
        }
    }
}
