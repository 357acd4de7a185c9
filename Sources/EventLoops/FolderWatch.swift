// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
public import SystemBasics

/// Tells which names appear in a folder, go from it and are written to, also if the folder itself comes later, by inotify.
///
/// While the folder is missing, the nearest parent that exists is watched. The content of the folder when the watch is made is not reported:
/// make the watch first, then look. When the folder appears later, its content is told name by name (a name may then be told twice).
public final class FolderWatch: Sendable {
    public enum Event: Sendable, Equatable {
        case folderAppeared
        case folderGone
        case appeared(String)
        case gone(String)
        /// Somebody who had it open for writing has closed it; told only to who asks for writes.
        case written(String)
    }

    private let path: String
    private let writes: UInt32
    private let handler: @Sendable (Event) -> Void
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var inotify: WatchedDescriptor?
    /// The inotify watch of the folder, or of the parent that stands in for it.
    nonisolated(unsafe) private var current: (id: Int32, path: String)?

    /// Watches the folder at that absolute path, with `writes` for what is written in it too; `handler` is called on the loop's thread.
    ///
    /// To be called on the loop's thread, or before the loop runs. Throws what inotify says: `EMFILE`, `ENOSPC`.
    public init(
        _ path: String, on loop: EventLoop, writes: Bool = false, handler: @escaping @Sendable (Event) -> Void
    ) throws(SystemError) {
        self.writes = writes ? UInt32(IN_CLOSE_WRITE) : 0
        self.path = Self.normalized(path)
        self.handler = handler
        let inotify = try InotifyEvents.instance(on: loop) { [weak self] in self?.readEvents() }
        self.inotify = inotify
        try attach(inotify.number)
    }

    /// Ends the watch. To be called on the loop's thread.
    public func cancel() {
        inotify?.cancel()
        inotify = nil
    }

    private var isOnFolder: Bool { current?.path == path }

    /// Puts the inotify watch on the folder, or on its nearest parent that exists.
    private func attach(_ descriptor: Int32) throws(SystemError) {
        while true {
            var candidate = path
            var id = add(candidate, descriptor)
            while id < 0 {
                let error = SystemError.last("inotify_add_watch")
                // EACCES: a parent that may be entered and not read cannot be watched; the next one up can tell nothing of it.
                guard error.code == ENOENT || error.code == ENOTDIR, candidate != "/" else { throw error }
                candidate = Self.parent(of: candidate)
                id = add(candidate, descriptor)
            }
            if let current, current.id != id { inotify_rm_watch(descriptor, current.id) }
            current = (id, candidate)
            // The next step on the way may have been made between the failed try and the watch on its parent.
            if candidate == path || access(Self.child(of: candidate, towards: path), F_OK) != 0 { return }
            // It exists but is no folder: wait until it is replaced.
            if !Files.isFolder(Self.child(of: candidate, towards: path)) { return }
        }
    }

    private func add(_ path: String, _ descriptor: Int32) -> Int32 {
        let mask =
            UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE_SELF)
            | UInt32(IN_MOVE_SELF) | writes | UInt32(IN_ONLYDIR)
        return inotify_add_watch(descriptor, path, mask)
    }

    private func readEvents() {
        guard let descriptor = inotify?.number else { return }
        InotifyEvents.read(from: descriptor) { event, name in
            handle(id: event.wd, mask: event.mask, name: name)
            return inotify != nil
        }
    }

    private func handle(id: Int32, mask: UInt32, name: String) {
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { return lookAgain() }
        guard let current, current.id == id else { return }
        let isEnd = mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT) != 0
        guard isOnFolder else { return lookAgain() }
        if isEnd {
            handler(.folderGone)
            lookAgain()
        } else if mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 {
            handler(.appeared(name))
        } else if mask & UInt32(IN_DELETE | IN_MOVED_FROM) != 0 {
            handler(.gone(name))
        } else if mask & UInt32(IN_CLOSE_WRITE) != 0 {
            handler(.written(name))
        }
    }

    /// Attaches anew, and tells the folder's content if it is there (now, or after events were lost).
    private func lookAgain() {
        guard let descriptor = inotify?.number else { return }
        let wasOnFolder = isOnFolder && Files.isFolder(path)
        if let current, !wasOnFolder {
            inotify_rm_watch(descriptor, current.id)
            self.current = nil
        }
        // Fails only if even "/" cannot be watched any more, for want of memory: then nothing is told until the next event.
        try? attach(descriptor)
        guard isOnFolder else { return }
        if !wasOnFolder { handler(.folderAppeared) }
        for name in Files.names(in: path) {
            guard inotify != nil else { return }
            handler(.appeared(name))
        }
    }

    private static func normalized(_ path: String) -> String {
        "/" + path.split(separator: "/").joined(separator: "/")
    }

    private static func parent(of path: String) -> String {
        normalized(path.split(separator: "/").dropLast().joined(separator: "/"))
    }

    private static func child(of parent: String, towards path: String) -> String {
        let depth = parent.split(separator: "/").count
        return normalized(path.split(separator: "/").prefix(depth + 1).joined(separator: "/"))
    }
}
