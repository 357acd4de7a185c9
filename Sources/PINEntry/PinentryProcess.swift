// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemBasics

/// A program that speaks with us over a socket on its 0 and 1. It goes when this goes, and when we die.
final class PinentryProcess {
    /// Our end of the socket.
    let socket: Int32
    private let process: StartedProcess

    /// Starts it in our process group, so that a terminal's keys reach it, with our standard error.
    init(_ program: String, environment: [String]) throws(PromptError) {
        do throws(SystemError) {
            let (ours, theirs) = try Descriptor.socketPair()
            defer { close(theirs) }
            do throws(SystemError) {
                process = try ProcessStart(
                    program, environment: environment, descriptors: [0: theirs, 1: theirs, 2: STDERR_FILENO],
                    group: .shared, deathSignal: SIGTERM)()
            } catch {
                close(ours)
                throw error
            }
            socket = ours
        } catch {
            throw .unavailable(error.description)
        }
    }

    deinit {
        // The closed socket ends a pinentry that waits for commands, the signal one that shows its window.
        close(socket)
        kill(process.id, SIGTERM)
        var ended = pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&ended, 1, 500) == 0 { kill(process.id, SIGKILL) }
        _ = process.reap()
        close(process.descriptor)
    }

    /// Sends all of it; throws where the other side has gone.
    func send(_ bytes: [UInt8]) throws(PromptError) {
        do { try Files.send(bytes, on: socket) } catch { throw .unavailable("pinentry ended") }
    }
}
