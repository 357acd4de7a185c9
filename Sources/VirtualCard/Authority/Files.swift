// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Whole files, without Foundation.
public enum Files {
    /// No certificate, key or answer of the bench comes near it.
    private static let longest = 1 << 20

    /// Reads a file of at most 1 MiB. Throws `SystemError`.
    public static func read(_ path: String) throws -> [UInt8] {
        let file = Descriptor(owning: try SystemError.check(open(path, O_RDONLY | O_CLOEXEC), "open \(path)"))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file.number, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(code: errno, call: "read \(path)") }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= longest else { throw SystemError(code: EFBIG, call: "read \(path)") }
        }
    }

    /// Writes a file anew; `isSecret` keeps others from reading it. Throws `SystemError`.
    public static func write(_ bytes: [UInt8], to path: String, isSecret: Bool = false) throws {
        let mode: mode_t = isSecret ? 0o600 : 0o644
        let file = Descriptor(
            owning: try SystemError.check(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode), "open \(path)"))
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file.number, $0.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(code: errno, call: "write \(path)") }
            written += count
        }
    }

    /// Makes a folder, unless it is there. Throws `SystemError`.
    public static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw SystemError(code: errno, call: "mkdir \(path)")
    }
}
