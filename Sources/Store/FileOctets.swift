// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The octets of files, for a database that SQLite cannot read as it is.
enum FileOctets {
    /// The first octets of a file; nil where it cannot be read.
    static func read(_ path: String, atMost limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var octets = [UInt8](repeating: 0, count: limit)
        let count = pread(file, &octets, limit, 0)
        return count < 0 ? nil : Array(octets[..<count])
    }

    /// Copies a file, to be read by its owner alone; whether it was there, could be copied and is not empty.
    static func copy(_ path: String, to copy: String) -> Bool {
        let source = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard source >= 0 else { return false }
        defer { close(source) }
        let target = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard target >= 0 else { return false }
        defer { close(target) }
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(source, &buffer, buffer.count)
            if count == 0 { return total > 0 }
            guard count > 0, write(target, buffer, count) == count else { return false }
            total += count
        }
    }

    /// Writes over the first octets of a file, which is made where it is missing.
    static func overwrite(_ path: String, with octets: [UInt8]) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        return pwrite(file, octets, octets.count, 0) == octets.count
    }
}
