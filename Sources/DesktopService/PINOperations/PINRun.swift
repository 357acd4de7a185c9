// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore
import JobFrames
import Jobs
import Texts

/// One PIN operation: a token job, which alone hears what the person enters, and a watch on its caller.
final class PINRun {
    /// The reports of a PIN operation.
    enum News {
        case changed
        /// The present PIN was right.
        case pinAccepted
        /// A wrong PIN, or for an unblocking a wrong PUK, was tried, and left the card so.
        case wrong(PINState)
        case ended(PINOperationEnd)
    }

    /// How long the prompts stand: a person may have to look for a letter with the PUK.
    static let promptSeconds: UInt32 = 600

    private(set) var view: PINOperationView
    /// Whether a prompt stood when it ended, or stands.
    private(set) var hasPrompt = false
    let asksPerson: Bool
    /// The program that asked; nil while it is not known.
    private(set) var requester: Requester?
    private let card: CardSituation.Card
    private let seenPUKState: PINState
    private let surroundings: ApprovalSurroundings
    private let report: (PINRun, News) -> Void
    private var options: ApprovalOptions
    private var dialogue: TokenDialogue?
    private var callerWatch: (any Cancellable)?

    init(
        _ view: PINOperationView, _ options: ApprovalOptions, card: CardSituation.Card, seenPUKState: PINState,
        surroundings: ApprovalSurroundings, report: @escaping (PINRun, News) -> Void
    ) {
        (self.view, self.options, self.card, self.seenPUKState) = (view, options, card, seenPUKState)
        (self.surroundings, self.report, asksPerson) = (surroundings, report, options.asksPerson)
    }

    // MARK: - It goes on

    /// It is known which program asks: the job may begin.
    func begin(for requester: Requester, on connection: String) {
        guard view.end == nil else { return }
        self.requester = requester
        if options.isBound {
            callerWatch = surroundings.callers.watch(connection) { [weak self] in self?.cancel("caller-left") }
        }
        let settings = surroundings.settings()
        var request = PINRequest(
            view.task, module: card.token.module, reader: card.token.reader.octets, certificateId: view.certificate,
            prompt: options.prompt(pinentry: settings.configuration.pinentry), finalTry: options.finalTry,
            seenPINState: card.token.seenPINState, seenPUKState: seenPUKState, requester: requester.name,
            locale: options.locale ?? settings.texts.language.rawValue,
            rivals: card.rivals.map { CardReading.Rival($0).described(to: card.token.module, kin: []) },
            confines: settings.configuration.confinesModules)
        var handles: [Int32: FileDescriptorHandle] = [:]
        (handles[4], handles[5]) = (options.pin, options.terminal)
        // They are the job's from now on.
        (options.pin, options.terminal) = (nil, nil)
        let dialogue = TokenDialogue(on: surroundings.scheduler, isLast: \.isLast) { [weak self] in self?.took($0) }
        self.dialogue = dialogue
        let patience = Duration.seconds(settings.configuration.listDeadline)
        let (jobs, callers, asked) = (surroundings.jobs, surroundings.callers, options.display)
        surroundings.scheduler.task {
            if case .pinentry = request.prompt {
                let session = await callers.sessionDisplay()
                request.display = asked.isNowhere ? session : asked.completed(by: session)
            }
            dialogue.ask(.preparePIN(request), within: patience)
            await dialogue.converse(startingWithin: patience) { () async throws(JobError) in
                defer { handles = [:] }
                return try await jobs.startToken(deadline: nil, descriptors: handles.mapValues(\.rawValue))
            }
        }
    }

    private func took(_ news: TokenDialogue.News) {
        switch news {
        case .reply(.pinPrepared):
            dialogue?.ask(
                .setPIN(secondsLeft: Self.promptSeconds),
                within: .seconds(Int64(Self.promptSeconds)) + surroundings.patience.tokenFarewell)
        case .reply(.progress(.waitingForPIN)): move(to: .waitingForPIN)
        case .reply(.progress(.settingPIN)): move(to: .setting)
        case .reply(.pinSet):
            report(self, .pinAccepted)
            end(nil)
        case .reply(.failed(let failure)): failed(failure)
        case .reply: end(ApprovalFailure(.internal, detail: "an answer to another question"))
        case .lost(let error):
            surroundings.log.warning("a token job failed: \(error)")
            end(ApprovalFailure(error.code == .exhausted ? .limitExceeded : .tokenFailed, detail: error.description))
        }
    }

    private func failed(_ failure: JobFailure) {
        switch failure.pinState {
        case .ok?: report(self, .pinAccepted)
        case let state? where [.pinIncorrect, .pinLocked, .pukIncorrect, .pukLocked].contains(failure.name):
            report(self, .wrong(state))
        default: break
        }
        guard failure.name == .tokenRemoved else { return end(ApprovalFailure(failure)) }
        // PC/SC alone knows, and says so by itself; else it is the module that failed.
        surroundings.scheduler.timer(after: Cards.removalPatience) { [weak self] in
            self?.end(ApprovalFailure(.tokenFailed, detail: failure.detail))
        }
    }

    private func move(to state: PINOperationView.State) {
        guard view.end == nil, view.state != state else { return }
        view.state = state
        hasPrompt = state == .waitingForPIN
        report(self, .changed)
    }

    // MARK: - It ends

    /// Ends it, unless the card is being asked: what became of that has to be known.
    func cancel(_ detail: String = "") {
        guard view.state != .setting else { return }
        end(ApprovalFailure(.cancelled, detail: detail))
    }

    /// Ends it; nil where the card has its new PIN. The first end counts.
    func end(_ failure: ApprovalFailure?) {
        guard view.end == nil else { return }
        failure == nil ? dialogue?.close(within: surroundings.patience.tokenFarewell) : dialogue?.kill()
        callerWatch?.cancel()
        callerWatch = nil
        (options.pin, options.terminal) = (nil, nil)
        let end = PINOperationEnd(
            at: surroundings.clock.now(), failure: failure, message: surroundings.message(for: failure))
        view.end = end
        view.state = failure == nil ? .done : failure?.error == .cancelled ? .cancelled : .failed
        report(self, .ended(end))
    }
}
