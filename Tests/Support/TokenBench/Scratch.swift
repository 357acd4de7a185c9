// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A private folder for one test. It goes with the test process, not with this value: modules and programs may still
/// use what lies in it when the last line of a test that names it has run.
public struct Scratch: Sendable {
    public let path: String

    /// - Parameter parent: a folder; the system's temporary one, if this is nil.
    public init(in parent: String? = nil) throws {
        path = (parent.map { $0 + "/" } ?? NSTemporaryDirectory()) + "eonay-token-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        Self.folders.withLock { folders in
            if folders.isEmpty { atexit { Scratch.removeAll() } }
            folders.append(path)
        }
    }

    /// Writes a file in it, with all folders on the way; gives its path.
    @discardableResult
    public func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        if mode & 0o100 != 0 { Self.waitForWriters(of: file) }
        return file
    }

    /// A program that another test starts at this moment holds a copy of our descriptor until it has been executed, and the kernel
    /// executes no file that is open for writing (ETXTBSY). It grants a lease for reading only when nobody writes (fcntl(2)).
    private static func waitForWriters(of file: String) {
        let setLease: Int32 = 1024
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        // Bounded, for a file system that has no leases.
        for _ in 0..<10_000 where fcntl(descriptor, setLease, F_RDLCK) != 0 && errno == EAGAIN { sched_yield() }
    }

    private static let folders = Mutex<[String]>([])

    private static func removeAll() {
        // A file that cannot be removed is left in the system's temporary folder.
        for folder in folders.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Writes a program that answers as a pinentry with windows does, and puts what it is told into the file `log`.
    ///
    /// - Parameter cases: what it does besides, as patterns of sh's `case`.
    /// - Returns: its path.
    public func pinentry(_ cases: String) throws -> String {
        try write(
            "pinentry",
            """
            #!/bin/sh
            echo OK
            while read -r line; do
                printf '%s\\n' "$line" >> "\(path)/log"
                case "$line" in
                "GETINFO flavor") echo "D gtk2"; echo OK;;
                \(cases)
                *) echo OK;;
                esac
            done
            """, mode: 0o700)
    }
}
