// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The events that lie in an inotify descriptor (inotify(7)).
enum InotifyEvents {
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
