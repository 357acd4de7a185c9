// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
internal import SystemBasics

/// A program to be started with its standard streams in sockets and pipes, in a process group of its own, dying with its parent.
final class BenchStart: Sendable {
    private struct Ends {
        var input: (child: Int32, parent: Int32)
        var output: (parent: Int32, child: Int32)
        var error: (parent: Int32, child: Int32)
    }

    private let order: ProcessStart
    private let ends: Mutex<Ends>

    init(
        _ path: String, _ arguments: [String], environment: [String: String], descriptors: [Int32: Int32],
        folder: String?
    ) throws {
        // A socket, not a pipe, so that writing can do without SIGPIPE.
        let (input, output, error) = (
            try Descriptor.socketPair(), try Descriptor.pipe(), try Descriptor.pipe()
        )
        ends = Mutex(Ends(input: (input.0, input.1), output: (output.0, output.1), error: (error.0, error.1)))
        let variables = ProcessStart.ownEnvironment.filter { environment[String($0.prefix { $0 != "=" })] == nil }
        let words = (folder.map { ["/usr/bin/env", "--chdir=\($0)"] } ?? []) + [path] + arguments
        order = ProcessStart(
            Files.program(words[0], path: environment["PATH"]) ?? words[0], Array(words.dropFirst()),
            environment: variables + environment.map { "\($0.key)=\($0.value)" },
            descriptors: descriptors.merging([0: input.0, 1: output.1, 2: error.1]) { $1 }, group: .own,
            deathSignal: SIGKILL)
    }

    deinit {
        ends.withLock { ends in
            for end in [
                ends.input.child, ends.input.parent, ends.output.child, ends.output.parent, ends.error.child,
                ends.error.parent,
            ] where end >= 0 { close(end) }
        }
    }

    /// The parent's end of standard input; the caller closes it.
    func takeInput() -> Int32 {
        ends.withLock { ends in
            defer { ends.input.parent = -1 }
            return ends.input.parent
        }
    }

    /// The parent's ends of the two outputs; the caller closes them.
    func takeStreams() -> (output: Int32, error: Int32) {
        ends.withLock { ends in
            defer { (ends.output.parent, ends.error.parent) = (-1, -1) }
            return (ends.output.parent, ends.error.parent)
        }
    }

    /// Starts the child. Runs on the thread that stands for the parent.
    func run() throws -> StartedProcess {
        let process = try order()
        ends.withLock { ends in
            for end in [ends.input.child, ends.output.child, ends.error.child] { close(end) }
            (ends.input.child, ends.output.child, ends.error.child) = (-1, -1, -1)
        }
        return process
    }
}

/// The one thread that starts the bench's children.
///
/// A child is told to die with its parent (prctl(2), PR_SET_PDEATHSIG), and the kernel takes the starting *thread* for
/// the parent. Threads of the Swift pool come and go, so children are started by one that stays as long as the process.
/// Hence nothing is left behind, even when a test crashes or is interrupted.
final class SpawningThread: Sendable {
    static let shared = SpawningThread()

    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let wake: (reading: Int32, writing: Int32)

    private init() {
        do {
            wake = try Descriptor.pipe()
            try NativeThread(name: "bench") { [self] in run() }.detach()
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private func run() {
        var byte: UInt8 = 0
        while read(wake.reading, &byte, 1) != 0 {
            let waiting = jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
            for job in waiting { job() }
        }
    }

    /// Runs the job on the thread and waits for its result.
    func perform<Result: Sendable>(_ job: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            jobs.withLock { $0.append { continuation.resume(with: Swift.Result { try job() }) } }
            var byte: UInt8 = 0
            write(wake.writing, &byte, 1)
        }
    }
}
