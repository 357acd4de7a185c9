// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CVirtualCard
internal import Glibc
internal import SystemBasics

/// Tells when something appears in the folder of a reader's socket.
struct ReaderWatch: ~Copyable {
    private let notifier: Descriptor

    /// Readable after something has appeared.
    var descriptor: Int32 { notifier.number }

    /// Throws `SystemError` where the folder is not there.
    init(socket path: String) throws {
        let notifier = Descriptor(
            owning: try SystemError.check(inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)), "inotify_init1"))
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let mask = UInt32(IN_CREATE | IN_MOVED_TO)
        _ = try SystemError.check(inotify_add_watch(notifier.number, folder, mask), "inotify_add_watch \(folder)")
        self.notifier = notifier
    }

    /// Takes the news off the descriptor. Their content does not matter: the connection is tried anew.
    func clear() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(notifier.number, &buffer, buffer.count) > 0 {}
    }
}
