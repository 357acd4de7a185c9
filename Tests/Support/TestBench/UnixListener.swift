// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// A listening AF_UNIX socket for a daemon that is given it ready (socket activation).
enum UnixListener {
    /// Binds, listens and opens it to all, in pcscd's own order, so that whoever watches the folder sees the same events.
    /// The caller closes the descriptor.
    static func open(at path: String) throws -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw SystemError.last("socket") }
        do {
            unlink(path)
            let bound = try withAddress(path) { bind(listener, $0, $1) }
            guard bound == 0 else { throw SystemError.last("bind \(path)") }
            guard listen(listener, 128) == 0 else { throw SystemError.last("listen") }
            guard chmod(path, 0o666) == 0 else { throw SystemError.last("chmod") }
        } catch {
            close(listener)
            throw error
        }
        return listener
    }

    /// Connects to a listening socket. The caller closes the descriptor.
    static func connect(to path: String) throws -> Int32 {
        let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard client >= 0 else { throw SystemError.last("socket") }
        do {
            let connected = try withAddress(path) { Glibc.connect(client, $0, $1) }
            guard connected == 0 else { throw SystemError.last("connect \(path)") }
        } catch {
            close(client)
            throw error
        }
        return client
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8) + [0]
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError(code: ENAMETOOLONG, call: "socket path \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
