// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EventLoops
internal import SystemBasics

/// Starts jobs and knows which run; an actor on the caller's loop.
///
/// A vendor's module that crashes or hangs costs one process: it ends by itself or by its deadline, is reaped by its pidfd
/// (no SIGCHLD handler that could meet others), and cannot outlive the thread of the loop.
public actor JobRunner {
    public nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let limit: Int
    private var running: [ObjectIdentifier: JobProcess] = [:]
    private var starting = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var ending: [CheckedContinuation<Void, Never>] = []
    private var isStopped = false

    /// Creates a runner that lets so many jobs run at a time; a further one waits for its turn.
    public init(on loop: EventLoop, limit: Int = 16) {
        self.loop = loop
        self.limit = limit
    }

    /// How many jobs run now.
    public var count: Int { running.count }

    /// Starts a program, when its turn has come.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments; never anything secret, since every user can read them.
    ///   - descriptors: Further descriptors by the number they get in the job (4 to 9); copied, so the caller keeps his own.
    ///   - environment: Added to what the program gets of our own (`JobEnvironment`); never anything secret.
    ///   - deadline: How long it may run from now; then its whole process group is killed. Nil: until it ends.
    ///   - isDiagnosed: Whether what it prints is kept for `Job.diagnosis()`; else it goes nowhere.
    ///
    /// Throws `JobError`: `.exhausted`, `.system`, or `.cancelled` after `stop()`.
    public func start(
        _ program: JobProgram, arguments: [String] = [], descriptors: [Int32: Int32] = [:],
        environment: [String: String] = [:], deadline: Duration? = nil, isDiagnosed: Bool = false
    ) async throws(JobError) -> Job {
        for number in descriptors.keys where !(4...JobOrder.highestDescriptor).contains(number) {
            throw JobError(.system, program.name, detail: "no place for descriptor \(number)")
        }
        await withCheckedContinuation { continuation in
            guard running.count + starting >= limit else {
                starting += 1
                return continuation.resume()
            }
            // A job that ends hands its place to the first in the queue, so that none is overtaken.
            waiting.append(continuation)
        }
        starting -= 1
        guard !isStopped else {
            passOn()
            throw JobError(.cancelled, program.name)
        }
        let order = JobOrder(
            program: program, arguments: arguments, environment: environment, descriptors: descriptors,
            isDiagnosed: isDiagnosed)
        return Job(try launch(order, deadline))
    }

    /// Kills all jobs and waits until they are reaped; no further one starts.
    public func stop() async {
        isStopped = true
        while !waiting.isEmpty { passOn() }
        for process in running.values { await process.kill() }
        await withCheckedContinuation { continuation in
            if running.isEmpty { continuation.resume() } else { ending.append(continuation) }
        }
    }

    /// Has no suspension point, so that no other task sees the process before it is complete.
    private func launch(_ order: JobOrder, _ deadline: Duration?) throws(JobError) -> JobProcess {
        let program = order.program
        let process = JobProcess(program.name, on: loop)
        let spawned: SpawnedJob
        do {
            spawned = try order.start()
        } catch {
            passOn()
            throw JobError(error, program.name)
        }
        running[ObjectIdentifier(process)] = process
        do {
            try process.assumeIsolated {
                try $0.begin(spawned, deadline: deadline) { [weak self] in
                    self?.assumeIsolated { $0.ended(process) }
                }
            }
        } catch {
            let refusal = error as? SystemError
            throw refusal.map { JobError($0, program.name) } ?? JobError(.system, program.name, detail: "\(error)")
        }
        return process
    }

    private func ended(_ process: JobProcess) {
        running[ObjectIdentifier(process)] = nil
        passOn()
        if running.isEmpty {
            for continuation in ending { continuation.resume() }
            ending = []
        }
    }

    /// Gives a free place to the first in the queue.
    private func passOn() {
        guard !waiting.isEmpty else { return }
        starting += 1
        waiting.removeFirst().resume()
    }
}
