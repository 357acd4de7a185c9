// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import JobFrames
import TestBench

/// A running `eonay-courier`, and the test as its parent.
final class CourierProcess {
    /// A system call that failed, or a wait that was too long.
    struct Failure: Error {
        let call: String
    }

    let process: ChildProcess
    private let socket: Int32
    private var assembler = FrameAssembler()

    init(environment: [String: String] = [:]) async throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Failure(call: "socketpair")
        }
        defer { close(ends[1]) }
        socket = ends[0]
        process = try await ChildProcess.start(
            try Programs.built("eonay-courier"), environment: environment, descriptors: [3: ends[1]])
    }

    deinit { close(socket) }

    /// Asks and waits for the reply; nil where the courier has closed its end.
    func ask(_ request: CourierRequest) throws -> CourierReply? {
        let octets = try Frame.framed(try request.payload())
        guard send(socket, octets, octets.count, Int32(MSG_NOSIGNAL)) == octets.count else {
            throw Failure(call: "send")
        }
        while true {
            if let payload = try assembler.next() { return try CourierReply(payload: payload) }
            var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 20_000) == 1 else { throw Failure(call: "poll") }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = read(socket, &buffer, buffer.count)
            guard count > 0 else { return nil }
            assembler.append(buffer.prefix(count))
        }
    }

    /// Closes the parent's end and waits for the courier's.
    func finish() async -> ChildProcess.Status {
        shutdown(socket, Int32(SHUT_RDWR))
        return await process.end()
    }
}
