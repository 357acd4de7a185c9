// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The folder that holds the database: made where it is missing, ours alone, and known to be on the disk.
struct StateFolder {
    let path: String
    var database: String { path + "/eonay.db" }

    /// Whether there is a database file that is not empty: one that was being made when the machine stopped is.
    var hasDatabase: Bool {
        var status = stat()
        return stat(database, &status) == 0 && status.st_size > 0
    }

    /// Makes the folder and those above it, each 0700, and takes away what others may do in it.
    func prepare() throws(StoreError) {
        try make(path)
        let folder = try StoreError.check(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open")
        defer { close(folder) }
        try restrict(folder, to: 0o700)
    }

    /// Makes an empty database file where there is none, 0600 from its first moment; SQLite gives its companion files
    /// the same mode.
    func prepareDatabase() throws(StoreError) {
        let file = try StoreError.check(
            open(database, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600), "open")
        defer { close(file) }
        try restrict(file, to: 0o600)
    }

    /// Writes the folder's entries to the disk: a file that is synced is of no use while its name is not.
    func sync() throws(StoreError) {
        try sync(path)
    }

    /// Renames a damaged database, and its journal with it, to a name that is free: "eonay.db.broken-1".
    ///
    /// The journal goes first. Left behind, it would be played into the new database.
    func moveDatabaseAside() throws(StoreError) -> String {
        var number = 1
        while access("\(database).broken-\(number)", F_OK) == 0 || access("\(database).broken-\(number)-wal", F_OK) == 0
        {
            number += 1
        }
        let aside = "\(database).broken-\(number)"
        for suffix in ["-wal", "-journal", ""] where access(database + suffix, F_OK) == 0 {
            try StoreError.check(rename(database + suffix, aside + suffix), "rename")
        }
        unlink(database + "-shm")
        try sync()
        return aside
    }

    private func make(_ path: String) throws(StoreError) {
        if access(path, F_OK) == 0 || path.isEmpty { return }
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        try make(parent)
        if mkdir(path, 0o700) != 0 {
            if errno == EEXIST { return }
            try StoreError.check(-1, "mkdir")
        }
        try sync(parent.isEmpty ? "/" : parent)
    }

    private func sync(_ path: String) throws(StoreError) {
        let folder = try StoreError.check(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open")
        defer { close(folder) }
        try StoreError.check(fsync(folder), "fsync")
    }

    private func restrict(_ file: Int32, to mode: mode_t) throws(StoreError) {
        var status = stat()
        try StoreError.check(fstat(file, &status), "fstat")
        guard status.st_uid == geteuid() else {
            throw StoreError(.denied, call: "fstat", detail: "owned by user \(status.st_uid)")
        }
        if status.st_mode & 0o7777 != mode { try StoreError.check(fchmod(file, mode), "fchmod") }
    }
}
