// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
internal import SystemBasics

/// A program that a test runs: its lines as they come, its end, and no way to outlive the test.
///
/// It runs in a process group of its own, which is killed with the last reference, and by the kernel should this process
/// die first.
public final class ChildProcess: Sendable {
    /// A line that the program wrote.
    public struct Line: Sendable, Equatable, CustomStringConvertible {
        public enum Stream: Sendable { case output, error }
        public let stream: Stream
        public let text: String
        public var description: String { text }
    }

    /// The end of the program.
    public enum Status: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    public let pid: Int32
    /// Its output on either stream, line by line.
    public let lines: EventLog<Line>
    private let watcher: ChildWatcher
    private let input: Mutex<Int32?>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: the program; `Programs.find` and `Programs.built` know where they are.
    ///   - environment: variables set on top of this process's own.
    ///   - descriptors: descriptors of this process, by the number that the child shall see; 3 and above.
    ///   - folder: where it runs; this process's folder unless given.
    public static func start(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:],
        descriptors: [Int32: Int32] = [:], folder: String? = nil
    ) async throws -> ChildProcess {
        let start = try BenchStart(path, arguments, environment: environment, descriptors: descriptors, folder: folder)
        let process = try await SpawningThread.shared.perform { try start.run() }
        return try ChildProcess(process, name: path, start)
    }

    private init(_ process: StartedProcess, name: String, _ start: BenchStart) throws {
        pid = process.id
        lines = EventLog(name)
        input = Mutex(start.takeInput())
        let streams = start.takeStreams()
        watcher = ChildWatcher(process, output: streams.output, error: streams.error, lines: lines)
        try watcher.start()
    }

    deinit {
        watcher.kill(SIGKILL)
        closeInput()
    }

    /// Sends a signal to the program; nothing happens where it has ended.
    public func send(signal: Int32) { watcher.send(signal) }

    /// Kills the program and all its children, and returns when it has ended.
    public func kill() async {
        watcher.kill(SIGKILL)
        _ = await watcher.status()
    }

    /// Returns when the program has ended by itself or otherwise.
    public func end() async -> Status { await watcher.status() }

    /// All bytes of its standard output so far.
    public var output: [UInt8] { watcher.output }

    /// Writes a line to its standard input.
    public func write(line: String) { write(Array("\(line)\n".utf8)) }

    public func write(_ bytes: [UInt8]) {
        input.withLock { input in
            guard let input else { return }
            var sent = 0
            while sent < bytes.count {
                // MSG_NOSIGNAL: a program that has ended shall not take the test with it.
                let count = bytes.withUnsafeBytes {
                    Glibc.send(input, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                if count < 0 { return }
                sent += count
            }
        }
    }

    /// Lets the program see the end of its standard input.
    public func closeInput() {
        input.withLock { input in
            if let input { close(input) }
            input = nil
        }
    }
}
