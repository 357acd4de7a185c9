// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Glibc
import NIOCore
import PortalContract
import Synchronization
import SystemBasics

/// The store on SQLite (GRDB): one file, one writer, many readers.
///
/// In WAL mode kill -9 loses no answered write. What must last (decisions, applications, statements) is on disk before it is
/// answered, so that a power cut does not take it either; sessions and codes, which live for minutes, are not synced
/// (docs/decisions/0039). Identifiers are HMACs, and contents are sealed before they come here (`PortalKeys`).
struct SQLitePortalStore: PortalStore {
    let database: DatabasePool
    private let queue: WriteQueue
    /// Makes a record's link from its octets.
    let link: @Sendable (Data) -> Data
    let writes = WriteHealth()

    /// Opens the file and checks that it belongs to the key.
    ///
    /// - Parameter migrates: brings older tables up to date. Only the portal itself does: a tool of a new version must not
    ///   change the tables of an old portal that runs beside it.
    /// - Throws: `OtherVersion`, `WrongKey`, or GRDB's `DatabaseError`.
    init(path: String, keys: PortalKeys, migrates: Bool) throws {
        try self.init(try DatabasePool(path: path, configuration: Self.configuration()), keys: keys, migrates: migrates)
    }

    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "portal"
        configuration.busyMode = .timeout(10)
        return configuration
    }

    /// The same on open connections.
    init(_ database: DatabasePool, keys: PortalKeys, migrates: Bool) throws {
        self.database = database
        queue = WriteQueue(database)
        // Not in prepareDatabase: the pool sets NORMAL after it, together with WAL, and NORMAL syncs only at checkpoints.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        link = { keys.link($0) }
        let (isNewer, isCurrent) = try database.read { database in
            (try Migrations.all.hasBeenSuperseded(database), try Migrations.all.hasCompletedMigrations(database))
        }
        guard !isNewer else { throw OtherVersion.newer }
        guard isCurrent || migrates else { throw OtherVersion.older }
        if !isCurrent { try Migrations.all.migrate(database) }
        try checkKey(keys.fingerprint)
    }

    /// The tables are of another version than this program's.
    enum OtherVersion: Error, CustomStringConvertible {
        case older
        case newer

        var description: String {
            switch self {
            case .older: "the database is of an older version; eonay-portal serve brings it up to date"
            case .newer: "the database is of a newer version than this program; install that one"
            }
        }
    }

    /// The database was made with another master key.
    struct WrongKey: Error, CustomStringConvertible {
        var description: String { "the key file is not the one that this database was made with" }
    }

    /// Does all of the work or nothing. Notes a write that fails.
    func write<Value: Sendable>(
        _ durability: WriteQueue.Durability, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await queue.write(durability, work)
        } catch let error as DatabaseError {
            writes.note(error)
            throw error
        }
    }

    private func checkKey(_ fingerprint: Data) throws {
        guard let known = try database.read({ try Data.fetchOne($0, sql: "SELECT fingerprint FROM key") }) else {
            return try database.write { database in
                try database.execute(sql: "INSERT INTO key (fingerprint) VALUES (?)", arguments: [fingerprint])
            }
        }
        guard equalInConstantTime(known, fingerprint) else { throw WrongKey() }
    }
}

/// Statements are compiled once for each connection: a decision needs about thirty, and compiling them took an eighth of
/// its time.
extension Database {
    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

/// Whether writes to the database succeed. Safe to use from any thread.
final class WriteHealth: Sendable {
    private struct Failure {
        let error: DatabaseError
        let at: NIODeadline
    }

    private let last = Mutex<Failure?>(nil)

    /// How long a failed write counts, even if a smaller one succeeds after it.
    static let memory = TimeAmount.seconds(10)

    /// Notes a write that failed, unless its own contents were the reason.
    func note(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_ABORT, .SQLITE_INTERRUPT, .SQLITE_MISUSE: return
        default: last.withLock { $0 = Failure(error: error, at: .now()) }
        }
    }

    /// The failure of moments ago; nil if there was none.
    var recent: DatabaseError? {
        last.withLock { failure in failure.flatMap { $0.at + Self.memory > .now() ? $0.error : nil } }
    }
}

/// Questions of programs that monitor the portal.
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
        try await write(.synced) { database in
            // Allocates room for a decision and more, and gives it back: this fails if the database cannot grow.
            try database.execute(sql: "SAVEPOINT room")
            do {
                try database.run(
                    "INSERT OR REPLACE INTO probe (only, at, octets) VALUES (1, ?, zeroblob(?))", [now, Self.room])
            } catch {
                try? database.execute(sql: "ROLLBACK TO room; RELEASE room")
                throw error
            }
            try database.execute(sql: "ROLLBACK TO room; RELEASE room")
            // A row that stays, so that something is really written and synced.
            try database.run("INSERT OR REPLACE INTO probe (only, at) VALUES (1, ?)", [now])
        }
    }

    /// Octets that a probe allocates. A decision has about ten thousand.
    private static let room = 65_536

    /// SQLite overwrites its log in place, so on a full disk writes succeed for a while, and then fail.
    private func checkFreeSpace() throws {
        var status = statvfs()
        try SystemError.check(statvfs(database.path, &status), "statvfs \(database.path)")
        guard UInt64(status.f_bavail) * UInt64(status.f_frsize) >= UInt64(Self.room) else {
            throw SystemError(code: ENOSPC, call: "statvfs \(database.path)")
        }
    }
}

extension Database {
    /// How many of a kind have not ended.
    fileprivate func tally(_ kind: String, after now: Int64) throws -> Int {
        try row("SELECT coalesce(sum(count), 0) AS live FROM tally WHERE kind = ? AND until > ?", [kind, now])?["live"]
            ?? 0
    }
}
