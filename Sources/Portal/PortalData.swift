// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// The portal's data directory, opened: the keys and the store.
struct PortalData {
    let keys: PortalKeys
    let store: SQLitePortalStore

    /// Opens what there is, and changes nothing about it: for the tools.
    ///
    /// - Throws: `NoDatabase`, `MasterKeyFile.Failure`, or what `SQLitePortalStore` throws.
    init(existing configuration: PortalConfiguration) throws {
        guard FileManager.default.fileExists(atPath: configuration.databasePath) else {
            throw NoDatabase(path: configuration.databasePath)
        }
        keys = PortalKeys(master: try MasterKeyFile(path: configuration.keyFile).load(create: false))
        store = try SQLitePortalStore(path: configuration.databasePath, keys: keys, migrates: false)
    }

    /// Opens the directory for the portal itself: what is missing is made, an older database brought up to date.
    ///
    /// A database without its key is an error in any case, for a new key could not read it.
    init(making configuration: PortalConfiguration) throws {
        let hasDatabase = FileManager.default.fileExists(atPath: configuration.databasePath)
        try FileManager.default.createDirectory(
            atPath: configuration.dataDirectory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        keys = PortalKeys(master: try MasterKeyFile(path: configuration.keyFile).load(create: !hasDatabase))
        // SQLite gives its log the permissions of the database, so this is enough for both.
        if !hasDatabase {
            _ = FileManager.default.createFile(
                atPath: configuration.databasePath, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        store = try SQLitePortalStore(path: configuration.databasePath, keys: keys, migrates: true)
    }

    /// There is nothing to work on.
    struct NoDatabase: Error, CustomStringConvertible {
        let path: String

        var description: String { "\(path): there is no database; eonay-portal serve makes one" }
    }
}
