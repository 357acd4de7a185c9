// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SystemBasics

/// The events that lie in an inotify descriptor (inotify(7)).
enum InotifyEvents {
    /// A new inotify instance; `handler` is called on the loop's thread when events lie in it. Throws what inotify says: `EMFILE`.
    static func instance(
        on loop: EventLoop, handler: @escaping @Sendable () -> Void
    ) throws(SystemError) -> WatchedDescriptor {
        let number = try SystemError.check(inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)), "inotify_init1")
        return try WatchedDescriptor(owning: number, on: loop, handler: handler)
    }

    /// Hands over each event with the name in it ("" where it has none), until there is no more or `body` answers false.
    static func read(from descriptor: Int32, _ body: (inotify_event, String) -> Bool) {
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
                    guard body(event, String(decoding: name, as: UTF8.self)) else { return }
                }
            }
        }
    }
}
