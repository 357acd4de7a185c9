// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops
public import JobFrames

/// A running job. When the last reference goes, the job is killed.
public final class Job: Sendable {
    private let process: JobProcess

    init(_ process: JobProcess) { self.process = process }

    deinit { abandon() }

    /// Base name of the program.
    public var program: String { process.program }

    /// Sends one payload; returns when the system has accepted all of it, or the job has ended, which `receive` reports.
    ///
    /// Throws `JobError`. A task that is cancelled meanwhile has the job killed: half a frame is of no use to it.
    public func send(_ payload: [UInt8]) async throws(JobError) { try await process.send(payload) }

    /// The next payload; nil when the job has closed its end between two frames.
    ///
    /// Throws `JobError`: `.deadline`, `.garbage`, `.cancelled` (the task, or the job by `kill()`). One caller at a time.
    public func receive() async throws(JobError) -> [UInt8]? { try await process.receive() }

    /// Sets how long the job may still run, from now; nil: until it ends.
    public func limit(to deadline: Duration?) async { await process.limit(to: deadline) }

    /// Closes our end of the conversation, which asks the job to end; what was not sent yet is dropped.
    public func close() async { await process.close() }

    /// Kills the job and everything in its process group.
    public func kill() async { await process.kill() }

    /// Has the job killed as soon as the loop comes to it, from any thread and without waiting.
    public func abandon() {
        process.loop.post { [process] in process.assumeIsolated { $0.kill() } }
    }

    /// The job's output, once it has ended: bounded and masked. Empty unless the job was started for a diagnosis.
    public func diagnosis() async -> [String] { await process.diagnosis() }

    /// Waits until the process has ended and is reaped.
    public func ended() async -> ExitStatus { await process.ended() }
}

/// Typed messages with a job: `Conversation<TokenRequest, TokenReply>`.
public struct Conversation<Request: FrameMessage, Reply: FrameMessage>: Sendable {
    /// The job that is spoken with.
    public let job: Job

    /// Speaks with this job.
    public init(_ job: Job) { self.job = job }

    /// Sends a request and waits for one reply. Throws `JobError`.
    public func ask(_ request: Request) async throws(JobError) -> Reply {
        try await send(request)
        return try await receive()
    }

    /// Sends a request. Throws `JobError`, `.tooLong` among others.
    public func send(_ request: Request) async throws(JobError) {
        let payload: [UInt8]
        do { payload = try request.payload() } catch { throw JobError(.tooLong, job.program, detail: "\(error)") }
        try await job.send(payload)
    }

    /// Waits for the next reply.
    ///
    /// Throws `JobError`: `.ended` with the exit status where the job closes its end instead, `.garbage` for bytes that are
    /// no reply. The job is killed then.
    public func receive() async throws(JobError) -> Reply {
        guard let payload = try await job.receive() else {
            // A job that closes the conversation is about to end. Give it a moment, so that the error has its true status.
            await job.limit(to: .seconds(1))
            throw JobError(.ended, job.program, status: await job.ended())
        }
        do {
            return try Reply(payload: payload)
        } catch {
            await job.kill()
            throw JobError(.garbage, job.program, detail: "\(error)")
        }
    }
}
