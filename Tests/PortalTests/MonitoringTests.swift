// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import Logging
import ManualTime
import PortalContract
import Synchronization
import Testing
import VirtualCard

@testable import Portal

/// The figures for those who monitor the portal, and their cost.
@Suite(.timeLimit(.minutes(1))) struct MonitoringTests {
    private func withPortal(_ lines: String = "", _ body: (PortalBench, PortalClient) async throws -> Void) async throws
    {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal(lines) { portal in try await body(bench, portal) }
    }

    /// The same counted row by row.
    private func counted(_ portal: PortalClient) async throws -> StoreGauges {
        let figures = try await portal.store.figures(at: portal.bench.clock.now())
        return StoreGauges(
            sessions: figures.sessions, openCodes: figures.openCodes, records: figures.head.sequence)
    }

    private func gauges(_ portal: PortalClient) async throws -> StoreGauges {
        try await portal.store.gauges(at: portal.bench.clock.now())
    }

    @Test func theGaugesAreWhatACountWouldGiveAtEachMoment() async throws {
        try await withPortal("[Limits]\nCodesPerIdentity=1000") { bench, portal in
            let signer = try Signer(bench)
            func agree(_ when: String) async throws {
                let (kept, real) = (try await gauges(portal), try await counted(portal))
                #expect(kept == real, "\(when)")
            }
            let token = try await portal.signIn(with: signer)
            let opened = try await portal.open()
            try await agree("a session signed in, another one begun")
            for _ in 0..<3 { _ = try await portal.post(signature: [0x30], under: opened.challenge.code) }
            try await agree("a code ended by three refusals")
            _ = try await portal.decide("accept", token: token)
            _ = try await portal.decide("decline", token: token)
            try await agree("a code replaced by a later one")
            _ = try await portal.record("accept", token: token, by: signer)
            try await agree("a code used")
            _ = try await portal.decide("accept", token: token)
            _ = try await portal.send("DELETE", PortalPath.session, token: token)
            try await agree("a session left with its code open")
            let waiting = try await portal.open()
            _ = try await portal.post(signature: try signer.login(waiting.challenge), under: waiting.challenge.code)
            for _ in 0..<3 {
                _ = try await portal.post(PortalPath.confirm, ConfirmRequest(number: "x"), token: waiting.session)
            }
            try await agree("a session ended by three wrong numbers")
            for _ in 0..<5 { _ = try await portal.open() }
            for seconds in [299, 1, 899, 1] {
                bench.clock.advance(by: Int64(seconds))
                try await agree("\(seconds) s later")
            }
            #expect(try await gauges(portal).sessions == 0)
            _ = try await portal.store.sweep(at: bench.clock.now())
            _ = try await portal.open()
            try await agree("after a sweep")
        }
    }

    /// SQLite's own plan says what it walks through: to watch a portal with half a million records took three seconds.
    @Test func nothingThatIsAskedByAScrapeWalksThroughATable() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        let keys = try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            _ = try await portal.record("accept", token: token, by: signer)
            return portal.server.service.keys
        }
        let asked = Mutex<Set<String>>([])
        var configuration = SQLitePortalStore.configuration()
        configuration.prepareDatabase { database in
            database.trace { event in
                if case .statement(let statement) = event { asked.withLock { _ = $0.insert(statement.sql) } }
            }
        }
        let pool = try DatabasePool(path: bench.directory + "/data/portal.db", configuration: configuration)
        let store = try SQLitePortalStore(pool, keys: keys, migrates: false)
        asked.withLock { $0 = [] }
        #expect(try await store.gauges(at: bench.clock.now()).records == 1)
        try await store.probe(at: bench.clock.now())
        let statements = asked.withLock { $0 }.filter { sql in
            ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
        }
        #expect(statements.count >= 3)
        for sql in statements {
            let plan = try await pool.read { database in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql.replacing("?", with: "1"))
                    .map { $0["detail"] as String }
            }
            #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") }, "\(sql): \(plan)")
        }
    }

    @Test func aScrapeTellsTheGauges() async throws {
        try await withPortal { _, portal in
            _ = try await portal.open()
            let text = try await portal.get("/metrics").text
            for line in ["sessions 1", "open_codes 1", "event_streams 0", "records 0"] {
                #expect(text.contains("\neonay_portal_\(line)\n"), "\(line)")
            }
        }
    }

    // MARK: A database that takes no more

    @Test func aDatabaseThatMayNotGrowIsNotHealthy() async throws {
        try await withPortal("[Limits]\nCodesPerIdentity=1000") { bench, portal in
            #expect(try await portal.get("/healthz").status == 200)
            let store = try #require(portal.store as? SQLitePortalStore)
            try await store.database.writeWithoutTransaction { database in
                let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                try database.execute(sql: "PRAGMA max_page_count = \(pages)")
            }
            var statuses: Set<Int> = []
            while !statuses.contains(500) {
                statuses.insert(
                    try await portal.post(PortalPath.sessions, SessionRequest(identity: Holder.sukru.identity)).status)
                if statuses.contains(429) { break }
            }
            #expect(statuses.contains(500))
            #expect(
                bench.log.lines.contains {
                    $0.hasPrefix("error failed") && $0.contains("13 (database or disk is full)")
                })
            await expectUnwell(portal)
            #expect(bench.log.lines.count { $0.hasPrefix("error the database takes no more") } == 1)
        }
    }

    /// An answer is kept for a moment.
    private func expectUnwell(_ portal: PortalClient) async {
        for path in ["/healthz", PortalPath.prefix + "/healthz"] {
            var answer = try? await portal.get(path)
            while answer?.status == 200 { answer = try? await portal.get(path) }
            #expect(answer?.status == 503 && answer?.problem == "urn:eonay:problem:unwell")
            #expect(answer?.header("Retry-After") != nil)
        }
    }

    @Test func aSmallWriteAfterAFailedOneMakesNothingWell() {
        let health = WriteHealth()
        health.note(DatabaseError(resultCode: .SQLITE_CONSTRAINT))
        #expect(health.recent == nil)
        health.note(DatabaseError(resultCode: .SQLITE_FULL))
        #expect(health.recent?.resultCode == .SQLITE_FULL)
    }

    @Test func whoAsksOftenWritesSeldom() async throws {
        try await withPortal { bench, portal in
            let before = try Self.logSize(bench)
            for _ in 0..<100 { _ = try await portal.get("/healthz") }
            // Each write is a page of 4 KiB or two in SQLite's log; 100 of them would be half a megabyte.
            #expect(try Self.logSize(bench) - before < 300_000)
        }
    }

    private static func logSize(_ bench: PortalBench) throws -> Int {
        let path = bench.directory + "/data/portal.db-wal"
        return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    // MARK: The log

    @Test(arguments: [
        (Logger.Level.critical, 2), (.error, 3), (.warning, 4), (.notice, 5), (.info, 6), (.debug, 7), (.trace, 7),
    ])
    func eachLevelHasItsPriority(_ level: Logger.Level, _ priority: Int) {
        #expect(level.priority == priority)
    }

    @Test func anErrorIsLoggedByItsCodesAlone() {
        let secret = "10000000146"
        let error = DatabaseError(resultCode: .SQLITE_FULL, message: secret, sql: secret, arguments: [secret])
        let told = "\(Logger.Metadata(of: error))"
        #expect(told.contains("13 (database or disk is full)") && !told.contains(secret))
    }
}
