// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Foundation
import Store
import TestBench
import Testing

/// A program that asks without end and reads nothing costs nobody else anything.
@Suite(.timeLimit(.minutes(3))) struct UnreadClientTests {
    /// A desktop whose record holds a thousand decisions.
    static func desktop() async throws -> Desktop {
        let desktop = try await Desktop(.own(0))
        let thread = try BlockingThread(name: "store")
        let store = Store(folder: desktop.folder.file("state/eonay"), thread: thread)
        _ = try await store.open()
        await store.close()
        thread.stop()
        let script = """
            import sqlite3, sys
            connection = sqlite3.connect(sys.argv[1])
            connection.executemany(
                "INSERT INTO approval (number, kind, fingerprint, certificate, identity_key, portal, started_at, decision, state, "
                "step, steps, deadline, end_order, ended_at, result, reference) "
                "VALUES (?1, 'approve', x'00', ?2, x'01', 'https://portal.example', ?3, 'accept', 'done', 2, 2, 0, ?1, ?3, 'recorded', ?4)",
                [(n, "a" * 64, 1700000000 + n, f"2026-{n:06}") for n in range(1, 1001)])
            connection.commit()
            """
        try await run(
            Programs.find("python3", package: "python3"), ["-c", script, desktop.folder.file("state/eonay/eonay.db")]
        ).check()
        return desktop
    }

    @Test func twentyThousandUnreadHistoriesHoldUpNobodyAndTheirMemoryComesBack() async throws {
        let bench = try await ServiceBench(on: Self.desktop())
        #expect(try await bench.bus.call("History", .uint32(0)).first?.elements?.count == 1000)
        let before = residentKiB(of: bench.service.pid)

        let deaf = try RawBusClient(bench.desktop.bus.address)
        try deaf.call(
            SessionBus.name, SessionBus.root.text, SessionBus.name, "History", .number(0), times: 20_000)
        for _ in 0..<30 {
            let start = ContinuousClock.now
            _ = try await bench.bus.call("Status")
            // Milliseconds; the limit is for a machine that builds something beside.
            #expect(ContinuousClock.now - start < .seconds(2))
        }
        let (grown, unread) = (
            residentKiB(of: bench.service.pid) - before, try await bench.bus.connection.unread(of: deaf.name)
        )
        #expect(grown < 100_000, "\(grown) KiB more")
        #expect(unread < 4 << 20, "\(unread) octets are unread")

        deaf.close()
        try await falls(of: bench.service.pid, below: before + 30_000, on: bench.bus)
        #expect(try await bench.bus.call("History", .uint32(0)).first?.elements?.count == 1000)
    }

    @Test func whoReadsThemLateGetsThemAll() async throws {
        let bench = try await ServiceBench(on: Self.desktop())
        let late = try RawBusClient(bench.desktop.bus.address)
        try late.call(SessionBus.name, SessionBus.root.text, SessionBus.name, "History", .number(0), times: 100)
        _ = try await bench.bus.call("Status")
        let replies = try late.replies(100)
        #expect(replies.map(\.serial) == Array(2..<102))
        #expect(replies.allSatisfy { $0.error == nil && $0.length > 100_000 })
    }

    @Test func whoHearsSignalsAndReadsNoneHoldsUpNobody() async throws {
        let bench = try await ServiceBench(.own(1))
        let card = try await bench.insert()
        try await bench.token()
        let deaf = try RawBusClient(bench.desktop.bus.address)
        try deaf.subscribe(to: SessionBus.name)
        // Each insertion makes half a dozen signals, one of them with everything that is known of a card.
        for _ in 0..<3 {
            try await card.remove()
            try await bench.tokens(0)
            try await card.insert()
            try await bench.token()
        }
        #expect(try await bench.bus.call("Status").first?.elements?.count == 1)
        try await card.remove()
    }

    private func residentKiB(of process: Int32) -> Int {
        let text = String(
            decoding: FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data(), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// Returns when the process has so little memory: no event tells that, so it is looked at after each answer.
    private func falls(of process: Int32, below limit: Int, on bus: SessionBus) async throws {
        let start = ContinuousClock.now
        while residentKiB(of: process) > limit, ContinuousClock.now - start < .seconds(30) {
            _ = try await bus.call("Status")
        }
        #expect(residentKiB(of: process) <= limit)
    }
}

extension Connection {
    /// The octets that the bus keeps for a connection that has not read them.
    fileprivate func unread(of name: String) async throws -> Int {
        let answer = try await call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.Debug.Stats", "GetConnectionStats",
            [.string(name)])
        return Int(try #require(answer.first?["OutgoingBytes"]?.unwrapped.uint32))
    }
}
