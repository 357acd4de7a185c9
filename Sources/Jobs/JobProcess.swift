// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
internal import Glibc
internal import JobFrames
internal import SystemBasics

/// The process behind a `Job`: its socket, its pidfd and its deadline, all on one loop.
///
/// The runner and the watches keep it until it is reaped, even when all others have let it go, so no zombie stays.
actor JobProcess {
    nonisolated let program: String
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    var socket: Int32 = -1
    private var process: StartedProcess?
    private var pidWatch: Watch?
    private var timer: LoopTimer?
    private var onEnd: (@Sendable () -> Void)?
    private var status: ExitStatus?
    private var waitingForEnd: [CheckedContinuation<ExitStatus, Never>] = []
    private var output: Int32?
    private var outputWatch: Watch?
    private var printed = MaskedOutput()

    // The conversation; see JobProcess+Conversation.swift.
    var readWatch: Watch?
    var writeWatch: Watch?
    var assembler = FrameAssembler()
    var outgoing: [OutgoingFrame] = []
    var receiver: CheckedContinuation<Void, Never>?
    /// How often there was news for the receiver, whether it waited or not.
    var news: UInt64 = 0
    var isAtEnd = false
    /// The process ended before the conversation did.
    var endedFirst = false
    /// Why the conversation is over before the job has closed it.
    var failure: JobError?

    init(_ program: String, on loop: EventLoop) {
        self.program = program
        self.loop = loop
    }

    /// Takes the process over. Where it throws, the process was killed and will be reaped, or has been.
    func begin(
        _ spawned: SpawnedJob, deadline: Duration?, onEnd: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        (process, socket, output) = (spawned.process, spawned.socket, spawned.output)
        self.onEnd = onEnd
        do throws(SystemError) {
            pidWatch = try loop.watch(spawned.process.descriptor, for: .readable) { _ in
                self.assumeIsolated { $0.reap() }
            }
            try watchForReading()
            try watchOutput()
        } catch {
            kill()
            // Without a watch no event reports the end, so wait for it: after SIGKILL it is near.
            if pidWatch == nil { reap() }
            throw error
        }
        limit(to: deadline)
    }

    /// Kills the group when this time is over.
    func limit(to deadline: Duration?) {
        timer?.cancel()
        timer = nil
        guard let deadline, status == nil else { return }
        timer = loop.timer(after: deadline) { self.assumeIsolated { $0.end(by: .deadline) } }
    }

    func kill() { end(by: .cancelled) }

    /// Kills the group for this reason; the first reason is the one that is reported.
    func end(by code: JobError.Code, detail: String = "") {
        fail(JobError(code, program, detail: detail))
        if status == nil { process?.signalGroup(SIGKILL) }
    }

    /// Waits for the end.
    func ended() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            if let status { continuation.resume(returning: status) } else { waitingForEnd.append(continuation) }
        }
    }

    private func reap() {
        guard status == nil, let process else { return }
        // First the group, while the dead leader still keeps its number from being given to somebody else.
        process.signalGroup(SIGKILL)
        let status = ExitStatus(waitStatus: process.reap())
        self.status = status
        timer?.cancel()
        timer = nil
        pidWatch?.cancel()
        pidWatch = nil
        Glibc.close(process.descriptor)
        endConversation()
        endOutput()
        for continuation in waitingForEnd { continuation.resume(returning: status) }
        waitingForEnd = []
        onEnd?()
        onEnd = nil
    }

    // MARK: - Output

    /// The lines that it printed, masked; all of them once it has ended.
    func diagnosis() async -> [String] {
        _ = await ended()
        return printed.lines
    }

    private func watchOutput() throws(SystemError) {
        guard let output else { return }
        // Read on beyond what is kept: a job whose output is full would wait.
        outputWatch = try loop.watch(output, for: .readable) { _ in
            self.assumeIsolated { if $0.readOutput() == 0 { $0.endOutput() } }
        }
    }

    private func readOutput() -> Int {
        guard let output else { return 0 }
        return withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 1) { buffer in
            let count = Glibc.read(output, buffer.baseAddress!, buffer.count)
            if count > 0 { printed.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            return count
        }
    }

    private func endOutput() {
        guard let output else { return }
        // The group is dead, so the rest fits into the pipe. A process that has left the group could write for ever.
        var rounds = 64
        while rounds > 0, readOutput() > 0 { rounds -= 1 }
        printed.finish()
        outputWatch?.cancel()
        outputWatch = nil
        Glibc.close(output)
        self.output = nil
    }

    isolated deinit { closeSocket() }
}
