// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
internal import SystemBasics

/// Reads what a child writes and waits for its end, on a thread of its own; the only one who reaps it.
final class ChildWatcher: Sendable {
    private struct State {
        var status: ChildProcess.Status?
        var waiters: [CheckedContinuation<ChildProcess.Status, Never>] = []
        var output: [UInt8] = []
    }

    private let process: StartedProcess
    private let streams: [(descriptor: Int32, stream: ChildProcess.Line.Stream)]
    private let lines: EventLog<ChildProcess.Line>
    private let state = Mutex(State())

    init(_ process: StartedProcess, output: Int32, error: Int32, lines: EventLog<ChildProcess.Line>) {
        self.process = process
        streams = [(output, .output), (error, .error)]
        self.lines = lines
    }

    var output: [UInt8] { state.withLock { $0.output } }

    func start() throws {
        try NativeThread(name: "bench") { [self] in run() }.detach()
    }

    /// Signals the child alone. Safe: it is not reaped while the lock is held and its status is not known.
    func send(_ signal: Int32) {
        state.withLock { if $0.status == nil { _ = Glibc.kill(process.id, signal) } }
    }

    /// Signals the child and everything it has started.
    func kill(_ signal: Int32) {
        state.withLock { if $0.status == nil { process.signalGroup(signal) } }
    }

    func status() async -> ChildProcess.Status {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    private func run() {
        var readers = streams.map { LineReader($0.descriptor, $0.stream) }
        var waits = readers.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        waits.append(pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0))
        // Children of the child can keep the streams open, so its own end is what counts.
        while waits[2].revents == 0 {
            guard poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { break }
            for index in readers.indices where waits[index].revents != 0 {
                if !take(from: &readers[index]) { waits[index].fd = -1 }
            }
        }
        for index in readers.indices { while take(from: &readers[index]) {} }
        close(process.descriptor)
        for reader in readers { close(reader.descriptor) }
        finish()
    }

    /// Reads once without waiting; false when there is nothing, now or for good.
    private func take(from reader: inout LineReader) -> Bool {
        guard let bytes = reader.read() else {
            if let rest = reader.rest() { lines.append(rest) }
            return false
        }
        if reader.stream == .output { state.withLock { $0.output += bytes } }
        for line in reader.split(bytes) { lines.append(line) }
        return true
    }

    private func finish() {
        let (status, waiters) = state.withLock { state in
            let raw = process.reap() ?? 0
            let signal = raw & 0x7F
            let status: ChildProcess.Status = signal == 0 ? .exited(raw >> 8 & 0xFF) : .killed(signal: signal)
            state.status = status
            defer { state.waiters = [] }
            return (status, state.waiters)
        }
        // All programs that it has started go with it.
        process.signalGroup(SIGKILL)
        lines.end("the program has ended: \(status)")
        for waiter in waiters { waiter.resume(returning: status) }
    }
}

/// Cuts what comes through a descriptor into lines.
struct LineReader {
    let descriptor: Int32
    let stream: ChildProcess.Line.Stream
    private var partial: [UInt8] = []

    init(_ descriptor: Int32, _ stream: ChildProcess.Line.Stream) {
        self.descriptor = descriptor
        self.stream = stream
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// The bytes at hand; nil where there are none now, or no more.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    mutating func split(_ bytes: [UInt8]) -> [ChildProcess.Line] {
        partial += bytes
        var pieces = partial.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        partial = Array(pieces.removeLast())
        return pieces.map { ChildProcess.Line(stream: stream, text: String(decoding: $0, as: UTF8.self)) }
    }

    /// A last line without its end.
    mutating func rest() -> ChildProcess.Line? {
        defer { partial = [] }
        guard !partial.isEmpty else { return nil }
        return ChildProcess.Line(stream: stream, text: String(decoding: partial, as: UTF8.self))
    }
}
