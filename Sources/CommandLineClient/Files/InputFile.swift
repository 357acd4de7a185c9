// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads what a person names: a file, or standard input as "-".
enum InputFile {
    /// All bytes of a file that has no more than `limit`. Throws `Failure` `.fileUnreadable` or `.fileTooLarge`.
    static func contents(of path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 {
                guard errno == EINTR else { throw unreadable(path) }
                continue
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw Failure(.fileTooLarge, subject: path) }
        }
    }

    private static func unreadable(_ path: String) -> Failure {
        unreadable(path, errno)
    }

    /// A file or folder that the system does not give.
    static func unreadable(_ path: String, _ error: Int32) -> Failure {
        let code: Failure.Code =
            switch error {
            case ENOENT, ENOTDIR: .fileMissing
            case EACCES, EPERM: .fileForbidden
            case EISDIR: .fileIsFolder
            default: .fileUnreadable
            }
        return Failure(code, subject: path, detail: String(cString: strerror(error)))
    }
}
