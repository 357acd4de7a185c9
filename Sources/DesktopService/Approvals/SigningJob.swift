// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import JobFrames
import Jobs

/// The token job of an approval: it asks the PIN and signs.
final class SigningJob {
    /// The reports of a signing job.
    enum News {
        /// The card is ready, and nobody was asked for anything yet.
        case prepared(PreparedSigner)
        /// The PIN was right.
        case pinAccepted
        /// The PIN was wrong, and left the card so.
        case pinWrong(PINState, ApprovalEvent)
        case event(ApprovalEvent)
    }

    /// The material to start a job with.
    struct Start {
        var request: PrepareRequest
        /// Descriptors of the caller, by the number that they have in the job.
        let handles: [Int32: FileDescriptorHandle]
        /// Where a prompt's window opens.
        let display: () async -> SessionDisplay
    }

    private let surroundings: ApprovalSurroundings
    private let report: (News) -> Void
    private var dialogue: TokenDialogue?
    /// The material for a second job, until the first one has answered: a module that says no more than that something went wrong
    /// mostly does better in a fresh job, and nobody has been asked for a PIN yet.
    private var second: Start?

    init(_ surroundings: ApprovalSurroundings, report: @escaping (News) -> Void) {
        (self.surroundings, self.report) = (surroundings, report)
    }

    /// Starts it, and has it make ready to sign.
    func prepare(_ start: Start) {
        second = start
        begin(start)
    }

    private func begin(_ start: Start) {
        dialogue?.kill()
        let (scheduler, jobs) = (surroundings.scheduler, surroundings.jobs)
        let dialogue = TokenDialogue(on: scheduler, isLast: \.isLast) { [weak self] in self?.took($0) }
        self.dialogue = dialogue
        let patience = Duration.seconds(surroundings.settings().configuration.listDeadline)
        // The caller's descriptors stay open until the job has its copies, whatever becomes of the approval meanwhile: a number that was
        // closed may be another file's by then. Kept for longer, a pipe's writer would not see its end.
        let display = start.display
        var (request, handles) = (start.request, start.handles)
        scheduler.task {
            // Before the question is put: one to a dialogue that has ended meanwhile is put to nobody.
            request.display = await display()
            dialogue.ask(.prepare(request), within: patience)
            await dialogue.converse(startingWithin: patience) { () async throws(JobError) in
                defer { handles = [:] }
                return try await jobs.startToken(deadline: nil, descriptors: handles.mapValues(\.rawValue))
            }
        }
    }

    private func took(_ news: TokenDialogue.News) {
        let second = second
        self.second = nil
        switch news {
        case .reply(.failed(let failure)) where failure.module == .vague && second != nil:
            if let second { begin(second) }
        case .reply(let reply): took(reply)
        case .lost(let error): lost(error)
        }
    }

    func sign(_ request: SignRequest) {
        dialogue?.ask(
            .sign(request), within: .seconds(Int64(request.order.secondsLeft)) + surroundings.patience.tokenFarewell)
    }

    /// No more signatures: lets it log out and end.
    func close() { dialogue?.close(within: surroundings.patience.tokenFarewell) }

    /// Ends it now, its prompt with it.
    func kill() {
        second = nil
        dialogue?.kill()
    }

    private func took(_ reply: TokenReply) {
        switch reply {
        case .prepared(let prepared): report(.prepared(prepared))
        case .progress(.waitingForPIN): report(.event(.promptShown))
        case .progress(.signing): report(.pinAccepted)
        case .signed(let signature): report(.event(.signed(signature)))
        case .failed(let failure):
            if failure.name == .tokenRemoved { return doubtRemoval(failure.detail) }
            let event = ApprovalEvent.tokenFailed(ApprovalFailure(failure))
            report(failure.pinState.map { .pinWrong($0, event) } ?? .event(event))
        case .modules, .listed, .inspected, .verified, .readers, .promptWorks:
            report(.event(.tokenFailed(ApprovalFailure(.internal, detail: "an answer to another question"))))
        }
    }

    /// A module says that the card has gone. PC/SC alone knows, and says so by itself; else it is the module that failed.
    private func doubtRemoval(_ detail: String) {
        surroundings.scheduler.timer(after: Cards.removalPatience) { [weak self] in
            self?.report(.event(.tokenFailed(ApprovalFailure(.tokenFailed, detail: detail))))
        }
    }

    private func lost(_ error: JobError) {
        surroundings.log.warning("a token job failed: \(error)")
        let name: ErrorName = error.code == .exhausted ? .limitExceeded : .tokenFailed
        report(.event(.tokenFailed(ApprovalFailure(name, detail: error.description))))
    }
}

extension TokenReply {
    /// Progress comes before a signature.
    fileprivate var isLast: Bool {
        if case .progress = self { false } else { true }
    }
}

extension ApprovalFailure {
    /// Programs find what a wrong PIN left behind the module's own words.
    fileprivate init(_ failure: JobFailure) {
        let left = failure.name == .pinIncorrect ? failure.pinState?.rawValue : nil
        self.init(failure.name, detail: [failure.detail, left].compactMap { $0 }.joined(separator: " "))
    }
}
