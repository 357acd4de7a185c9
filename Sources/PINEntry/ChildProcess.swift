// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CProcess
import Glibc

/// A program that speaks with us over a socket on its 0 and 1. It goes when this goes, and when we die.
final class ChildProcess {
    /// Our end of the socket.
    let socket: Int32
    private let process: pid_t

    /// Starts it. A program that cannot be run ends at once, which the first read tells.
    init(_ program: String, arguments: [String] = [], environment: [String]) throws(PromptError) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .unavailable("socketpair")
        }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        process = cprocess_spawn(program, &words, &variables, ends[1], ends[1])
        for text in words + variables { free(text) }
        close(ends[1])
        socket = ends[0]
        guard process > 0 else {
            close(socket)
            throw .unavailable("fork")
        }
    }

    deinit {
        // The closed socket ends a pinentry that waits for commands, the signal one that shows its window.
        close(socket)
        kill(process, SIGTERM)
        if !hasEnded(within: 500) {
            kill(process, SIGKILL)
            _ = hasEnded(within: -1)
        }
    }

    /// Sends all of it; throws where the other side has gone.
    func send(_ bytes: [UInt8]) throws(PromptError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw .unavailable("pinentry ended")
            }
        }
    }

    /// Waits for the end and takes it over, so that no zombie is left. -1: as long as it takes.
    private func hasEnded(within milliseconds: Int32) -> Bool {
        let descriptor = cprocess_descriptor(process)
        defer { if descriptor >= 0 { close(descriptor) } }
        if descriptor >= 0 {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, milliseconds) != 0 else { return false }
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return true
    }
}
