// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import PortalContract

extension SQLitePortalStore {
    func keep(_ statement: PortalStatement) async throws {
        try await write(.synced) { database in
            try database.run(
                "INSERT OR IGNORE INTO statement (version, accept, decline) VALUES (?, ?, ?)",
                [statement.version, statement.accept, statement.decline])
            let kept = try database.statement(version: statement.version)
            guard kept == statement else { throw StatementReused(version: statement.version) }
        }
    }

    func statement(version: String) async throws -> PortalStatement? {
        try await database.read { try $0.statement(version: version) }
    }

    func wait(for allowances: [Allowance], at now: Int64) async throws -> Int64? {
        try await database.read { try $0.wait(for: allowances, at: now) }
    }

    func spend(_ allowances: [Allowance], at now: Int64) async throws -> Int64? {
        try await write(.unsynced) { try $0.spend(allowances, at: now) }
    }

    func sweep(at now: Int64) async throws -> SweepOutcome {
        try await write(.unsynced) { database in
            let lapsed = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM code JOIN session ON code.session = session.id
                    WHERE session.livesUntil <= ? AND code.usedBy IS NULL
                    """,
                arguments: [now])
            try database.run("DELETE FROM session WHERE livesUntil <= ?", [now])
            let sessions = database.changesCount
            try database.run("DELETE FROM allowance WHERE windowEnd <= ?", [now])
            try database.run("DELETE FROM tally WHERE until <= ?", [now])
            return SweepOutcome(sessions: sessions, lapsedCodes: lapsed ?? 0)
        }
    }

    func figures(at now: Int64) async throws -> StoreFigures {
        try await database.read { database in
            func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
                try Int.fetchOne(database, sql: sql, arguments: arguments) ?? 0
            }
            let newest = """
                SELECT count(*) FROM record WHERE decision = ? AND sequence IN
                    (SELECT max(sequence) FROM record WHERE decision IS NOT NULL GROUP BY identity)
                """
            return StoreFigures(
                sessions: try count("SELECT count(*) FROM session WHERE livesUntil > ? AND state <> 'ended'", [now]),
                openCodes: try count(
                    "SELECT count(*) FROM code WHERE usedBy IS NULL AND isEnded = 0 AND expiresAt > ?", [now]),
                accepted: try count(newest, ["accept"]), declined: try count(newest, ["decline"]),
                identities: try count("SELECT count(DISTINCT identity) FROM record"),
                applications: try count("SELECT count(*) FROM record WHERE application IS NOT NULL"),
                head: try database.chainHead())
        }
    }
}

extension Database {
    fileprivate func statement(version: String) throws -> PortalStatement? {
        guard
            let row = try row("SELECT version, accept, decline FROM statement WHERE version = ?", [version])
        else { return nil }
        return PortalStatement(version: row["version"], accept: row["accept"], decline: row["decline"])
    }

    fileprivate func wait(for allowance: Allowance, at now: Int64) throws -> Int64? {
        guard
            let row = try row("SELECT windowEnd, spent FROM allowance WHERE bucket = ?", [allowance.bucket])
        else { return nil }
        let end: Int64 = row["windowEnd"]
        let spent: Int = row["spent"]
        return end > now && spent >= allowance.count ? end - now : nil
    }

    /// Seconds until something is left of each allowance.
    func wait(for allowances: [Allowance], at now: Int64) throws -> Int64? {
        try allowances.compactMap { try wait(for: $0, at: now) }.max()
    }

    /// Counts against each allowance, or against none: then returns how long to wait.
    func spend(_ allowances: [Allowance], at now: Int64) throws -> Int64? {
        if let longest = try wait(for: allowances, at: now) { return longest }
        for allowance in allowances {
            try run(
                """
                INSERT INTO allowance (bucket, windowEnd, spent) VALUES (?, ?, 1)
                ON CONFLICT (bucket) DO UPDATE SET
                    spent = iif(windowEnd > ?, spent + 1, 1),
                    windowEnd = iif(windowEnd > ?, windowEnd, excluded.windowEnd)
                """,
                [allowance.bucket, now + allowance.window, now, now])
        }
        return nil
    }
}
