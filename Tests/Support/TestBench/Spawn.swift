// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CTestBench
internal import Glibc
internal import Synchronization
internal import SystemBasics

/// One posix_spawn(3): standard streams through sockets and pipes, an own process group, death with the parent.
final class Spawn: Sendable {
    private struct Pipes {
        var input: (child: Int32, parent: Int32)
        var output: (parent: Int32, child: Int32)
        var error: (parent: Int32, child: Int32)
    }

    private let arguments: [String]
    private let environment: [String: String]
    private let descriptors: [Int32: Int32]
    private let folder: String?
    private let pipes: Mutex<Pipes>

    init(
        _ path: String, _ arguments: [String], environment: [String: String], descriptors: [Int32: Int32],
        folder: String?
    ) throws {
        let wrapper = try Programs.find("setpriv", package: "util-linux")
        self.arguments = [wrapper, "--pdeathsig=KILL", path] + arguments
        self.environment = environment
        self.descriptors = descriptors
        self.folder = folder
        // A socket, not a pipe, so that writing can do without SIGPIPE.
        let (input, output, error) = (try Self.pair(socketPair: true), try Self.pair(), try Self.pair())
        pipes = Mutex(
            Pipes(input: (input.0, input.1), output: (output.0, output.1), error: (error.0, error.1)))
    }

    deinit {
        pipes.withLock { pipes in
            for end in [
                pipes.input.child, pipes.input.parent, pipes.output.child, pipes.output.parent, pipes.error.child,
                pipes.error.parent,
            ] where end >= 0 { close(end) }
        }
    }

    private static func pair(socketPair: Bool = false) throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let result =
            socketPair
            ? socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
            : ctestbench_pipe(&ends)
        guard result == 0 else { throw SystemError.last("pipe2") }
        return (ends[0], ends[1])
    }

    /// The parent's end of standard input; the caller closes it.
    func takeInput() -> Int32 {
        pipes.withLock { pipes in
            defer { pipes.input.parent = -1 }
            return pipes.input.parent
        }
    }

    /// The parent's ends of the two outputs; the caller closes them.
    func takeStreams() -> (output: Int32, error: Int32) {
        pipes.withLock { pipes in
            defer { (pipes.output.parent, pipes.error.parent) = (-1, -1) }
            return (pipes.output.parent, pipes.error.parent)
        }
    }

    /// Starts the child and returns its process identifier. Runs on the thread that stands for the parent.
    func run() throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        let (input, output, error) = pipes.withLock { ($0.input.child, $0.output.child, $0.error.child) }
        for (number, end) in [(0, input), (1, output), (2, error)] {
            posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
        }
        try addDescriptors(&actions)
        if let folder { ctestbench_add_change_folder(&actions, folder) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A shell makes what it starts in the background ignore SIGINT, and the test runner ignores others.
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var variables = Self.ownEnvironment
        for (name, value) in environment { variables[name] = value }
        var pid: Int32 = 0
        let path = arguments[0]
        let result = Self.withStrings(arguments) { arguments in
            Self.withStrings(variables.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&pid, path, &actions, &attributes, arguments, environment)
            }
        }
        guard result == 0 else { throw SystemError(code: result, call: "posix_spawn \(arguments[2])") }
        pipes.withLock { pipes in
            for end in [pipes.input.child, pipes.output.child, pipes.error.child] { close(end) }
            (pipes.input.child, pipes.output.child, pipes.error.child) = (-1, -1, -1)
        }
        return pid
    }

    /// Passes the wanted descriptors on and closes all others, which other tests may have open at this moment.
    private func addDescriptors(_ actions: inout posix_spawn_file_actions_t) throws {
        // Through numbers that are free in both, so that none is overwritten before it was passed on.
        let first = (descriptors.flatMap { [$0.key, $0.value] }.max() ?? 2) + 1
        for (offset, entry) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, entry.value, first + Int32(offset))
        }
        for (offset, entry) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, first + Int32(offset), entry.key)
        }
        let kept = Set(descriptors.keys)
        let last = kept.max() ?? 2
        for number in 3..<max(last + 1, 3) where !kept.contains(number) {
            posix_spawn_file_actions_addclose(&actions, number)
        }
        ctestbench_add_close_from(&actions, last + 1)
    }

    private static var ownEnvironment: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let sign = text.firstIndex(of: "=") {
                variables[String(text[..<sign])] = String(text[text.index(after: sign)...])
            }
            next += 1
        }
        return variables
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
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
    private let wake: (read: Int32, write: Int32)

    private init() {
        var ends: [Int32] = [-1, -1]
        precondition(ctestbench_pipe(&ends) == 0, "no descriptors left")
        wake = (ends[0], ends[1])
        do {
            try NativeThread(name: "bench") { [self] in run() }.detach()
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private func run() {
        var byte: UInt8 = 0
        while read(wake.read, &byte, 1) != 0 {
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
            write(wake.write, &byte, 1)
        }
    }
}
