// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// The file with the master key: 32 octets, readable by the portal's user alone.
struct MasterKeyFile {
    let path: String

    /// What is wrong with what the file holds, and what to do.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The key; throws `FileFailure` or `Failure`. It is made and synced to disk where the file is missing and `create` allows it.
    func load(create: Bool) throws -> SymmetricKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 {
            guard errno == ENOENT, create else { throw failure("cannot be read") }
            return try make()
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read") }
        guard status.st_mode & 0o077 == 0 else {
            throw Failure(description: "\(path): others may read the key; run chmod 600 on it")
        }
        var bytes = [UInt8](repeating: 0, count: 33)
        guard read(descriptor, &bytes, bytes.count) == 32 else {
            throw Failure(description: "\(path): not a key of 32 octets")
        }
        return SymmetricKey(data: bytes.prefix(32))
    }

    private func make() throws -> SymmetricKey {
        let key = SymmetricKey(size: .bits256)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be made") }
        defer { close(descriptor) }
        let written = key.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == 32, fsync(descriptor) == 0 else { throw failure("cannot be written") }
        try FileFailure.syncFolder(of: path)
        return key
    }

    /// To be called right after the call that failed: it reads `errno`.
    private func failure(_ what: String) -> FileFailure { FileFailure(path: path, what: what, code: errno) }
}
