// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Remembers which file a path led to, to see later whether it still does.
///
/// An open file can be written and synced long after its name is gone, and nobody would ever find what was written.
final class PinnedFile {
    private let path: String
    private let descriptor: Int32

    /// - Throws: `.moved` where there is no such file.
    init(_ path: String) throws(StoreError) {
        self.path = path
        // O_PATH: closing an ordinary descriptor would drop the locks that SQLite has on the same file in this process.
        let descriptor = open(path, __O_PATH | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw StoreError(.moved, call: "open", detail: "the file is gone") }
            try StoreError.check(descriptor, "open")
            throw StoreError(.moved, call: "open", detail: "the file is gone")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Whether the file has a name, and the path leads to it. The open descriptor keeps its inode from being used again.
    var isInPlace: Bool {
        var (own, found) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && own.st_nlink > 0 && lstat(path, &found) == 0 && Self.areSame(own, found)
    }

    func isSame(as other: Int32) -> Bool {
        var (own, found) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && fstat(other, &found) == 0 && Self.areSame(own, found)
    }

    private static func areSame(_ left: stat, _ right: stat) -> Bool {
        left.st_dev == right.st_dev && left.st_ino == right.st_ino
    }
}
