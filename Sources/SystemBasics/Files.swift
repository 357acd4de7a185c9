// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Glibc

/// Files, folders and links, without Foundation.
public enum Files {
    /// Opens a file; it is closed on exec.
    public static func open(
        _ path: String, _ flags: Int32 = O_RDONLY, mode: mode_t = 0o600
    ) throws(SystemError) -> Descriptor {
        Descriptor(owning: try SystemError.check(Glibc.open(path, flags | O_CLOEXEC, mode), "open \(path)"))
    }

    // MARK: - Reading

    /// The whole file. Throws `EFBIG` where it is longer than `limit`.
    public static func read(_ path: String, atMost limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        let bytes = try bytes(of: path, upTo: limit + 1)
        guard bytes.count <= limit else { throw SystemError(code: EFBIG, call: "read \(path)") }
        return bytes
    }

    /// The first bytes of a file; nil where it cannot be read.
    public static func beginning(of path: String, atMost limit: Int) -> [UInt8]? {
        try? bytes(of: path, upTo: limit)
    }

    private static func bytes(of path: String, upTo limit: Int) throws(SystemError) -> [UInt8] {
        // A FIFO must not be waited for.
        let file = try open(path, O_RDONLY | O_NONBLOCK)
        return try read(file.number, upTo: limit)
    }

    /// The rest of a descriptor's bytes, or the first `limit` of them.
    public static func read(_ descriptor: Int32, upTo limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            var error: SystemError?
            let chunk = [UInt8](unsafeUninitializedCapacity: min(limit - bytes.count, 1 << 16)) { buffer, count in
                var result = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                while result < 0, errno == EINTR { result = Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
                if result < 0 { error = SystemError.last("read") }
                count = max(0, result)
            }
            if let error { throw error }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return bytes
    }

    // MARK: - Writing

    /// Writes all bytes to a descriptor. One that does not block, as a caller's shell may have left a terminal, is waited for.
    public static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
                continue
            }
            written += try SystemError.check(count, "write")
        }
    }

    /// Sends all bytes on a socket that blocks. Throws `EPIPE`, without a signal, where the other end has gone.
    public static func send(_ bytes: [UInt8], on socket: Int32) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            sent += try SystemError.check(count, "send")
        }
    }

    /// Writes a file anew, in the place where it is.
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(SystemError) {
        let file = try open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        try write(bytes, to: file.number)
    }

    /// Puts a file in the place of another, whole or not at all, with just these rights: it is written beside it, synced and renamed.
    ///
    /// A pipe, a terminal or another file that is not an ordinary one is written to.
    public static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws(SystemError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let file = try open(path, O_WRONLY)
            return try write(bytes, to: file.number)
        }
        let folder = parent(of: path)
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] } ?? path[...]
        let draft = (folder.isEmpty ? "." : folder) + "/.\(name).\(getpid())"
        // Left behind by a process of that number that was killed.
        unlink(draft)
        do throws(SystemError) {
            let file = try open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
            try write(bytes, to: file.number)
            try SystemError.check(fchmod(file.number, mode), "fchmod")
            try SystemError.check(fsync(file.number), "fsync")
            try SystemError.check(rename(draft, path), "rename \(path)")
        } catch {
            unlink(draft)
            throw error
        }
    }

    /// Puts the entries of a folder on the disk: a file that is synced is of no use while its name is not.
    public static func syncFolder(_ path: String) throws(SystemError) {
        let folder = try open(path, O_RDONLY | O_DIRECTORY)
        try SystemError.check(fsync(folder.number), "fsync")
    }

    /// Makes a folder, unless it exists.
    public static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(SystemError) {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        throw SystemError.last("mkdir \(path)")
    }

    // MARK: - Looking

    /// The names in a folder, as by `listing`; empty where it cannot be read.
    public static func names(in path: String) -> [String] { (try? listing(of: path)) ?? [] }

    /// The names in a folder, "." and ".." left out, sorted by their bytes.
    public static func listing(of path: String) throws(SystemError) -> [String] {
        guard let folder = opendir(path) else { throw SystemError.last("opendir \(path)") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether a file has that path, also one that this process may not read.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The path of a program that PATH leads to, or that lies in /usr/bin; nil where there is none. A name from the root is a path
    /// already. A folder that PATH does not name from the root is left out.
    public static func program(_ name: String, path: String? = nil) -> String? {
        if name.hasPrefix("/") { return name }
        let path = path ?? getenv("PATH").map { String(cString: $0) } ?? ""
        let folders = path.split(separator: ":").filter { $0.hasPrefix("/") } + ["/usr/bin"]
        return folders.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The target of a link; nil where it is none.
    public static func target(of link: String) -> String? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) { buffer in
            let length = readlink(link, buffer.baseAddress!, buffer.count)
            guard length > 0, length < buffer.count else { return nil }
            return String(decoding: buffer[..<length], as: UTF8.self)
        }
    }

    /// The path with its links followed; nil where it leads nowhere.
    public static func realPath(of path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The folder that holds the path's last name: "" for a name alone.
    public static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
