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
            try UnixSocket.bind(listener, at: path)
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
            try UnixSocket.connect(client, to: path)
        } catch {
            close(client)
            throw error
        }
        return client
    }
}
