// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import PortalContract

/// The store on SQLite (GRDB): one file, one writer, many readers.
///
/// WAL with `synchronous = FULL`: a commit is on disk before it returns, so that kill -9 and a power cut lose nothing
/// that was answered. Identifiers are HMACs, contents are sealed before they come here (`PortalKeys`).
struct SQLitePortalStore: PortalStore {
    let database: DatabasePool
    /// Makes a record's link from its octets.
    let link: @Sendable (Data) -> Data
    let writes = WriteHealth()

    /// Opens the file and checks that it belongs to the key.
    ///
    /// - Parameter migrates: brings older tables up to date. Only the portal itself does: a tool of a new version that is
    ///   run beside a portal of the old one must leave its tables alone.
    /// - Throws: `OtherVersion`, `WrongKey`, or GRDB's `DatabaseError`.
    init(path: String, keys: PortalKeys, migrates: Bool) throws {
        try self.init(try DatabasePool(path: path, configuration: Self.configuration()), keys: keys, migrates: migrates)
    }

    /// What connections are opened with.
    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "portal"
        configuration.busyMode = .timeout(10)
        return configuration
    }

    /// The same on connections that are open.
    init(_ database: DatabasePool, keys: PortalKeys, migrates: Bool) throws {
        self.database = database
        // Not in prepareDatabase: a pool that sets WAL mode up sets NORMAL after it, which syncs at checkpoints alone.
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

    /// One transaction, on disk when it returns. That writes fail is remembered.
    func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await database.write(work)
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
