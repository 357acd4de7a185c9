// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import GRDB
import Glibc
import SystemBasics

/// The portal's data directory, opened: the keys and the store.
struct PortalData {
    let keys: PortalKeys
    let store: SQLitePortalStore

    /// Opens the existing directory and changes nothing: for the tools.
    ///
    /// - Throws: `NoDatabase`, `MasterKeyFile.Failure`, or what `SQLitePortalStore` throws.
    init(existing configuration: PortalConfiguration) throws {
        guard FileManager.default.fileExists(atPath: configuration.databasePath) else {
            throw NoDatabase(path: configuration.databasePath)
        }
        keys = PortalKeys(master: try MasterKeyFile(path: configuration.keyFile).load(create: false))
        store = try SQLitePortalStore(path: configuration.databasePath, keys: keys, migrates: false)
    }

    /// Opens the directory for the portal itself. Creates what is missing, and brings an older database up to date.
    ///
    /// A database without its key is an error, because a new key could not read it.
    init(making configuration: PortalConfiguration) throws {
        let hasDatabase = FileManager.default.fileExists(atPath: configuration.databasePath)
        try FileManager.default.createDirectory(
            atPath: configuration.dataDirectory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        keys = PortalKeys(master: try MasterKeyFile(path: configuration.keyFile).load(create: !hasDatabase))
        // SQLite gives its log the permissions of the database.
        if !hasDatabase {
            _ = FileManager.default.createFile(
                atPath: configuration.databasePath, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        store = try SQLitePortalStore(path: configuration.databasePath, keys: keys, migrates: true)
    }

    struct NoDatabase: Error, CustomStringConvertible {
        let path: String

        var description: String { "\(path): there is no database; eonay-portal serve makes one" }
    }
}

/// The file with the master key: 32 octets, which only the portal's user can read.
struct MasterKeyFile {
    let path: String

    /// The file does not hold a key, or others can read it; the description says what to do.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The key; throws `SystemError` or `Failure`. If the file is missing and `create` is true, makes a key and syncs it.
    func load(create: Bool) throws -> SymmetricKey {
        let file: Descriptor
        do {
            file = try Files.open(path, O_RDONLY | O_NOFOLLOW)
        } catch {
            guard error.code == ENOENT, create else { throw error }
            return try make()
        }
        var status = stat()
        try SystemError.check(fstat(file.number, &status), "fstat \(path)")
        guard status.st_mode & 0o077 == 0 else {
            throw Failure(description: "\(path): others may read the key; run chmod 600 on it")
        }
        let bytes = try Files.read(file.number, upTo: 33)
        guard bytes.count == 32 else { throw Failure(description: "\(path): not a key of 32 octets") }
        return SymmetricKey(data: bytes)
    }

    private func make() throws -> SymmetricKey {
        let key = SymmetricKey(size: .bits256)
        let file = try Files.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        try Files.write(key.withUnsafeBytes { Array($0) }, to: file.number)
        try SystemError.check(fsync(file.number), "fsync \(path)")
        try Files.syncFolder(of: path)
        return key
    }
}

/// A copy of the database, made while it is in use (SQLite's online backup). It needs no key, and works with any version.
struct DatabaseCopy {
    let source: String

    /// Writes the copy, which only its owner can read, to a file beside its path, and renames it when it is whole and on
    /// disk. An older copy of that name stays until then.
    ///
    /// - Throws: `SystemError` or GRDB's `DatabaseError`; then nothing has changed.
    func write(to path: String) throws {
        let partial = path + ".partial"
        // Left by an interrupted copy.
        unlink(partial)
        let file = try Files.open(partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
        defer { unlink(partial) }
        try copy(to: partial)
        try SystemError.check(fsync(file.number), "fsync \(partial)")
        try SystemError.check(rename(partial, path), "rename \(path)")
        try Files.syncFolder(of: path)
    }

    private func copy(to path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let database = try DatabaseQueue(path: source, configuration: configuration)
        let copy = try DatabaseQueue(path: path)
        try database.backup(to: copy)
        try copy.close()
        try database.close()
    }
}

extension Files {
    /// Syncs the folder of a path: only then the name of a new file is on disk.
    fileprivate static func syncFolder(of path: String) throws(SystemError) {
        let folder = parent(of: path)
        try syncFolder(folder.isEmpty ? "." : folder)
    }
}
