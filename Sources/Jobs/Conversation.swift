// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import JobFrames

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
