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

    /// The key; throws `FileFailure` or `Failure`. If the file is missing and `create` is true, makes a key and syncs it.
    func load(create: Bool) throws -> SymmetricKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 {
            guard errno == ENOENT, create else { throw failure("cannot be read") }
            return try make()
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read") }
        guard status.st_mode & 0o077 == 0 else {
            throw Failure(description: "\(path): others may read the key; run chmod 600 on it")
        }
        var bytes = [UInt8](repeating: 0, count: 33)
        guard read(descriptor, &bytes, bytes.count) == 32 else {
            throw Failure(description: "\(path): not a key of 32 octets")
        }
        return SymmetricKey(data: bytes.prefix(32))
    }

    private func make() throws -> SymmetricKey {
        let key = SymmetricKey(size: .bits256)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be made") }
        defer { close(descriptor) }
        let written = key.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == 32, fsync(descriptor) == 0 else { throw failure("cannot be written") }
        try FileFailure.syncFolder(of: path)
        return key
    }

    /// Reads `errno`, so call it right after the call that failed.
    private func failure(_ what: String) -> FileFailure { FileFailure(path: path, what: what, code: errno) }
}

/// A copy of the database, made while it is in use (SQLite's online backup). It needs no key, and works with any version.
struct DatabaseCopy {
    let source: String

    /// Writes the copy, which only its owner can read, to a file beside its path, and renames it when it is whole and on
    /// disk. An older copy of that name stays until then.
    ///
    /// - Throws: `FileFailure` or GRDB's `DatabaseError`; then nothing has changed.
    func write(to path: String) throws {
        let partial = path + ".partial"
        // Left by an interrupted copy.
        unlink(partial)
        let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure(path: partial, what: "cannot be written", code: errno) }
        defer {
            close(descriptor)
            unlink(partial)
        }
        try copy(to: partial)
        guard fsync(descriptor) == 0 else { throw FileFailure(path: partial, what: "cannot be written", code: errno) }
        guard rename(partial, path) == 0 else { throw FileFailure(path: path, what: "cannot be replaced", code: errno) }
        try FileFailure.syncFolder(of: path)
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

/// A file could not be read, created or written.
struct FileFailure: Error, CustomStringConvertible {
    let path: String
    let what: String
    /// errno of the call.
    let code: Int32

    var description: String { "\(path): \(what): \(String(cString: strerror(code)))" }

    /// Whether two paths lead to one file; false if one of them leads nowhere.
    static func isSame(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard stat(first, &one) == 0, stat(second, &other) == 0 else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// Syncs the folder of a path: only then the name of a new file is on disk.
    static func syncFolder(of path: String) throws(FileFailure) {
        let folder = Files.parent(of: path)
        do { try Files.syncFolder(folder.isEmpty ? "." : folder) } catch {
            throw FileFailure(path: folder, what: "cannot be synced", code: error.code)
        }
    }
}
