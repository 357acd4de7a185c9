// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The store on a database that speaks SQL. Identifiers are HMACs, and contents are sealed before they come here
/// (`PortalKeys`).
struct SQLPortalStore<Engine: SQLEngine>: PortalStore {
    let engine: Engine
    /// Makes a record's link from its octets.
    let link: @Sendable (Data) -> Data

    func gauges(at now: Int64) async throws -> StoreGauges { try await engine.gauges(at: now) }

    func probe(at now: Int64) async throws { try await engine.probe(at: now) }
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

extension SQLSession {
    /// Whether the database was made with this master key; false where it was made with none. Throws `WrongKey`.
    func isKnown(key fingerprint: Data) throws -> Bool {
        guard let row = try row("SELECT fingerprint FROM key") else { return false }
        guard equalInConstantTime(try row.required("fingerprint") as Data, fingerprint) else { throw WrongKey() }
        return true
    }

    /// Remembers the key of a new database, unless another portal has been quicker. Throws `WrongKey`.
    func check(key fingerprint: Data) throws {
        try run("INSERT INTO key (fingerprint) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM key)", [fingerprint])
        _ = try isKnown(key: fingerprint)
    }
}
