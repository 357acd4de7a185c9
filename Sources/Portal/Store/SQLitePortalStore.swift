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

    /// Opens the file, brings its tables up to date, and checks that it belongs to the key.
    init(path: String, keys: PortalKeys) throws {
        var configuration = Configuration()
        configuration.label = "portal"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        database = try DatabasePool(path: path, configuration: configuration)
        link = { keys.link($0) }
        try Migrations.all.migrate(database)
        try checkKey(keys.fingerprint)
    }

    /// The database was made with another master key.
    struct WrongKey: Error, CustomStringConvertible {
        var description: String { "the key file is not the one that this database was made with" }
    }

    private func checkKey(_ fingerprint: Data) throws {
        try database.write { database in
            let known = try Data.fetchOne(database, sql: "SELECT fingerprint FROM key")
            if let known {
                guard equalInConstantTime(known, fingerprint) else { throw WrongKey() }
            } else {
                try database.execute(sql: "INSERT INTO key (fingerprint) VALUES (?)", arguments: [fingerprint])
            }
        }
    }

    /// Copies the database while it is in use; the copy is whole and consistent (SQLite's online backup).
    func backUp(to path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try database.backup(to: copy)
        try copy.close()
    }
}
