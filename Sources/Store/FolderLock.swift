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
    init(path: String, _ patience: BusyTimeout) throws(StoreError) {
        let start = BusyTimeout.now()
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

    deinit {
        // By name, since a child that is being started has the open file too, until it runs its program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Whether others who look for the lock still meet this one.
    var isInPlace: Bool { file.isInPlace }

    private static func claim(
        _ descriptor: Int32, _ patience: BusyTimeout, since start: Int64
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

/// Remembers which file a path led to, to see later whether it still does.
///
/// An open file can be written and synced long after its name is gone, and nobody would ever find those rows.
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
