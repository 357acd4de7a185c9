// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CSpawn
internal import Glibc

/// An open file descriptor with one owner, closed with it.
public struct Descriptor: ~Copyable, Sendable {
    public let number: Int32

    public init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// The two ends of a new pipe; the caller closes them.
    public static func pipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check(cspawn_pipe(&ends), "pipe2")
        return (ends[0], ends[1])
    }

    /// The two ends of a new connection within this computer; the caller closes them.
    public static func socketPair() throws(SystemError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try SystemError.check(socketpair(AF_UNIX, kind, 0, &ends), "socketpair")
        return (ends[0], ends[1])
    }
}

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
