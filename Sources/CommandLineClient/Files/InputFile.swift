// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemBasics

/// Reads what a person names: a file, or standard input as "-".
enum InputFile {
    /// All bytes of a file that has no more than `limit`. Throws `Failure` `.fileUnreadable` or `.fileTooLarge`.
    static func contents(of path: String, limit: Int) throws(Failure) -> [UInt8] {
        do throws(SystemError) {
            // A FIFO is waited for: a shell makes one of `<(…)`.
            let bytes: [UInt8]
            if path == "-" {
                bytes = try Files.read(STDIN_FILENO, upTo: limit + 1)
            } else {
                let file = try Files.open(path)
                bytes = try Files.read(file.number, upTo: limit + 1)
            }
            if bytes.count <= limit { return bytes }
        } catch {
            throw unreadable(path, error.code)
        }
        throw Failure(.fileTooLarge, subject: path)
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

/// The certificates that a person or the administrator trusts, each a file in a folder.
enum TrustFolder {
    /// Used where no folder is named; may be missing.
    static let usual = "/etc/eonay/trust"

    private static let mostFiles = 256
    private static let largestFile = 64 * 1024
    private static let endings = [".pem", ".crt", ".cer", ".der"]

    /// The bytes of each certificate file, in the order of their names.
    ///
    /// Throws `.fileUnreadable`, for the usual folder only if it is there; `.fileTooLarge` for a file beyond 64 KiB, and for more
    /// than 256 of them.
    static func certificates(in path: String?) throws(Failure) -> [[UInt8]] {
        let folder = path ?? usual
        let names: [String]
        do throws(SystemError) {
            names = try Files.listing(of: folder)
        } catch {
            if path == nil, error.code == ENOENT { return [] }
            throw InputFile.unreadable(folder, error.code)
        }
        let files = names.filter { name in endings.contains { name.hasSuffix($0) } }
        guard files.count <= mostFiles else {
            throw Failure(.fileTooLarge, subject: folder, detail: "\(files.count) > \(mostFiles)")
        }
        var certificates: [[UInt8]] = []
        for file in files {
            certificates.append(try InputFile.contents(of: "\(folder)/\(file)", limit: largestFile))
        }
        return certificates
    }
}
