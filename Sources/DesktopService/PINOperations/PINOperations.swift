// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import Jobs
import SystemBasics

/// The reports of the PIN operations.
enum PINOperationChange: Sendable {
    /// An object is to stand for it.
    case began(PINOperationView)
    case changed(PINOperationView)
    /// `Completed` is to be said.
    case ended(PINOperationView, PINOperationEnd)
    /// Its object goes.
    case forgotten(PINOperationView)
    /// The right PIN of the card with this certificate was entered, or a new one set.
    case pinAccepted(certificate: String)
    /// A wrong one was, and left the card so.
    case pinWrong(PINState, certificate: String)
    /// A person closed the prompt of this program, or answered it.
    case prompt(of: Requester, wasClosed: Bool)
}

/// Cards whose PIN is being changed or unblocked. At most one operation a card.
final class PINOperations {
    private let surroundings: ApprovalSurroundings
    /// How long a program has to wait before it may have a person asked.
    private let secondsToWait: (Requester) -> Int64?
    var report: (PINOperationChange) -> Void = { _ in }

    private var runs: [UInt64: PINRun] = [:]
    private var lastNumber: UInt64 = 0
    private var puks = PUKMemory()
    private var forgetTimer: (any Cancellable)?

    static let mostUnfinished = 16
    static let mostEnded = 64
    /// Seconds that an operation's object stays after its end.
    static let afterlife: Int64 = 600
    /// The most descriptors that its job needs.
    private static let descriptors = 12

    init(_ surroundings: ApprovalSurroundings, secondsToWait: @escaping (Requester) -> Int64?) {
        (self.surroundings, self.secondsToWait) = (surroundings, secondsToWait)
    }

    var unfinished: [PINRun] { runs.values.filter { $0.view.end == nil } }

    /// An operation whose object stands.
    subscript(number: UInt64) -> PINOperationView? { runs[number]?.view }

    /// Whether the PIN of this card is being set.
    func uses(_ token: UInt64) -> Bool { unfinished.contains { $0.view.token == token } }

    // MARK: - They begin

    /// Begins one on the card that holds this certificate. Throws what memory can refuse.
    func begin(_ call: PINCall, certificate: String) throws(ServiceError) -> ObjectPath {
        if let left = wait(of: Requester(connection: call.caller), call.options.asksPerson) {
            throw ServiceError(.promptDeferred, detail: "\(left)")
        }
        guard let card = surroundings.card(certificate).card else {
            throw ServiceError(surroundings.card(certificate).absence)
        }
        guard !uses(card.token.number) else { throw ServiceError(.tokenBusy, detail: ApprovalFailure.pinOperation) }
        guard unfinished.count < Self.mostUnfinished else { throw ServiceError(.limitExceeded) }
        guard OpenFileLimit.hasRoom(for: Self.descriptors + surroundings.callers.lentDescriptors) else {
            throw ServiceError(.limitExceeded, detail: "descriptors")
        }
        lastNumber += 1
        let view = PINOperationView(
            number: lastNumber, task: call.task, token: card.token.number, certificate: certificate,
            isBound: call.options.isBound)
        let run = PINRun(
            view, call.options, card: card, seenPUKState: puks.state(of: card.token.certificates),
            surroundings: surroundings, report: { [weak self] in self?.took($1, of: $0) })
        runs[view.number] = run
        report(.began(view))
        surroundings.callers.process(of: call.caller) { [weak self] process in
            guard let self else { return }
            let requester = Requester(connection: call.caller, process: process)
            // It may have come by a connection of its own for each call.
            if let left = wait(of: requester, run.asksPerson) {
                return run.end(ApprovalFailure(.promptDeferred, detail: "\(left)"))
            }
            run.begin(for: requester, on: call.caller)
        }
        return view.path
    }

    private func wait(of requester: Requester, _ asksPerson: Bool) -> Int64? {
        asksPerson ? secondsToWait(requester) : nil
    }

    // MARK: - They go on

    func cancel(_ number: UInt64) { runs[number]?.cancel() }

    /// The card was pulled out.
    func cardWasRemoved(_ token: UInt64) {
        for run in unfinished where run.view.token == token { run.end(ApprovalFailure(.tokenRemoved)) }
    }

    private func took(_ news: PINRun.News, of run: PINRun) {
        let view = run.view
        switch news {
        case .changed: report(.changed(view))
        case .pinAccepted: report(.pinAccepted(certificate: view.certificate))
        case .wrong(let state) where view.task == .change: report(.pinWrong(state, certificate: view.certificate))
        case .wrong(let state): puks.wasWrong(state, on: certificates(of: view))
        case .ended(let end): ended(run, end)
        }
    }

    /// Those of its card.
    func certificates(of view: PINOperationView) -> [String] {
        surroundings.card(view.certificate).card?.token.certificates ?? [view.certificate]
    }

    // MARK: - They end

    private func ended(_ run: PINRun, _ end: PINOperationEnd) {
        let view = run.view
        surroundings.log.info(
            "pin \(view.task.rawValue): \(end.result) "
                + (end.failure.map { "\($0.error.rawValue) \($0.detail)" } ?? ""))
        if end.failure == nil, view.task == .unblock { puks.wasRight(on: certificates(of: view)) }
        if run.asksPerson, let requester = run.requester {
            switch end.failure?.error {
            // A cancellation while it stood is a person's, but for the service's own end.
            case .pinCancelled?: report(.prompt(of: requester, wasClosed: true))
            case .cancelled? where run.hasPrompt && end.failure?.detail != Self.serviceEnded:
                report(.prompt(of: requester, wasClosed: true))
            case nil: report(.prompt(of: requester, wasClosed: false))
            default: break
            }
        }
        report(.ended(view, end))
        // Not from within a report.
        surroundings.scheduler.task { [weak self] in self?.forgetOld() }
    }

    /// Ended objects stay ten minutes, and not more than 64 of them.
    private func forgetOld() {
        let now = surroundings.clock.now()
        let ended = runs.values.map(\.view).filter { $0.end != nil }
            .sorted { ($0.end?.at ?? 0, $0.number) > ($1.end?.at ?? 0, $1.number) }
        for (place, view) in ended.enumerated()
        where place >= Self.mostEnded || now - (view.end?.at ?? 0) >= Self.afterlife {
            runs[view.number] = nil
            report(.forgotten(view))
        }
        forgetTimer?.cancel()
        forgetTimer = nil
        guard !runs.isEmpty else { return }
        forgetTimer = surroundings.scheduler.timer(after: .seconds(Self.afterlife)) { [weak self] in self?.forgetOld() }
    }

    private static let serviceEnded = "service-ended"

    /// The service ends.
    func end() {
        for run in unfinished { run.end(ApprovalFailure(.cancelled, detail: Self.serviceEnded)) }
        forgetTimer?.cancel()
    }
}

/// The count of wrong PUKs, by certificate, since the service started.
///
/// Most cards give a PUK three tries and few modules say how many are left, so after the second wrong one the next is taken for the last.
struct PUKMemory {
    private var states: [String: PINState] = [:]

    func state(of certificates: [String]) -> PINState {
        certificates.compactMap { states[$0] }.reduce(.unknown, PINState.worse)
    }

    mutating func wasWrong(_ left: PINState, on certificates: [String]) {
        let left = state(of: certificates) == .unknown ? left : .worse(left, .finalTry)
        for id in certificates { states[id] = left }
    }

    mutating func wasRight(on certificates: [String]) {
        for id in certificates { states[id] = nil }
    }
}
