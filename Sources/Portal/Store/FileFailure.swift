// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// A file that could not be read, made or written.
struct FileFailure: Error, CustomStringConvertible {
    let path: String
    let what: String
    /// errno of the call.
    let code: Int32

    var description: String { "\(path): \(what): \(String(cString: strerror(code)))" }

    /// Whether two paths lead to one file; false where one of them leads nowhere.
    static func isSame(_ first: String, _ second: String) -> Bool {
        var (one, other) = (stat(), stat())
        guard stat(first, &one) == 0, stat(second, &other) == 0 else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// Puts a name on disk: a new file's is there only when its folder is.
    static func syncFolder(of path: String) throws(FileFailure) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(path: folder, what: "cannot be opened", code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFailure(path: folder, what: "cannot be synced", code: errno) }
    }
}
