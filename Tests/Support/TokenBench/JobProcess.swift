// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
public import JobFrames

/// A running `eonay-token`, and the test as its parent: the socket is the job's descriptor 3.
public final class JobProcess {
    private let process: pid_t
    private let socket: Int32
    private var assembler = FrameAssembler()
    private var status: Int32?

    /// Starts the program that stands beside the tests.
    ///
    /// - Parameters:
    ///   - pin: becomes descriptor 4.
    ///   - terminal: becomes descriptor 5.
    public init(environment: [String: String] = [:], pin: Int32? = nil, terminal: Int32? = nil) throws {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        let program = folder + "/eonay-token"
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Tool.Failure("socketpair")
        }
        socket = ends[0]
        // Above 9, so that no dup2 below overwrites what is still needed.
        let sources = [(3, ends[1])] + (pin.map { [(4, $0)] } ?? []) + (terminal.map { [(5, $0)] } ?? [])
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        var copies: [Int32] = []
        for (target, source) in sources {
            let copy = fcntl(source, F_DUPFD_CLOEXEC, 32)
            copies.append(copy)
            posix_spawn_file_actions_adddup2(&actions, copy, Int32(target))
        }
        // The job must not inherit the descriptors that the tests beside this one have open at these numbers.
        for target in 4...5 where !sources.contains(where: { $0.0 == target }) {
            // Closing what is not open would be an error, so it is opened first.
            posix_spawn_file_actions_adddup2(&actions, 0, Int32(target))
            posix_spawn_file_actions_addclose(&actions, Int32(target))
        }
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }.filter { !$0.value.isEmpty }
        var words = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), nil]
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        // The threads of a test block signals, and nohup(1) ignores one: a child would inherit both.
        var (none, every) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var child: pid_t = 0
        let error = posix_spawn(&child, program, &actions, &attributes, &arguments, &words)
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        for word in words + arguments { free(word) }
        for copy in copies { close(copy) }
        close(ends[1])
        process = child
        guard error == 0 else { throw Tool.Failure("\(program): \(String(cString: strerror(error)))") }
    }

    deinit {
        kill()
        close(socket)
    }

    /// Its process id.
    public var identifier: Int32 { process }

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
        Glibc.kill(-process, SIGKILL)
        _ = wait()
    }

    /// Waits for its end.
    @discardableResult
    public func wait() -> Int32 {
        if let status { return status }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        self.status = status
        return status
    }
}
