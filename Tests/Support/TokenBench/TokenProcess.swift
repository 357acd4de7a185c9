// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
public import JobFrames
import SystemBasics
import TestBench

/// A running `eonay-token`, and the test as its parent: the socket is the job's descriptor 3.
public final class TokenProcess {
    private let process: StartedProcess
    private let socket: Int32
    private var assembler = FrameAssembler()
    private var status: Int32?

    /// Starts the program that stands beside the tests.
    ///
    /// - Parameters:
    ///   - pin: becomes descriptor 4.
    ///   - terminal: becomes descriptor 5.
    ///   - launcher: words of a program that becomes it; nothing: it is started directly.
    public init(
        environment: [String: String] = [:], pin: Int32? = nil, terminal: Int32? = nil, through launcher: [String] = []
    ) throws {
        let (ours, theirs) = try Descriptor.socketPair()
        defer { close(theirs) }
        socket = ours
        var descriptors: [Int32: Int32] = [0: STDIN_FILENO, 1: STDOUT_FILENO, 2: STDERR_FILENO, 3: theirs]
        descriptors[4] = pin
        descriptors[5] = terminal
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter { !$0.value.isEmpty }
        let words = try launcher + [Programs.built("eonay-token")]
        let start = ProcessStart(
            words[0], Array(words.dropFirst()), environment: all.map { "\($0.key)=\($0.value)" },
            descriptors: descriptors, group: .own)
        process = try start()
    }

    deinit {
        kill()
        close(process.descriptor)
        close(socket)
    }

    /// Its process id.
    public var identifier: Int32 { process.id }

    /// Asks it something.
    public func send(_ request: TokenRequest) throws {
        let bytes = try Frame.framed(try request.payload())
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Tool.Failure("the job has gone") }
            sent += count
        }
    }

    /// The next reply; nil once the job has closed its end. Throws after so many milliseconds without one.
    public func receive(within milliseconds: Int32 = 20_000) throws -> TokenReply? {
        while true {
            if let payload = try assembler.next() { return try TokenReply(payload: payload) }
            var wait = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, milliseconds) > 0 else { throw Tool.Failure("no reply in time") }
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = read(socket, &bytes, bytes.count)
            guard count > 0 else { return nil }
            assembler.append(bytes.prefix(count))
        }
    }

    /// Asks and waits for the reply that is no progress.
    public func ask(_ request: TokenRequest) throws -> TokenReply? {
        try send(request)
        while let reply = try receive() {
            if case .progress = reply { continue }
            return reply
        }
        return nil
    }

    /// Closes the parent's end and waits for the job's: its status as wait(2) gives it.
    public func finish() -> Int32 {
        shutdown(socket, Int32(SHUT_RDWR))
        return wait()
    }

    /// Kills it and whatever it started.
    public func kill() {
        guard status == nil else { return }
        process.signalGroup(SIGKILL)
        _ = wait()
    }

    /// Waits for its end.
    @discardableResult
    public func wait() -> Int32 {
        if let status { return status }
        let status = process.reap() ?? 0
        self.status = status
        return status
    }
}
