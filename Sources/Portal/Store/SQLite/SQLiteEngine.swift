// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Glibc
import NIOCore
import Synchronization
import SystemBasics

/// SQLite (GRDB): one file, one writer, many readers.
///
/// In WAL mode kill -9 loses no answered write. What must last (decisions, applications, statements) is on disk before it is
/// answered, so that a power cut does not take it either; sessions and codes, which live for minutes, are not synced
/// (docs/decisions/0039).
struct SQLiteEngine: SQLEngine {
    let database: DatabasePool
    let writes = WriteHealth()
    private let queue: WriteQueue

    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "portal"
        configuration.busyMode = .timeout(10)
        return configuration
    }

    /// Checks that the tables are this version's, and that they belong to the key.
    ///
    /// - Parameter migrates: brings older tables up to date. Only the portal itself does: a tool of a new version must not
    ///   change the tables of an old portal that runs beside it.
    /// - Throws: `OtherVersion`, `WrongKey`, or GRDB's `DatabaseError`.
    init(_ database: DatabasePool, key fingerprint: Data, migrates: Bool) throws {
        self.database = database
        queue = WriteQueue(database)
        // Not in prepareDatabase: the pool sets NORMAL after it, together with WAL, and NORMAL syncs only at checkpoints.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let (isNewer, isCurrent) = try database.read { database in
            (try Migrations.all.hasBeenSuperseded(database), try Migrations.all.hasCompletedMigrations(database))
        }
        guard !isNewer else { throw OtherVersion.newer }
        guard isCurrent || migrates else { throw OtherVersion.older }
        if !isCurrent { try Migrations.all.migrate(database) }
        let isKnown = try database.read { try SQLiteSession($0).isKnown(key: fingerprint) }
        if !isKnown { try database.write { try SQLiteSession($0).check(key: fingerprint) } }
    }

    func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        // One read transaction is one snapshot in WAL mode.
        try await database.read { try work(SQLiteSession($0)) }
    }

    /// Notes a write that fails.
    func write<Value: Sendable>(
        _ durability: Durability, _ work: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        do {
            return try await queue.write(durability) { try work(SQLiteSession($0)) }
        } catch let error as DatabaseError {
            writes.note(error)
            throw error
        }
    }
}

typealias SQLitePortalStore = SQLPortalStore<SQLiteEngine>

extension SQLitePortalStore {
    /// Opens the file; see `SQLiteEngine.init`.
    init(path: String, keys: PortalKeys, migrates: Bool) throws {
        try self.init(
            try DatabasePool(path: path, configuration: SQLiteEngine.configuration()), keys: keys, migrates: migrates)
    }

    /// The same on open connections.
    init(_ database: DatabasePool, keys: PortalKeys, migrates: Bool) throws {
        self.init(engine: try SQLiteEngine(database, key: keys.fingerprint, migrates: migrates)) { keys.link($0) }
    }

    var database: DatabasePool { engine.database }
}

/// Statements are compiled once for each connection: a decision needs about thirty, and compiling them took an eighth of
/// its time.
struct SQLiteSession: SQLSession {
    private let database: Database

    init(_ database: Database) { self.database = database }

    var forUpdate: String { "" }

    func rows(_ sql: String, _ arguments: SQLArguments) throws -> [any SQLRow] {
        try Row.fetchAll(database.cachedStatement(sql: sql), arguments: Self.values(arguments)).map(SQLiteRow.init)
    }

    func forEach(_ sql: String, _ body: (any SQLRow) throws -> Void) throws {
        let rows = try Row.fetchCursor(database, sql: sql)
        while let row = try rows.next() { try body(SQLiteRow(row: row)) }
    }

    func run(_ sql: String, _ arguments: SQLArguments) throws -> Int {
        try database.cachedStatement(sql: sql).execute(arguments: Self.values(arguments))
        return database.changesCount
    }

    private static func values(_ arguments: SQLArguments) -> StatementArguments {
        StatementArguments(
            arguments.map { argument -> DatabaseValue in
                switch argument?.sqlValue {
                case .integer(let value)?: value.databaseValue
                case .text(let value)?: value.databaseValue
                case .octets(let value)?: value.databaseValue
                case nil: .null
                }
            })
    }
}

private struct SQLiteRow: SQLRow {
    let row: Row

    func value(_ column: String) -> SQLValue? {
        guard let value = row[column] as DatabaseValue? else { return nil }
        switch value.storage {
        case .int64(let value): return .integer(value)
        case .string(let value): return .text(value)
        case .blob(let value): return .octets(value)
        case .double, .null: return nil
        }
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
extension SQLiteEngine {
    func gauges(at now: Int64) async throws -> StoreGauges {
        try await read { database in
            StoreGauges(
                sessions: try database.tally("session", after: now), openCodes: try database.tally("code", after: now),
                records: try database.chainHead().sequence)
        }
    }

    func probe(at now: Int64) async throws {
        if let failure = writes.recent { throw failure }
        _ = try await read { try $0.chainHead() }
        try checkFreeSpace()
        try await write(.synced) { database in
            try database.makeRoom(Self.room)
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

extension SQLSession {
    /// Allocates octets and gives them back: this fails if the database cannot grow.
    fileprivate func makeRoom(_ octets: Int) throws {
        try run("SAVEPOINT room", [])
        defer {
            _ = try? run("ROLLBACK TO room", [])
            _ = try? run("RELEASE room", [])
        }
        try run("INSERT OR REPLACE INTO probe (only, at, octets) VALUES (1, 0, zeroblob(?))", [octets])
    }

    /// How many of a kind have not ended.
    fileprivate func tally(_ kind: String, after now: Int64) throws -> Int {
        try self.count(
            "SELECT coalesce(sum(count), 0) AS count FROM tally WHERE kind = ? AND until > ?", [kind, now])
    }
}
