// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The claim of one process on the state folder, held from the opening of the record to its close.
///
/// SQLite's own locks protect one transaction. They do not keep a second service from ending the approvals of the first one, or
/// from giving out the same numbers. The kernel drops this lock with the process, so a crash leaves none behind.
final class FolderLock {
    private let file: PinnedFile
    private let descriptor: Int32

    /// Takes the lock and writes this process' number into the file, for people and for the next one that asks.
    ///
    /// - Parameter patience: how long another one is waited for. A process that was killed lets go a moment later.
    /// - Throws: `.inUse` with the holder.
    init(path: String, _ patience: Patience) throws(StoreError) {
        let start = Patience.now()
        // A lock file that is removed between the opening and the lock is no lock: nobody else would meet it.
        for _ in 1...100 {
            let descriptor = try StoreError.check(
                open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600), "open")
            do throws(StoreError) {
                try StateFolder.requireOwnFile(descriptor)
                try Self.claim(descriptor, patience, since: start)
                let file = try PinnedFile(path)
                if file.isSame(as: descriptor) {
                    (self.descriptor, self.file) = (descriptor, file)
                    writeHolder()
                    return
                }
            } catch {
                close(descriptor)
                guard error.code == .moved else { throw error }
                continue
            }
            close(descriptor)
        }
        throw StoreError(.moved, call: "flock", detail: "the lock file is replaced again and again")
    }

    deinit { close(descriptor) }

    /// Whether others who look for the lock still meet this one.
    var isInPlace: Bool { file.isInPlace }

    private static func claim(
        _ descriptor: Int32, _ patience: Patience, since start: Int64
    ) throws(StoreError) {
        // flock(2), since its locks belong to the open file: another descriptor of this process does not drop them, and a
        // second store in this process is refused as any other. On NFS the kernel makes a byte-range lock of it.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK where patience.wait(since: start): continue
            case EWOULDBLOCK:
                let holder = holder(in: descriptor)
                let name = holder.map { "process \($0)" } ?? "another process"
                throw StoreError(.inUse, call: "flock", detail: "\(name) keeps the record", holder: holder)
            default: try StoreError.check(-1, "flock")
            }
        }
    }

    private static func holder(in descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer[..<count].prefix { $0 != 0x0A }, as: UTF8.self)).flatMap {
            $0 > 0 ? $0 : nil
        }
    }

    private func writeHolder() {
        // Best effort: the lock holds on a full disk too, and then the next one says "another process".
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }
}
