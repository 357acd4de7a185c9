// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EOnayCore
public import JobFrames
public import Jobs

/// A conversation with an `eonay-token` that runs.
public typealias TokenConversation = Conversation<TokenRequest, TokenReply>
/// A conversation with an `eonay-courier` that runs.
public typealias CourierConversation = Conversation<CourierRequest, CourierReply>

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
}

extension JobLauncher {
    /// Asks one thing of a fresh `eonay-token` and lets it end. A job that crashed, hung or talked nonsense has failed with
    /// "TokenFailed" and a detail that says which.
    func ask(_ request: TokenRequest, deadline: Duration) async -> TokenReply {
        do throws(JobError) {
            let conversation = try await startToken(deadline: deadline, descriptors: [:])
            let reply = try await conversation.ask(request)
            await conversation.job.close()
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
