// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
public import SystemBasics

/// Tells that something in one of many folders was made, replaced, finished, changed in its permissions or removed, by one inotify instance.
///
/// For who looks at everything anew then. A folder that does not exist yet is waited for: its nearest parent that exists stands in for
/// it, and only the next step on the way to it counts there. So it is with one that may not be read.
public final class FoldersWatch: Sendable {
    private let folders: [String]
    private let isOfInterest: @Sendable (String) -> Bool
    private let handler: @Sendable () -> Void
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var inotify: WatchedDescriptor?
    /// By inotify's number: what counts in that folder. Two paths may be one folder.
    nonisolated(unsafe) private var watched: [Int32: Interest] = [:]

    private struct Interest {
        /// The folder itself is meant.
        var isFolder = false
        /// Names of the steps that are waited for.
        var steps: Set<String> = []
    }

    /// Watches these absolute paths; `handler` is called on the loop's thread, once for all that came together.
    ///
    /// To be called on the loop's thread, or before the loop runs. `isOfInterest` is asked about names in the folders themselves. Throws
    /// what inotify says: `EMFILE`, `ENOSPC`.
    public init(
        _ folders: [String], on loop: EventLoop, isOfInterest: @escaping @Sendable (String) -> Bool = { _ in true },
        handler: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        (self.folders, self.isOfInterest, self.handler) = (folders, isOfInterest, handler)
        inotify = try InotifyEvents.instance(on: loop) { [weak self] in self?.readEvents() }
        attach()
        // Even "/" cannot be watched: the system has no watch to spare.
        guard !watched.isEmpty || folders.isEmpty else { throw SystemError.last("inotify_add_watch") }
    }

    /// Ends the watch. To be called on the loop's thread.
    public func cancel() {
        inotify?.cancel()
        inotify = nil
    }

    /// Puts a watch on each folder, or on the parent that stands in for it, and takes away those that are of no use any more.
    private func attach() {
        guard let descriptor = inotify?.number else { return }
        var now: [Int32: Interest] = [:]
        for folder in folders { attach(folder.split(separator: "/").map(String.init), descriptor, &now) }
        for id in watched.keys where now[id] == nil { inotify_rm_watch(descriptor, id) }
        watched = now
    }

    private func attach(_ steps: [String], _ descriptor: Int32, _ now: inout [Int32: Interest]) {
        var depth = steps.count
        var attempts = 0
        while depth >= 0 {
            let id = add("/" + steps.prefix(depth).joined(separator: "/"), descriptor)
            if id >= 0, depth == steps.count {
                now[id, default: Interest()].isFolder = true
                return
            }
            if id >= 0 {
                now[id, default: Interest()].steps.insert(steps[depth])
                attempts += 1
                // The next step may have been made between the failed try and the watch on its parent.
                guard attempts < 3, isFolder("/" + steps.prefix(depth + 1).joined(separator: "/")) else { return }
                depth = steps.count
            } else if errno == ENOENT || errno == ENOTDIR || errno == EACCES {
                depth -= 1
            } else {
                return
            }
        }
    }

    /// Whether it is one that can be watched.
    private func isFolder(_ path: String) -> Bool {
        Files.isFolder(path) && access(path, R_OK) == 0
    }

    private func add(_ path: String, _ descriptor: Int32) -> Int32 {
        let mask =
            UInt32(IN_CREATE) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_ATTRIB) | UInt32(IN_DELETE) | UInt32(IN_MOVED_TO)
            | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_ONLYDIR)
        return inotify_add_watch(descriptor, path, mask)
    }

    private func readEvents() {
        guard let descriptor = inotify?.number else { return }
        var (isNews, mustAttach) = (false, false)
        InotifyEvents.read(from: descriptor) { event, name in take(event, name, &isNews, &mustAttach) }
        if mustAttach { attach() }
        if isNews { handler() }
    }

    private func take(_ event: inotify_event, _ name: String, _ isNews: inout Bool, _ mustAttach: inout Bool) {
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
            (isNews, mustAttach) = (true, true)
            return
        }
        guard let interest = watched[event.wd] else { return }
        if event.mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT) != 0 {
            watched[event.wd] = nil
            (isNews, mustAttach) = (true, true)
        } else if interest.steps.contains(name) {
            (isNews, mustAttach) = (true, true)
        } else if interest.isFolder, !name.isEmpty, isOfInterest(name) {
            isNews = true
        }
    }
}

/// The events that lie in an inotify descriptor (inotify(7)).
private enum InotifyEvents {
    /// A new inotify instance; `handler` is called on the loop's thread when events lie in it. Throws what inotify says: `EMFILE`.
    static func instance(
        on loop: EventLoop, handler: @escaping @Sendable () -> Void
    ) throws(SystemError) -> WatchedDescriptor {
        let number = try SystemError.check(inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)), "inotify_init1")
        return try WatchedDescriptor(owning: number, on: loop, handler: handler)
    }

    /// Hands over each event with the name in it ("" where it has none), until there is no more.
    static func read(from descriptor: Int32, _ body: (inotify_event, String) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 8192, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                guard count > 0 else { return }
                var offset = 0
                while offset < count {
                    let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let nameStart = offset + MemoryLayout<inotify_event>.size
                    let name = buffer[nameStart..<nameStart + Int(event.len)].prefix { $0 != 0 }
                    offset = nameStart + Int(event.len)
                    body(event, String(decoding: name, as: UTF8.self))
                }
            }
        }
    }
}
