// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore
import JobFrames
import Store
import SystemBasics
import Texts

/// One approval while its object stands: how it stands, and what runs for it.
///
/// Its machine says what is to be done; the run does it, by two jobs and some timers of its own. An approval that has ended is a value: it
/// has no machine that any later event could reach.
final class ApprovalRun {
    /// The reports of a run.
    enum News {
        case changed(since: ApprovalStatus)
        /// `Completed` is to be said; in place of an unknown end, where it was said before.
        case ended(ApprovalEnd, insteadOf: ApprovalEnd?)
        /// To be written; then `wrote` says whether it was.
        case write(ApprovalWrite)
        /// The certificate's responder, or the lack of its answer.
        case revocationAnswered(RevocationAnswer)
        case pinAccepted
        /// To be written down, then the event to be handled: a caller who hears of it may end the service.
        case pinWrong(PINState, then: ApprovalEvent)
        /// A person closed the prompt.
        case promptClosed
    }

    private enum Life {
        case running(ApprovalMachine)
        case ended(step: UInt32, decision: Decision?)
    }

    let number: Int64
    let handleToken: String?
    /// The caller's request in short, to distinguish a repeated call from another one with the same token.
    let fingerprint: [UInt8]
    let request: ApprovalRequest
    /// A program has a person shown a prompt; else the person began it by a button, or nobody is asked.
    let asksPerson: Bool
    private let startedAt: Int64
    private let identityKey: [UInt8]
    private let surroundings: ApprovalSurroundings
    private let report: (ApprovalRun, News) -> Void

    private var life: Life
    /// As it was said.
    private var end: ApprovalEnd?
    /// As it is being written.
    private var draft: ApprovalEnd?
    private var signatures: [StoredSignature] = []
    private var options = ApprovalOptions()
    /// The program that asked; nil while it is not known.
    private(set) var requester: Requester?
    private var isRemembered = false
    /// It could not be written down when it began. Until that is known, its row may be on its way.
    private var wasRefusedByDisk = false

    /// The certificate about which its responder is asked.
    private var prepared: PreparedSigner?
    private var revocation: RevocationCheck?
    private var timers: [Timer: any Cancellable] = [:]
    private var callerWatch: (any Cancellable)?

    private enum Timer: Hashable { case code, retry, wait }

    private lazy var token = SigningJob(surroundings) { [weak self] in self?.took($0) }
    private lazy var courier = PortalCourier(surroundings, to: request.portal) { [weak self] in self?.handle($0) }

    /// One that begins.
    init(
        _ request: ApprovalRequest, number: Int64, call: ApprovalCall, identityKey: [UInt8],
        surroundings: ApprovalSurroundings, report: @escaping (ApprovalRun, News) -> Void
    ) {
        (self.request, self.number, self.identityKey) = (request, number, identityKey)
        (handleToken, fingerprint, options) = (call.options.handleToken, call.fingerprint, call.options)
        asksPerson = call.asksPerson
        startedAt = surroundings.clock.now()
        life = .running(ApprovalMachine(request))
        (self.surroundings, self.report) = (surroundings, report)
    }

    /// One of an earlier run of the service. A submission without an answer goes on with `resume`; all else has ended.
    ///
    /// - Parameter end: how it ended; for one that goes on, nil or the unknown end that was said.
    init(
        _ request: ApprovalRequest, _ record: StoredApproval, _ signatures: [StoredSignature], end: ApprovalEnd?,
        surroundings: ApprovalSurroundings, report: @escaping (ApprovalRun, News) -> Void
    ) {
        (self.request, number, identityKey) = (request, record.number, record.identityKey)
        (handleToken, fingerprint, startedAt) = (record.handleToken, record.fingerprint, record.startedAt)
        (asksPerson, isRemembered, self.signatures, self.end) = (false, true, signatures, end)
        (self.surroundings, self.report) = (surroundings, report)
        if end == nil || end?.outcome.result == .unknown, let submission = PendingSubmission(record, signatures) {
            life = .running(ApprovalMachine(request, submitted: submission, reported: end?.outcome))
        } else {
            life = .ended(step: UInt32(clamping: record.step), decision: Decision(rawValue: record.decision))
        }
    }

    // MARK: - How it stands

    var view: ApprovalView {
        ApprovalView(
            number: number, handleToken: handleToken, request: request, startedAt: startedAt, identityKey: identityKey,
            status: status, end: end, signatures: signatures)
    }

    var status: ApprovalStatus {
        switch life {
        case .running(let machine): machine.status
        case .ended(let step, let decision):
            ApprovalStatus(
                state: end?.outcome.result.state ?? .failed, step: step, steps: request.steps, decision: decision,
                deadline: 0, outcome: end?.outcome)
        }
    }

    /// Whether nothing more will happen to it, and since when. One that was told as unknown may still go on.
    var endedAt: Int64? {
        if case .ended = life { end?.at ?? 0 } else { nil }
    }

    /// Whether its token job runs: nobody else can have the card.
    var usesToken: Bool {
        if case .running(let machine) = life { machine.usesToken } else { false }
    }

    /// Whether all is known and kept that it has to be before it may begin.
    var mayBegin: Bool { isRemembered && requester != nil }

    /// As the record is to hold it.
    private var record: StoredApproval {
        let status = status
        let (kind, code): (StoredApproval.Kind, String) =
            switch request.kind {
            case .approve: (.approve, "")
            case .signCode(let code): (.signCode, code.digits)
            case .renew: (.renew, "")
            }
        return StoredApproval(
            number: number, kind: kind, code: code, handleToken: handleToken, fingerprint: fingerprint,
            certificate: request.certificate, identityKey: identityKey, portal: request.portal.text,
            startedAt: startedAt, decision: status.decision?.rawValue ?? "", state: status.state.rawValue,
            step: Int(status.step), steps: Int(status.steps), deadline: status.deadline)
    }

    // MARK: - Events

    /// Has it written down: one that a crash could make forgotten shall ask nobody for a PIN.
    func remember() { report(self, .write(.begin(record))) }

    /// It is known which program asks. One that is bound ends when that program leaves the bus.
    func begins(for requester: Requester, on connection: String) {
        self.requester = requester
        guard options.isBound else { return }
        callerWatch = surroundings.callers.watch(connection) { [weak self] in self?.handle(.callerLeft) }
    }

    /// A write that it ordered is on disk, or has failed.
    func wrote(_ write: ApprovalWrite, isStored: Bool) {
        switch write {
        case .begin:
            (isRemembered, wasRefusedByDisk) = (isStored, !isStored)
            if !isStored { handle(.storeFailed) }
        case .submission, .end: handle(isStored ? .stored : .storeFailed)
        case .interruption: break
        }
    }

    /// Goes on. Never called from within an effect, so effects are done in their order.
    func handle(_ event: ApprovalEvent) {
        guard case .running(var machine) = life else { return }
        let (before, said) = (status, end)
        let effects = machine.handle(event, at: surroundings.clock.now())
        life = .running(machine)
        for effect in effects { perform(effect, insteadOf: said) }
        if machine.isSettled { life = .ended(step: machine.status.step, decision: machine.status.decision) }
        // The end has told everything itself.
        if status.outcome == before.outcome, status != before { report(self, .changed(since: before)) }
        if closesPrompt(event, since: before) { report(self, .promptClosed) }
        if endedAt != nil { release() }
    }

    private func closesPrompt(_ event: ApprovalEvent, since before: ApprovalStatus) -> Bool {
        guard before.outcome == nil, let failure = status.outcome?.failure else { return false }
        let stood = before.state == .waitingForPIN
        return failure.error == .pinCancelled
            || (stood && failure.error == .cancelled && event != .serviceEnding)
    }

    private func perform(_ effect: ApprovalEffect, insteadOf said: ApprovalEnd?) {
        switch effect {
        case .waitForToken(let seconds):
            arm(.wait, seconds) { run in
                .tokenUnavailable(ApprovalFailure(run.surroundings.card(run.request.certificate).absence))
            }
        case .prepareToken: prepareToken()
        case .checkRevocation:
            revocation = RevocationCheck(
                surroundings, certificate: prepared?.certificate ?? [], issuer: prepared?.issuer
            ) { [weak self] answer in
                guard let self else { return }
                revocation?.close()
                report(self, .revocationAnswered(answer))
                handle(ApprovalEvent(answer))
            }
        case .sign(let order):
            token.sign(
                SignRequest(
                    order, portal: request.portal, requester: requester?.name ?? "",
                    signingTime: surroundings.clock.now(), confirms: options.confirms && order.step == 1,
                    filesRenewal: request.kind == .renew))
        case .closeToken: token.close()
        case .killToken: token.kill()
        case .openCourier: courier.open()
        case .ask(let question): courier.ask(question)
        case .closeCourier: courier.close()
        case .armCodeTimer(let seconds): arm(.code, seconds) { _ in .codeLapsed }
        case .disarmCodeTimer: timers.removeValue(forKey: .code)?.cancel()
        case .retry(let seconds): arm(.retry, seconds) { _ in .retryDue }
        case .keepSignature(let purpose, let code, let signature):
            signatures.append(
                StoredSignature(
                    step: purpose.rawValue, code: code.digits, cms: signature, signedAt: surroundings.clock.now()))
        case .storeSubmission(let submission): store(submission)
        case .storeOutcome(let outcome):
            // One that could not be kept when it began is kept with its end.
            report(self, .write(.end(record, ending(outcome), signatures, isNew: wasRefusedByDisk)))
        case .complete(let outcome):
            let end = ending(outcome)
            self.end = end
            report(self, .ended(end, insteadOf: said))
        }
    }

    private func store(_ submission: PendingSubmission) {
        let signature = StoredSignature(
            step: submission.purpose.rawValue, code: submission.code.digits, cms: submission.signature,
            signedAt: submission.receivedAt)
        // A renewal's was kept when it was made.
        let earlier = signatures.filter { $0.code != signature.code }
        signatures = earlier + [signature]
        report(self, .write(.submission(record, signature, earlier: earlier)))
    }

    /// The end that is shown is the end that was written, however long the disk takes.
    private func ending(_ outcome: ApprovalOutcome) -> ApprovalEnd {
        let outcome = surroundings.completed(outcome, of: request.certificate)
        if let draft, draft.outcome == outcome { return draft }
        let end = ApprovalEnd(
            at: surroundings.clock.now(), outcome: outcome, message: surroundings.message(for: outcome.failure))
        draft = end
        return end
    }

    private func arm(_ timer: Timer, _ seconds: UInt32, _ event: @escaping (ApprovalRun) -> ApprovalEvent) {
        timers[timer]?.cancel()
        timers[timer] = surroundings.scheduler.timer(after: .seconds(Int64(seconds))) { [weak self] in
            if let self { handle(event(self)) }
        }
    }

    // MARK: - Its token job

    private func prepareToken() {
        let settings = surroundings.settings()
        guard let card = surroundings.card(request.certificate).card else {
            // Not from within an effect.
            return surroundings.scheduler.task { [weak self] in self?.handle(.tokenRemoved) }
        }
        let request = PrepareRequest(
            module: card.token.module, reader: card.token.reader.octets, certificateId: request.certificate,
            expectedIdentity: request.identity,
            prompt: options.prompt(pinentry: settings.configuration.pinentry), finalTry: request.finalTry,
            seenPINState: card.token.seenPINState,
            locale: options.locale ?? settings.texts.language.rawValue, timeZone: settings.texts.zone.name,
            rivals: card.rivals.map { CardReading.Rival($0).described(to: card.token.module, kin: []) },
            confines: settings.configuration.confinesModules)
        var handles: [Int32: FileDescriptorHandle] = [:]
        (handles[4], handles[5]) = (options.pin, options.terminal)
        let asked = options.display
        // They are the job's from now on.
        (self.options.pin, self.options.terminal) = (nil, nil)
        token.prepare(
            SigningJob.Start(request: request, handles: handles) { [surroundings] in
                // The caller's own display, else the session's.
                guard case .pinentry = request.prompt else { return SessionDisplay() }
                let session = await surroundings.callers.sessionDisplay()
                return asked.isNowhere ? session : asked.completed(by: session)
            })
    }

    private func took(_ news: SigningJob.News) {
        switch news {
        case .prepared(let prepared): took(prepared)
        case .pinAccepted:
            report(self, .pinAccepted)
            handle(.pinAccepted)
        case .pinWrong(let state, let event): report(self, .pinWrong(state, then: event))
        case .event(let event): handle(event)
        }
    }

    private func took(_ prepared: PreparedSigner) {
        self.prepared = prepared
        let card = surroundings.card(request.certificate).card
        let described = card?.token.description?.certificates.first { $0.id == request.certificate }
        handle(
            .prepared(
                ApprovalSigner(
                    identity: prepared.identity, pinState: prepared.pinState,
                    namesResponder: described?.ocsp.isEmpty == false)))
    }

    // MARK: - Its end

    /// Ends every timer and watch; token job and courier are ended by the machine's effects.
    private func release() {
        revocation?.kill()
        (options.pin, options.terminal) = (nil, nil)
        for timer in timers.values { timer.cancel() }
        timers = [:]
        callerWatch?.cancel()
        callerWatch = nil
    }

    /// The service ends. A run that has submitted nothing is cancelled; one that waits for the portal asks it at the next start.
    func abandon() {
        handle(.serviceEnding)
        guard endedAt == nil else { return }
        release()
        token.kill()
        courier.kill()
    }
}

extension PendingSubmission {
    /// The signature that may have been recorded; nil where none was handed over.
    init?(_ record: StoredApproval, _ signatures: [StoredSignature]) {
        guard record.isSubmitted, let last = signatures.last, let purpose = Purpose(rawValue: last.step),
            let code = try? VerificationCode(last.code)
        else { return nil }
        self.init(
            purpose: purpose, code: code, signature: last.cms,
            decision: purpose == .consent ? Decision(rawValue: record.decision) : nil, receivedAt: last.signedAt)
    }
}
