// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

#if canImport(Glibc)
import Glibc
#endif

/// A copy of the database, made while it is in use (SQLite's online backup). It needs no key, and takes any version.
struct DatabaseCopy {
    let source: String

    /// Writes the copy, readable by its owner alone, beside where it is to be, and puts it there when it is whole and on
    /// disk: an older copy of that name stays until then.
    ///
    /// - Throws: `FileFailure` or GRDB's `DatabaseError`; then nothing has changed.
    func write(to path: String) throws {
        let partial = path + ".partial"
        // What an interrupted copy left is worth nothing.
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
