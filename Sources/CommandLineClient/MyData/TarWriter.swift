// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemBasics

/// Writes an archive of small files (POSIX.1-2017, pax, "ustar Interchange Format"), readable by its owner alone.
///
/// Its file must not exist; one that is not finished is removed.
struct TarWriter: ~Copyable {
    private let path: String
    private let file: Descriptor
    private let time: Int64
    private var isComplete = false

    /// Throws `Failure` `.fileExists` or `.fileUnwritable`.
    init(_ path: String, at time: Int64) throws(Failure) {
        do throws(SystemError) {
            file = try Files.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        } catch {
            throw error.code == EEXIST
                ? Failure(.fileExists, subject: path) : Failure(.fileUnwritable, subject: path, detail: "\(error)")
        }
        (self.path, self.time) = (path, time)
    }

    deinit { if !isComplete { unlink(path) } }

    /// Adds a file; the name has 100 octets at most, in ASCII.
    mutating func add(_ name: String, _ contents: [UInt8]) throws(Failure) {
        precondition(name.utf8.count <= 100)
        var head = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            head.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        func octal(_ number: Int64, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        put(name, at: 0)
        put(octal(0o600, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(Int64(contents.count), 11), at: 124)
        put(octal(max(0, time), 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(octal(head.reduce(0) { $0 + Int64($1) }, 6) + "\u{0} ", at: 148)
        try write(head + contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512))
    }

    /// Ends the archive, and returns when it is on the disk.
    consuming func finish() throws(Failure) {
        try write([UInt8](repeating: 0, count: 1024))
        guard fsync(file.number) == 0 else {
            throw Failure(.fileUnwritable, subject: path, detail: "\(SystemError.last("fsync"))")
        }
        isComplete = true
    }

    private func write(_ bytes: [UInt8]) throws(Failure) {
        do throws(SystemError) { try Files.write(bytes, to: file.number) } catch {
            throw Failure(.fileUnwritable, subject: path, detail: "\(error)")
        }
    }
}
