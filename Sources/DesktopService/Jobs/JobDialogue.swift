// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// A job is spoken with over minutes: it is started, asked one thing after another, and at some moment it is told to end, or killed. The moment is
// a person's, a card's or a clock's, so it may come between any two steps. An object that then looks at the state of the conversation, and acts on it
// one `await` later, acts on what was: two tasks would wait for one answer, or a dead approval would be told of it.
//
// So a dialogue has one task, `converse`, which alone talks with the job, and one state, which changes without an `await` between look and act.
// Everybody else puts a request into the queue or changes the state. The task looks at the state after each wait. What is told after the
// end is told to nobody: a dialogue that was closed has no more news, and a new one is another object.

import JobFrames
import Jobs

/// One conversation with one job, from before its start to its end: its only owner.
///
/// Lives on the loop's thread. Each request has a deadline that is enforced here, outside the job: a job that hangs, or is stopped, is killed.
final class JobDialogue<Request: FrameMessage, Reply: FrameMessage> {
    /// The reports of an open dialogue; nothing follows a loss.
    enum News {
        case reply(Reply)
        /// The job could not be started, failed, or was too slow (`.deadline`).
        case lost(JobError)
    }

    private enum State {
        /// Requests are asked in their order.
        case open
        /// The job is let to end by itself.
        case leaving
        /// Nobody listens any more; the job has ended, or is being killed.
        case over
    }

    private struct Question {
        let request: Request
        let patience: Duration
    }

    private let scheduler: any Scheduler
    private let farewell: Request?
    private let isLast: (Reply) -> Bool
    private let report: (News) -> Void

    private var state = State.open
    private var questions: [Question] = []
    /// The task, where it waits for a question.
    private var idle: CheckedContinuation<Void, Never>?
    private var job: (any JobConversation<Request, Reply>)?
    private var deadline: (any Cancellable)?

    /// - Parameters:
    ///   - farewell: The last request to a job that is closed.
    ///   - isLast: Whether a reply is the last one to its request.
    ///   - report: Called on the loop; never from within a call to the dialogue.
    init(
        on scheduler: any Scheduler, farewell: Request? = nil, isLast: @escaping (Reply) -> Bool = { _ in true },
        report: @escaping (News) -> Void
    ) {
        self.scheduler = scheduler
        self.farewell = farewell
        self.isLast = isLast
        self.report = report
    }

    // MARK: - From outside

    /// Asks, after what was asked before. The time begins when it is this question's turn.
    func ask(_ request: Request, within patience: Duration) {
        guard state == .open else { return }
        questions.append(Question(request: request, patience: patience))
        wake()
    }

    /// Lets the job end in an orderly way: an answer that is under way may come, and is dropped.
    ///
    /// - Parameter patience: after this time it is killed.
    func close(within patience: Duration) {
        guard state == .open else { return }
        state = .leaving
        questions = []
        limit(to: patience)
        wake()
    }

    /// Kills the job, its prompt with it.
    func kill() {
        guard state != .over else { return }
        finish()
        job?.abandon()
        wake()
    }

    // MARK: - The one task

    /// Starts the job and talks with it until it has ended. To be called once, in a task of its own.
    ///
    /// - Parameter patience: how long it may take to start; it may have to wait for its turn.
    func converse(
        startingWithin patience: Duration, _ start: () async throws(JobError) -> any JobConversation<Request, Reply>
    ) async {
        guard state == .open else { return }
        limit(to: patience)
        do throws(JobError) {
            let conversation = try await start()
            guard state == .open else { return conversation.abandon() }
            job = conversation
            limit(to: nil)
            while let question = await next() { try await ask(question, conversation) }
            if state == .leaving { try await closeSession(conversation) }
        } catch {
            lose(error)
        }
        finish()
    }

    private func next() async -> Question? {
        while state == .open, questions.isEmpty {
            await withCheckedContinuation { continuation in
                // On the way here the task may have been suspended, and what it is about to wait for may have come.
                guard state == .open, questions.isEmpty else { return continuation.resume() }
                idle = continuation
            }
        }
        return state == .open ? questions.removeFirst() : nil
    }

    private func ask(
        _ question: Question, _ conversation: any JobConversation<Request, Reply>
    ) async throws(JobError) {
        limit(to: question.patience)
        try await conversation.send(question.request)
        while true {
            let reply = try await conversation.receive()
            guard state == .open else { return }
            let isLast = isLast(reply)
            if isLast { limit(to: nil) }
            report(.reply(reply))
            guard !isLast, state == .open else { return }
        }
    }

    private func closeSession(_ conversation: any JobConversation<Request, Reply>) async throws(JobError) {
        if let farewell { _ = try await conversation.ask(farewell) }
        await conversation.close()
        await conversation.finished()
    }

    // MARK: - The state

    private func wake() {
        idle?.resume()
        idle = nil
    }

    /// Within this time the job has to have moved on.
    private func limit(to patience: Duration?) {
        deadline?.cancel()
        deadline = nil
        guard let patience else { return }
        deadline = scheduler.timer(after: patience) { [self] in timeIsOver() }
    }

    private func timeIsOver() {
        job?.abandon()
        lose(JobError(.deadline, job?.program ?? "job"))
        wake()
    }

    private func lose(_ error: JobError) {
        let isNews = state == .open
        finish()
        if isNews { report(.lost(error)) }
    }

    private func finish() {
        state = .over
        questions = []
        limit(to: nil)
    }
}
