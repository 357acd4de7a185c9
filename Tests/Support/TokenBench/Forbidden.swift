// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A person's folder and a listening socket, for code that tries what it has no business to do (Tests/Support/modules/tries.h).
public final class Forbidden {
    /// For the process that tries.
    public let environment: [String: String]
    public let key: String
    private let listener: Int32

    public init() throws {
        let home = try Scratch()
        key = try home.write(".ssh/id", "secret")
        _ = try home.write(".config/opensc/opensc.conf", "app default {}")
        let name = "eonay-" + UUID().uuidString
        environment = [
            "HOME": home.path, "XDG_CONFIG_HOME": home.path + "/.config", "EONAY_TEST_HOME": home.path,
            "EONAY_TEST_ABSTRACT": name,
        ]
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // Abstract: the first octet is a zero.
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name.utf8) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) }
        }
        guard bound == 0, listen(listener, 8) == 0 else { throw Tool.Failure("no abstract socket: errno \(errno)") }
    }

    deinit { close(listener) }

    /// What was tried and what came of it: an error's name, or "done".
    public static func results(_ lines: String) -> [String: String] {
        let pairs = lines.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 }
    }

    /// What comes of it in any job of ours.
    public static let anywhere: [String: String] = {
        var expected: [String: String] = [:]
        for name in ["read-system", "read-program", "local-socket", "thread"] { expected[name] = "done" }
        for name in [
            "read-key", "list-home", "change-driver-settings", "write-home", "link-home", "remove-key", "write-tmp",
            "write-var-tmp", "memory-of-parent",
        ] { expected[name] = "EACCES" }
        for name in [
            "truncate-key", "chmod-key", "chown-key", "abstract-socket", "program", "trace", "read-memory", "namespace",
            "mount", "chroot", "keys", "bpf", "perf", "page-faults", "ring", "kernel-module", "personality", "dumpable",
            "core-file", "outlive", "type",
        ] { expected[name] = "EPERM" }
        for name in ["packets", "audit", "virtual-machines"] { expected[name] = "EAFNOSUPPORT" }
        for name in ["clone3", "32-bit-call"] { expected[name] = "ENOSYS" }
        return expected
    }()
}
