// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
public import JobFrames
public import Jobs

/// A conversation with an `eonay-token` that runs.
public typealias TokenConversation = any JobConversation<TokenRequest, TokenReply>
/// A conversation with an `eonay-courier` that runs.
public typealias CourierConversation = any JobConversation<CourierRequest, CourierReply>

/// A conversation with a job that runs: a `Conversation`, or a test's own.
public protocol JobConversation<Request, Reply>: Sendable {
    associatedtype Request: FrameMessage
    associatedtype Reply: FrameMessage

    /// Base name of the program.
    var program: String { get }

    /// Sends a request. Throws `JobError`.
    func send(_ request: Request) async throws(JobError)

    /// Waits for the next reply. Throws `JobError`.
    func receive() async throws(JobError) -> Reply

    /// Closes our end, which asks the job to end.
    func close() async

    /// Waits until the process has ended and is reaped.
    func finished() async

    /// Has the job killed, without waiting.
    func abandon()
}

extension JobConversation {
    /// Sends a request and waits for one reply. Throws `JobError`.
    public func ask(_ request: Request) async throws(JobError) -> Reply {
        try await send(request)
        return try await receive()
    }
}

extension Conversation: JobConversation {
    public var program: String { job.program }

    public func close() async { await job.close() }

    public func finished() async { _ = await job.ended() }

    public func abandon() { job.abandon() }
}

typealias TokenDialogue = JobDialogue<TokenRequest, TokenReply>
typealias CourierDialogue = JobDialogue<CourierRequest, CourierReply>

/// Starts the job programs.
public protocol JobLauncher: Sendable {
    /// Starts `eonay-token`.
    ///
    /// - Parameters:
    ///   - deadline: How long it may run; nil: as long as the conversation.
    ///   - descriptors: 4: where the PIN is read from, 5: the caller's terminal.
    ///
    /// Throws `JobError`.
    func startToken(deadline: Duration?, descriptors: [Int32: Int32]) async throws(JobError) -> TokenConversation

    /// Starts `eonay-courier`. Throws `JobError`.
    func startCourier(deadline: Duration?) async throws(JobError) -> CourierConversation

    /// Opens a page in the person's browser; what becomes of it is the browser's business. Throws `JobError`.
    func open(page: String) async throws(JobError)

    /// Runs `eonay open` with an address of ours, until it has ended or a quarter of an hour has passed. Throws `JobError`.
    func open(address: String) async throws(JobError)

    /// Runs a program of the configuration's to its end, or to the deadline, which ends all that it started. What it prints goes nowhere.
    ///
    /// - Parameters:
    ///   - words: its absolute path, and its arguments.
    ///   - environment: besides what a job on the session bus gets.
    func run(_ words: [String], environment: [String: String], deadline: Duration) async throws(JobError) -> ExitStatus
}

extension JobLauncher {
    /// Asks one thing of a fresh `eonay-token` and lets it end. A job that crashed, hung or talked nonsense has failed with
    /// "TokenFailed" and a detail that says which.
    func ask(_ request: TokenRequest, deadline: Duration) async -> TokenReply {
        do throws(JobError) {
            let conversation = try await startToken(deadline: deadline, descriptors: [:])
            let reply = try await conversation.ask(request)
            await conversation.close()
            return reply
        } catch {
            return .failed(JobFailure(tokenJob: error))
        }
    }
}

extension JobFailure {
    /// A token job that did not do its part.
    init(tokenJob error: JobError) {
        let name: ErrorName =
            switch error.code {
            case .cancelled: .cancelled
            case .exhausted: .limitExceeded
            default: .tokenFailed
            }
        self.init(name, error.description)
    }
}
