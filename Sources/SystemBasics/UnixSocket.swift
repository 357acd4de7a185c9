// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Sockets that stand in the file system (unix(7)). The path has 107 bytes at most; a longer one throws ENAMETOOLONG.
public enum UnixSocket {
    /// Connects the socket to the one that listens at the path. Throws `SystemError`.
    public static func connect(_ socket: Int32, to path: String) throws(SystemError) {
        try SystemError.check(try withAddress(path) { Glibc.connect(socket, $0, $1) }, "connect \(path)")
    }

    /// Gives the socket its place, at which nothing may stand. Throws `SystemError`.
    public static func bind(_ socket: Int32, at path: String) throws(SystemError) {
        try SystemError.check(try withAddress(path) { Glibc.bind(socket, $0, $1) }, "bind \(path)")
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(SystemError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError(code: ENAMETOOLONG, call: "socket path \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
