// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

/// The portal's data directory, opened: the keys and the store.
struct PortalData {
    let keys: PortalKeys
    let store: SQLitePortalStore

    /// - Parameter createKey: makes directory and key where the directory is new; a database without its key is an
    ///   error in any case, for a new key could not read it.
    init(_ configuration: PortalConfiguration, createKey: Bool) throws {
        let hasDatabase = FileManager.default.fileExists(atPath: configuration.databasePath)
        guard hasDatabase || createKey else { throw NoDatabase(path: configuration.databasePath) }
        try FileManager.default.createDirectory(
            atPath: configuration.dataDirectory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let master = try MasterKeyFile(path: configuration.keyFile).load(create: createKey && !hasDatabase)
        keys = PortalKeys(master: master)
        // SQLite gives its log the permissions of the database, so this is enough for both.
        if !hasDatabase {
            _ = FileManager.default.createFile(
                atPath: configuration.databasePath, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        store = try SQLitePortalStore(path: configuration.databasePath, keys: keys)
    }

    /// There is nothing to work on.
    struct NoDatabase: Error, CustomStringConvertible {
        let path: String

        var description: String { "\(path): there is no database; eonay-portal serve makes one" }
    }
}
