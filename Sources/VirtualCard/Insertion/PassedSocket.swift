// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// Hands a listening socket to a daemon in systemd's way (sd_listen_fds(3)).
public enum PassedSocket {
    /// The descriptor of the first socket.
    private static let place: Int32 = 3

    /// Listens at the path for the program that this process becomes next by execv(3): descriptor 3, and two variables in
    /// the environment. Throws `SystemError`.
    public static func listen(at path: String) throws {
        let socket = try SystemError.check(Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0), "socket")
        do {
            unlink(path)
            try UnixSocket.bind(socket, at: path)
            _ = try SystemError.check(Glibc.listen(socket, 128), "listen")
            _ = try SystemError.check(dup2(socket, place), "dup2")
        } catch {
            close(socket)
            throw error
        }
        if socket != place { close(socket) }
        setenv("LISTEN_FDS", "1", 1)
        setenv("LISTEN_PID", "\(getpid())", 1)
    }
}
