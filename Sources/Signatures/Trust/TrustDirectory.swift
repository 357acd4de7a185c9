// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
public import SystemBasics

/// Trust anchors kept as files, DER or PEM, in a folder; read again when a file in it changed.
///
/// Sub-folders, hidden files and files that are no certificate do not disturb: the last are listed in
/// `TrustStore.rejected`. Safe to use from any thread; reading blocks for the files.
public final class TrustDirectory: Sendable {
    private let path: String
    private let cache: Mutex<(stamp: [Stamp], store: TrustStore)>

    /// Properties of a file that change when its content does.
    private struct Stamp: Equatable {
        let path: String
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// Reads the folder for the first time; throws `SystemError` where it cannot be listed.
    public init(_ path: String) throws(SystemError) {
        self.path = path
        let stamps = try Self.stamps(path)
        cache = Mutex((stamps, Self.load(stamps)))
    }

    /// The anchors as they are now.
    ///
    /// Throws `SystemError` where the folder has gone, since nobody would be trusted any more. The anchors read last stay
    /// available as `last`.
    public func current() throws(SystemError) -> TrustStore {
        let stamps = try Self.stamps(path)
        return cache.withLock { cache in
            if cache.stamp != stamps { cache = (stamps, Self.load(stamps)) }
            return cache.store
        }
    }

    /// The anchors as they were read last.
    public var last: TrustStore {
        cache.withLock { $0.store }
    }

    private static func load(_ stamps: [Stamp]) -> TrustStore {
        TrustStore(sources: stamps.map { stamp in (stamp.path, Result { () throws(SystemError) in try read(stamp) }) })
    }

    /// Regular files, in the order of their names.
    private static func stamps(_ path: String) throws(SystemError) -> [Stamp] {
        try Files.listing(of: path).filter { !$0.hasPrefix(".") }.compactMap { name in
            let file = "\(path)/\(name)"
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return Stamp(
                path: file, inode: UInt64(status.st_ino), size: Int64(status.st_size),
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        }
    }

    private static func read(_ stamp: Stamp) throws(SystemError) -> [UInt8] {
        // A bundle of every CA there is has half a megabyte.
        guard stamp.size <= 16 * 1024 * 1024 else { throw SystemError(code: EFBIG, call: "stat") }
        let file = try Files.open(stamp.path)
        return try Files.read(file.number, upTo: Int(stamp.size))
    }
}
