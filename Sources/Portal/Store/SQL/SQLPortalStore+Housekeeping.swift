// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import PortalContract

extension SQLPortalStore {
    func keep(_ statement: PortalStatement) async throws {
        try await engine.write(.synced) { database in
            try database.run(
                """
                INSERT INTO statement (version, accept, decline) VALUES (?, ?, ?) ON CONFLICT (version) DO NOTHING
                """,
                [statement.version, statement.accept, statement.decline])
            let kept = try database.statement(version: statement.version)
            guard kept == statement else { throw StatementReused(version: statement.version) }
        }
    }

    func statement(version: String) async throws -> PortalStatement? {
        try await engine.read { try $0.statement(version: version) }
    }

    func wait(for allowances: [Allowance], at now: Int64) async throws -> Int64? {
        try await engine.read { try $0.wait(for: allowances, at: now) }
    }

    func spend(_ allowances: [Allowance], at now: Int64) async throws -> Int64? {
        do {
            try await engine.write(.unsynced) { try $0.spend(allowances, at: now) }
            return nil
        } catch let limit as AllowanceSpent {
            return limit.wait
        }
    }

    func sweep(at now: Int64) async throws -> SweepOutcome {
        try await engine.write(.unsynced) { database in
            let lapsed = try database.count(
                """
                SELECT count(*) AS count FROM code JOIN session ON code.session = session.id
                WHERE session.livesUntil <= ? AND code.usedBy IS NULL
                """,
                [now])
            let sessions = try database.run("DELETE FROM session WHERE livesUntil <= ?", [now])
            try database.run("DELETE FROM allowance WHERE windowEnd <= ?", [now])
            try database.run("DELETE FROM tally WHERE until <= ?", [now])
            return SweepOutcome(sessions: sessions, lapsedCodes: lapsed)
        }
    }

    func figures(at now: Int64) async throws -> StoreFigures {
        try await engine.read { database in
            let newest = """
                SELECT count(*) AS count FROM record WHERE decision = ? AND sequence IN
                    (SELECT max(sequence) FROM record WHERE decision IS NOT NULL GROUP BY identity)
                """
            return StoreFigures(
                sessions: try database.count(
                    "SELECT count(*) AS count FROM session WHERE livesUntil > ? AND state <> 'ended'", [now]),
                openCodes: try database.count(
                    "SELECT count(*) AS count FROM code WHERE usedBy IS NULL AND isEnded = 0 AND expiresAt > ?", [now]),
                accepted: try database.count(newest, ["accept"]), declined: try database.count(newest, ["decline"]),
                identities: try database.count("SELECT count(DISTINCT identity) AS count FROM record"),
                applications: try database.count("SELECT count(*) AS count FROM record WHERE application IS NOT NULL"),
                head: try database.chainHead())
        }
    }
}

/// An allowance has nothing left. Thrown in a transaction, so that nothing is counted.
struct AllowanceSpent: Error {
    /// Seconds until something is left.
    let wait: Int64
}

extension SQLSession {
    fileprivate func statement(version: String) throws -> PortalStatement? {
        try row("SELECT version, accept, decline FROM statement WHERE version = ?", [version]).map {
            PortalStatement(
                version: try $0.required("version"), accept: try $0.required("accept"),
                decline: try $0.required("decline"))
        }
    }

    /// Seconds until something is left of each allowance.
    func wait(for allowances: [Allowance], at now: Int64) throws -> Int64? {
        try allowances.compactMap { allowance in
            guard
                let row = try row("SELECT windowEnd, spent FROM allowance WHERE bucket = ?", [allowance.bucket]),
                let end: Int64 = row["windowEnd"], let spent: Int = row["spent"]
            else { return nil }
            return end > now && spent >= allowance.count ? end - now : nil
        }.max()
    }

    /// Counts against each allowance; throws `AllowanceSpent` where one is used up.
    func spend(_ allowances: [Allowance], at now: Int64) throws {
        if let wait = try wait(for: allowances, at: now) { throw AllowanceSpent(wait: wait) }
        // In one order, so that no two transactions wait for each other.
        for allowance in allowances.sorted(by: { $0.bucket.lexicographicallyPrecedes($1.bucket) }) {
            let row = try row(
                """
                INSERT INTO allowance (bucket, windowEnd, spent) VALUES (?, ?, 1)
                ON CONFLICT (bucket) DO UPDATE SET
                    spent = CASE WHEN allowance.windowEnd > ? THEN allowance.spent + 1 ELSE 1 END,
                    windowEnd = CASE WHEN allowance.windowEnd > ? THEN allowance.windowEnd ELSE excluded.windowEnd END
                RETURNING windowEnd, spent
                """,
                [allowance.bucket, now + allowance.window, now, now])
            // Another transaction may have taken the last one meanwhile.
            guard let spent: Int = row?["spent"], spent <= allowance.count else {
                let end: Int64 = row?["windowEnd"] ?? now
                throw AllowanceSpent(wait: max(1, end - now))
            }
        }
    }
}
