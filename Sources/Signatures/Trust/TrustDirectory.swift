// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
internal import SystemBasics

/// Trust anchors kept as files, DER or PEM, in one or more folders; read again when a file in them changed.
///
/// Sub-folders, hidden files and files that are no certificate do not disturb: the last are listed in
/// `TrustStore.rejected`. Safe to use from any thread; reading blocks for the files.
public final class TrustDirectory: Sendable {
    /// A folder that could not be read.
    public struct Unreadable: Error, Sendable, Equatable {
        /// Folder or file.
        public let path: String
        /// errno of the call.
        public let code: Int32
        /// The function that failed.
        public let call: String
    }

    /// The folders, as given.
    public let paths: [String]
    private let cache: Mutex<(stamp: [Stamp], store: TrustStore)>

    /// Properties of a file that change when its content does.
    private struct Stamp: Equatable {
        let path: String
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// Reads the folders for the first time; throws `Unreadable` where one cannot be listed.
    public init(paths: [String]) throws(Unreadable) {
        self.paths = paths
        let stamps = try Self.stamps(paths)
        cache = Mutex((stamps, Self.load(stamps)))
    }

    /// The anchors as they are now.
    ///
    /// Throws `Unreadable` where a folder has gone, since nobody would be trusted any more. The anchors read last stay
    /// available as `last`.
    public func current() throws(Unreadable) -> TrustStore {
        let stamps = try Self.stamps(paths)
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
        TrustStore(sources: stamps.map { stamp in (stamp.path, Result { () throws(Unreadable) in try read(stamp) }) })
    }

    /// Regular files, in the order of their paths.
    private static func stamps(_ paths: [String]) throws(Unreadable) -> [Stamp] {
        var stamps: [Stamp] = []
        for path in paths {
            for name in try names(path) {
                let file = "\(path)/\(name)"
                var status = stat()
                guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
                stamps.append(
                    Stamp(
                        path: file, inode: UInt64(status.st_ino), size: Int64(status.st_size),
                        seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec))
            }
        }
        return stamps.sorted { $0.path < $1.path }
    }

    private static func names(_ path: String) throws(Unreadable) -> [String] {
        do throws(SystemError) {
            return try Files.listing(of: path).filter { !$0.hasPrefix(".") }
        } catch {
            throw Unreadable(path: path, code: error.code, call: error.call)
        }
    }

    private static func read(_ stamp: Stamp) throws(Unreadable) -> [UInt8] {
        // A bundle of every CA there is has half a megabyte.
        guard stamp.size <= 16 * 1024 * 1024 else { throw Unreadable(path: stamp.path, code: EFBIG, call: "stat") }
        do throws(SystemError) {
            let file = try Files.open(stamp.path)
            return try Files.read(file.number, upTo: Int(stamp.size))
        } catch {
            throw Unreadable(path: stamp.path, code: error.code, call: "read")
        }
    }
}
