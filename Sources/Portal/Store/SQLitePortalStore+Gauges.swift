// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

#if canImport(Glibc)
import Glibc
#endif

/// What is asked again and again by programs that watch the portal, and what the answers cost.
extension SQLitePortalStore {
    func gauges(at now: Int64) async throws -> StoreGauges {
        try await database.read { database in
            StoreGauges(
                sessions: try database.tally("session", after: now), openCodes: try database.tally("code", after: now),
                records: try database.chainHead().sequence)
        }
    }

    func probe(at now: Int64) async throws {
        if let failure = writes.recent { throw failure }
        _ = try await chainHead()
        try checkFreeSpace()
        try await write { database in
            // Room for a decision and more, asked for and given back: a database that may not grow is found out.
            try database.execute(sql: "SAVEPOINT room")
            do {
                try database.run(
                    "INSERT OR REPLACE INTO probe (only, at, octets) VALUES (1, ?, zeroblob(?))", [now, Self.room])
            } catch {
                try? database.execute(sql: "ROLLBACK TO room; RELEASE room")
                throw error
            }
            try database.execute(sql: "ROLLBACK TO room; RELEASE room")
            // And what stays, so that something is really written and synced.
            try database.run("INSERT OR REPLACE INTO probe (only, at) VALUES (1, ?)", [now])
        }
    }

    /// Octets that a probe asks for. A decision has ten thousand or so.
    private static let room = 65_536

    /// SQLite's log keeps its octets and is written anew in place: on a full disk it goes on for a while, and then stops.
    private func checkFreeSpace() throws {
        var status = statvfs()
        guard statvfs(database.path, &status) == 0 else {
            throw FileFailure(path: database.path, what: "cannot be looked at", code: errno)
        }
        guard UInt64(status.f_bavail) * UInt64(status.f_frsize) >= UInt64(Self.room) else {
            throw FileFailure(path: database.path, what: "there is no room left", code: ENOSPC)
        }
    }
}

extension Database {
    /// How many of a kind are not over yet.
    fileprivate func tally(_ kind: String, after now: Int64) throws -> Int {
        try row("SELECT coalesce(sum(count), 0) AS live FROM tally WHERE kind = ? AND until > ?", [kind, now])?["live"]
            ?? 0
    }
}
