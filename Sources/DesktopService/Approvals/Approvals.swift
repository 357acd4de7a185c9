// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import JobFrames
import Store
import SystemBasics

/// The reports of the approvals.
enum ApprovalChange: Sendable {
    /// An object is to stand for it.
    case began(ApprovalView)
    /// Something that its object shows is not as it was.
    case changed(ApprovalView, since: ApprovalStatus)
    /// It waits for its card, and why that is not there may have changed.
    case waits(ApprovalView)
    /// `Completed` is to be said. Comes again if an unknown end becomes known.
    case ended(ApprovalView, ApprovalEnd)
    /// Its object goes.
    case forgotten(ApprovalView)
    /// To be written down; then `wrote` says whether it was.
    case write(Int64, ApprovalWrite)
    /// The certificate's responder, asked before the PIN is, has answered; or it has not.
    case revocationAnswered(RevocationAnswer, certificate: String)
    /// The right PIN for this certificate was entered.
    case pinAccepted(certificate: String)
    /// A wrong one was, and left the card so. To be written down; then the event is to be `handle`d.
    case pinWrong(PINState, certificate: String, of: Int64, then: ApprovalEvent)
}

/// A call for an approval.
struct ApprovalCall: Sendable {
    let kind: ApprovalRequest.Kind
    /// As the caller names it.
    let certificate: String
    var options: ApprovalOptions
    /// Tells two calls with one handle-token apart.
    var fingerprint: [UInt8] = []
    /// The caller's connection.
    let caller: String
    /// A person began it by a button of ours.
    var isOwn = false

    /// A program has a person asked.
    var asksPerson: Bool { options.asksPerson && !isOwn }
}

/// The approvals whose objects stand, and the history of decisions.
final class Approvals {
    private let surroundings: ApprovalSurroundings
    var report: (ApprovalChange) -> Void = { _ in }
    /// Whether the PIN of the card with this number is being set.
    var isPINBeingSet: (UInt64) -> Bool = { _ in false }

    private var runs: [Int64: ApprovalRun] = [:]
    private var handleTokens = HandleTokens()
    /// Programs whose prompts were closed.
    private var deferral = PromptDeferral()
    /// Decisions that came to an end, newest first.
    private(set) var history: [HistoryEntry] = []
    /// Those that begin once a card that is being read has been read: it may be theirs.
    private var awaitingReading: Set<Int64> = []
    private var forgetTimer: (any Cancellable)?

    static let mostUnfinished = 16
    static let mostEnded = 64
    /// Seconds that an approval's object stays after its end.
    static let afterlife: Int64 = 600
    /// The most descriptors that its two jobs, their start and the record need.
    private static let descriptorsOfAnApproval = 24

    init(_ surroundings: ApprovalSurroundings) { self.surroundings = surroundings }

    private var now: Int64 { surroundings.clock.now() }
    private var inOrder: [ApprovalRun] { runs.values.sorted { $0.number < $1.number } }
    var unfinished: [ApprovalRun] { inOrder.filter { !$0.status.isOver } }

    /// An approval whose object stands.
    subscript(number: Int64) -> ApprovalView? { runs[number]?.view }

    /// Those about a decision for this certificate or another one of its holder.
    func decisions(for certificate: String, of identityKey: [UInt8]) -> [ApprovalView] {
        runs.isEmpty ? [] : inOrder.map(\.view).filter { $0.isDecision && $0.concerns(certificate, of: identityKey) }
    }

    /// Whether one of those is under way.
    func isDeciding(_ certificate: String, of identityKey: [UInt8]) -> Bool {
        runs.values.contains {
            !$0.status.isOver && $0.view.isDecision && $0.view.concerns(certificate, of: identityKey)
        }
    }

    /// Whether a renewal of this certificate is under way.
    func isRenewing(_ certificate: String) -> Bool {
        unfinished.contains { $0.request.kind == .renew && $0.request.certificate == certificate }
    }

    // MARK: - They begin

    /// The approval that the same call began before; nil for a new one. Throws where another call has the same handle-token.
    func repeated(_ call: ApprovalCall) throws(ServiceError) -> ObjectPath? {
        guard let token = call.options.handleToken, let number = handleTokens.number(of: token, at: now) else {
            return nil
        }
        guard let known = runs[number], known.fingerprint == call.fingerprint else {
            throw ServiceError(.invalidArgument, detail: "option handle-token")
        }
        return known.view.path
    }

    /// Throws where a program has to wait before it may have a person asked.
    func requirePrompt(for call: ApprovalCall) throws(ServiceError) {
        let requester = Requester(connection: call.caller, isPage: call.options.confirms)
        guard call.asksPerson, let left = deferral.secondsLeft(for: requester, at: surroundings.scheduler.now) else {
            return
        }
        throw ServiceError(.promptDeferred, detail: "\(left)")
    }

    /// How long a program has to wait before it may have a person asked; nil where it need not.
    func secondsToWait(for requester: Requester) -> Int64? {
        deferral.secondsLeft(for: requester, at: surroundings.scheduler.now)
    }

    /// A person closed a prompt of another kind that this program had asked for, or answered it.
    func notePrompt(of requester: Requester, wasClosed: Bool) {
        if wasClosed {
            deferral.promptClosed(of: requester, at: surroundings.scheduler.now)
        } else {
            deferral.pinTaken(for: requester)
        }
    }

    /// Throws where an approval uses the card with this certificate, or waits for it.
    func requireFreeCard(_ certificate: String) throws(ServiceError) {
        guard !unfinished.contains(where: { uses($0, sameCardAs: certificate) }) else {
            throw ServiceError(.tokenBusy, detail: ApprovalFailure.anotherApproval)
        }
    }

    /// Throws where there is no room for another approval, or its card is in use.
    func requireRoom(for certificate: String) throws(ServiceError) {
        try requireFreeCard(certificate)
        if let card = surroundings.card(certificate).card, isPINBeingSet(card.token.number) {
            throw ServiceError(.tokenBusy, detail: ApprovalFailure.pinOperation)
        }
        guard unfinished.count < Self.mostUnfinished else { throw ServiceError(.limitExceeded) }
        guard OpenFileLimit.hasRoom(for: Self.descriptorsOfAnApproval + surroundings.callers.lentDescriptors) else {
            throw ServiceError(.limitExceeded, detail: "descriptors")
        }
    }

    /// Two approvals would fight over one card, whichever of its certificates they use.
    private func uses(_ run: ApprovalRun, sameCardAs certificate: String) -> Bool {
        guard run.request.certificate != certificate else { return true }
        guard let card = surroundings.card(certificate).card else { return false }
        return surroundings.card(run.request.certificate).card?.token.number == card.token.number
    }

    /// Begins one. The process of the caller is asked for before the answer goes out, because busctl leaves with it. The approval goes on
    /// when that is known and its record is on disk.
    func begin(_ call: ApprovalCall, _ request: ApprovalRequest, number: Int64, identityKey: [UInt8]) -> ObjectPath {
        let run = ApprovalRun(
            request, number: number, call: call, identityKey: identityKey, surroundings: surroundings,
            report: { [weak self] in self?.took($1, of: $0) })
        runs[number] = run
        if let token = run.handleToken { handleTokens.begin(token, number: number) }
        report(.began(run.view))
        surroundings.callers.process(of: call.caller) { [weak self] process in
            guard let self, let run = runs[number] else { return }
            let requester = Requester(connection: call.caller, process: process, isPage: call.options.confirms)
            run.begins(for: requester, on: call.caller)
            // It may have come by a connection of its own for each call.
            if run.asksPerson, let left = deferral.secondsLeft(for: requester, at: surroundings.scheduler.now) {
                run.handle(.refusedAtStart(ApprovalFailure(.promptDeferred, detail: "\(left)")))
            }
            if run.mayBegin { begin(run) }
        }
        run.remember()
        return run.view.path
    }

    /// Begins with what is known of the card; one that is just being read is waited for, since it may be the one.
    private func begin(_ run: ApprovalRun) {
        let situation = surroundings.card(run.request.certificate)
        awaitingReading.remove(run.number)
        if let card = situation.card {
            give(card, to: run)
        } else if situation.isReading {
            awaitingReading.insert(run.number)
        } else {
            run.handle(.beginWithoutToken(ApprovalFailure(situation.absence)))
        }
    }

    /// Lets an approval have its card, unless another one has it: two that wait may turn out to want the same.
    private func give(_ card: CardSituation.Card, to run: ApprovalRun) {
        if isPINBeingSet(card.token.number) {
            run.handle(.tokenUnavailable(ApprovalFailure(.tokenBusy, detail: ApprovalFailure.pinOperation)))
        } else if runs.values.contains(where: { $0.usesToken && uses($0, sameCardAs: run.request.certificate) }) {
            run.handle(.tokenUnavailable(ApprovalFailure(.tokenBusy, detail: ApprovalFailure.anotherApproval)))
        } else if run.status.state == .waitingForToken {
            run.handle(.tokenInserted(card.facts))
        } else {
            run.handle(.begin(card.facts))
        }
    }

    // MARK: - They go on

    /// A card has been read, or could not be, or went, or it has become known that there is none.
    func cardsChanged() {
        for run in inOrder {
            if awaitingReading.contains(run.number) {
                begin(run)
            } else if run.status.state == .waitingForToken {
                if let card = surroundings.card(run.request.certificate).card {
                    give(card, to: run)
                } else {
                    report(.waits(run.view))
                }
            }
        }
    }

    /// The card with these certificates was pulled out.
    func cardWasRemoved(with certificates: [String]) {
        for run in inOrder where certificates.contains(run.request.certificate) { run.handle(.tokenRemoved) }
    }

    func handle(_ event: ApprovalEvent, of number: Int64) { runs[number]?.handle(event) }

    func cancel(named name: String) { runs.values.first { $0.view.name == name }?.handle(.cancel) }

    /// A write that an approval ordered is on disk, or has failed.
    func wrote(_ write: ApprovalWrite, of number: Int64, isStored: Bool) {
        guard let run = runs[number] else { return }
        run.wrote(write, isStored: isStored)
        if case .begin = write, run.mayBegin { begin(run) }
    }

    private func took(_ news: ApprovalRun.News, of run: ApprovalRun) {
        let certificate = run.request.certificate
        switch news {
        case .changed(let before): report(.changed(run.view, since: before))
        case .ended(let end, let earlier): ended(run, end, insteadOf: earlier)
        case .write(let write): report(.write(run.number, write))
        case .revocationAnswered(let answer): report(.revocationAnswered(answer, certificate: certificate))
        case .pinAccepted:
            if run.asksPerson, let requester = run.requester { deferral.pinTaken(for: requester) }
            report(.pinAccepted(certificate: certificate))
        case .pinWrong(let state, let event):
            report(.pinWrong(state, certificate: certificate, of: run.number, then: event))
        case .promptClosed:
            guard run.asksPerson, let requester = run.requester else { return }
            deferral.promptClosed(of: requester, at: surroundings.scheduler.now)
        }
    }

    // MARK: - They end

    private func ended(_ run: ApprovalRun, _ end: ApprovalEnd, insteadOf earlier: ApprovalEnd?) {
        let view = run.view
        surroundings.log.info(
            "approval \(view.name): \(end.outcome.result.rawValue) "
                + (end.outcome.failure.map { "\($0.error.rawValue) \($0.detail)" } ?? ""))
        note(view, end, insteadOf: earlier)
        report(.ended(view, end))
        // Not from within an effect.
        surroundings.scheduler.task { [weak self] in self?.forgetOld() }
    }

    /// An unknown end that has become known takes its own place in the history.
    private func note(_ view: ApprovalView, _ end: ApprovalEnd, insteadOf earlier: ApprovalEnd?) {
        guard let entry = view.historyEntry(end) else { return }
        if let old = earlier.flatMap(view.historyEntry), let place = history.firstIndex(of: old) {
            history[place] = entry
        } else {
            history.insert(entry, at: 0)
        }
        if history.count > Store.maximumHistory { history.removeLast(history.count - Store.maximumHistory) }
    }

    /// Ended objects stay ten minutes, and not more than 64 of them.
    private func forgetOld() {
        let now = now
        let ended = runs.values.filter { $0.endedAt != nil }
            .sorted { ($0.endedAt ?? 0, $0.number) > ($1.endedAt ?? 0, $1.number) }
        for (place, run) in ended.enumerated()
        where place >= Self.mostEnded || now - (run.endedAt ?? 0) >= Self.afterlife {
            runs[run.number] = nil
            if let token = run.handleToken { handleTokens.end(token, number: run.number, at: run.endedAt ?? now) }
            report(.forgotten(run.view))
        }
        handleTokens.prune(at: now)
        forgetTimer?.cancel()
        forgetTimer = nil
        guard !runs.isEmpty else { return }
        forgetTimer = surroundings.scheduler.timer(after: .seconds(Self.afterlife)) { [weak self] in self?.forgetOld() }
    }

    /// The service ends.
    func end() {
        for run in inOrder { run.abandon() }
        forgetTimer?.cancel()
    }

    // MARK: - Approvals of an earlier run

    /// The history as the record has it.
    func load(_ history: [HistoryEntry]) { self.history = history }

    /// These are not known any more, and the history is this.
    func forget(_ numbers: [Int64], history: [HistoryEntry]) {
        self.history = history
        for run in numbers.compactMap({ runs.removeValue(forKey: $0) }) {
            run.abandon()
            if let token = run.handleToken { handleTokens.end(token, number: run.number, at: run.endedAt ?? now) }
            report(.forgotten(run.view))
        }
    }

    /// Has their objects stand again. One that was cut short has ended by that, whether the disk takes it or not: the next start finds it
    /// again.
    func recall(_ recalled: RecalledApprovals) {
        handleTokens = HandleTokens(recalled.handleTokens, at: now)
        for (record, signatures) in recalled.approvals { recall(record, signatures) }
        forgetOld()
    }

    private func recall(_ record: StoredApproval, _ signatures: [StoredSignature]) {
        if let known = runs[record.number] {
            // Its end was not taken by the disk before.
            if record.end == nil, let end = known.view.end {
                report(.write(record.number, .interruption(record.number, end)))
            }
            return
        }
        let request = ApprovalRequest(record)
        var end = record.end.map { ApprovalEnd($0) }
        if end == nil, request == nil || PendingSubmission(record, signatures) == nil {
            let outcome = ApprovalOutcome.interrupted
            let interruption = ApprovalEnd(
                at: now, outcome: outcome, message: surroundings.message(for: outcome.failure))
            report(.write(record.number, .interruption(record.number, interruption)))
            end = interruption
            if let decision = Decision(rawValue: record.decision) {
                history.insert(
                    HistoryEntry(
                        at: now, certificate: record.certificate, identityKey: record.identityKey,
                        decision: decision.rawValue, result: outcome.result.rawValue, portal: record.portal,
                        reference: ""), at: 0)
            }
        }
        // Without a request nothing can be asked about it any more; that it ended is all there is to say.
        guard let request else { return }
        let run = ApprovalRun(
            request, record, signatures, end: end, surroundings: surroundings,
            report: { [weak self] in self?.took($1, of: $0) })
        runs[record.number] = run
        report(.began(run.view))
    }

    /// Asks what became of those that were submitted when an earlier run ended.
    func resume() {
        for run in inOrder { run.handle(.resume) }
    }
}

extension ApprovalRequest {
    /// The request, as far as the record holds it: enough to ask the portal again. Nil where the record does not hold enough.
    fileprivate init?(_ record: StoredApproval) {
        guard let portal = try? Origin(record.portal) else { return nil }
        let kind: Kind
        switch record.kind {
        case .approve:
            guard let decision = Decision(rawValue: record.decision) else { return nil }
            kind = .approve(decision)
        case .signCode:
            guard let code = try? VerificationCode(record.code) else { return nil }
            kind = .signCode(code)
        case .renew: kind = .renew
        }
        self.init(kind: kind, certificate: record.certificate, portal: portal)
    }
}
