// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a process is called, from /proc.
enum ProcessName {
    /// The name that the kernel keeps (15 bytes at most); "" for a process that has ended or cannot be seen. Control characters, which a
    /// program may put into its own name, are left out.
    static func of(_ process: Int32) -> String {
        let name = String(decoding: ProcFile.read("/proc/\(process)/comm", atMost: 64), as: UTF8.self)
        return String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }))
    }
}

/// A file of /proc, which is made while it is read.
enum ProcFile {
    /// Its first bytes; none where it cannot be read.
    static func read(_ path: String, atMost limit: Int) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : []
    }
}
