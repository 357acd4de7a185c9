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
    private let cache: Mutex<Cache>

    private struct Cache {
        var listing: Listing
        var store: TrustStore
    }

    /// The names in the folder, with the stamps of those that are regular files.
    private struct Listing {
        /// Nil where the folder changed moments before it was listed: another change may bear the same time.
        let folder: Stamp?
        let names: [String]
        let files: [Stamp]
    }

    /// Properties of a file or folder that change when its content does.
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
        let listing = try Self.listing(path)
        cache = Mutex(Cache(listing: listing, store: Self.load(listing.files)))
    }

    /// The anchors as they are now.
    ///
    /// Throws `SystemError` where the folder has gone, since nobody would be trusted any more. The anchors read last stay
    /// available as `last`.
    public func current() throws(SystemError) -> TrustStore {
        try cache.withLock { cache throws(SystemError) in
            let listing = try Self.listing(path, known: cache.listing)
            if cache.listing.files != listing.files { cache.store = Self.load(listing.files) }
            cache.listing = listing
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

    /// - Parameter known: its names are taken where the folder has not changed since; files can change without it.
    private static func listing(_ path: String, known: Listing? = nil) throws(SystemError) -> Listing {
        let now = time(nil)
        let folder = stamp(path, S_IFDIR)
        let isKnown = folder != nil && folder == known?.folder
        let names =
            if isKnown, let known { known.names } else { try Files.listing(of: path).filter { !$0.hasPrefix(".") } }
        return Listing(
            folder: folder.flatMap { $0.seconds < now - 2 ? $0 : nil }, names: names,
            files: names.compactMap { stamp("\(path)/\($0)", S_IFREG) })
    }

    /// Nil where there is nothing of that kind.
    private static func stamp(_ path: String, _ kind: mode_t) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == kind else { return nil }
        return Stamp(
            path: path, inode: UInt64(status.st_ino), size: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    private static func read(_ stamp: Stamp) throws(SystemError) -> [UInt8] {
        // A bundle of every CA there is has half a megabyte.
        guard stamp.size <= 16 * 1024 * 1024 else { throw SystemError(code: EFBIG, call: "stat") }
        let file = try Files.open(stamp.path)
        return try Files.read(file.number, upTo: Int(stamp.size))
    }
}
