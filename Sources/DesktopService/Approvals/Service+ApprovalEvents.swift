// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import EventLoops
import Store
import Texts

/// Approvals go on: an event goes into the machine, its effects are done.
extension Service {
    /// Never called from within an effect, so effects are done in their order.
    func handle(_ event: ApprovalEvent, of approval: Approval) {
        guard approvals[approval.number] === approval, !approval.hasEnded else { return }
        let before = approval.status
        for effect in approval.handle(event, at: parts.alarm.now()) { perform(effect, of: approval) }
        tell(approval, since: before)
        notePrompt(of: approval, since: before, event)
        guard approval.hasEnded else { return }
        approval.release()
        forgetLater()
    }

    /// From a timer or a watch, which outlive what they belong to.
    func handle(_ event: ApprovalEvent, ofNumber number: Int64) {
        if let approval = approvals[number] { handle(event, of: approval) }
    }

    private func perform(_ effect: ApprovalEffect, of approval: Approval) {
        switch effect {
        case .waitForToken(let seconds):
            approval.waitTimer = timer(seconds, of: approval) { .tokenUnavailable(ApprovalFailure($0.cards.absence)) }
        case .prepareToken: prepareToken(of: approval)
        case .checkRevocation: checkRevocation(of: approval)
        case .sign(let order): sign(order, of: approval)
        case .closeToken: approval.token?.close(within: parts.patience.tokenFarewell)
        case .killToken: approval.token?.kill()
        case .openCourier: openCourier(of: approval)
        case .ask(let question): ask(question, of: approval)
        case .closeCourier: approval.courier?.close(within: parts.patience.courierFarewell)
        case .armCodeTimer(let seconds):
            approval.codeTimer?.cancel()
            approval.codeTimer = timer(seconds, of: approval) { _ in .codeLapsed }
        case .disarmCodeTimer:
            approval.codeTimer?.cancel()
            approval.codeTimer = nil
        case .retry(let seconds):
            approval.retryTimer = timer(seconds, of: approval) { _ in .retryDue }
        case .keepSignature(let purpose, let code, let signature):
            approval.signatures.append(
                StoredSignature(
                    step: purpose.rawValue, code: code.digits, cms: signature, signedAt: parts.alarm.now()))
        case .storeSubmission(let submission): store(submission, of: approval)
        case .storeOutcome(let outcome): store(outcome, of: approval)
        case .complete(let outcome): complete(approval, outcome)
        }
    }

    private func timer(
        _ seconds: UInt32, of approval: Approval, _ event: @escaping @Sendable (isolated Service) -> ApprovalEvent
    ) -> LoopTimer {
        let number = approval.number
        return loop.timer(after: .seconds(Int64(seconds))) { [weak self] in
            self?.assumeIsolated { $0.handle(event($0), ofNumber: number) }
        }
    }

    // MARK: - The record

    private func store(_ submission: PendingSubmission, of approval: Approval) {
        let signature = StoredSignature(
            step: submission.purpose.rawValue, code: submission.code.digits, cms: submission.signature,
            signedAt: submission.receivedAt)
        // A renewal's was kept when it was made.
        approval.signatures.removeAll { $0.code == signature.code }
        let earlier = approval.signatures
        approval.signatures.append(signature)
        let record = stored(approval)
        let number = approval.number
        write("a signature before its submission") { store in
            // First what all depends on: it fails where the file is not at its path any more.
            try await store.submit(signature, after: earlier, of: number)
            try await store.update(record)
        } done: { service, isStored in
            service.handle(isStored ? .stored : .storeFailed, ofNumber: number)
        }
    }

    private func store(_ outcome: ApprovalOutcome, of approval: Approval) {
        let end = ending(outcome)
        let record = stored(approval)
        let signatures = approval.signatures
        let (number, wasRefused) = (approval.number, approval.wasRefusedByDisk)
        write("the end of an approval") { store in
            // One that could not be kept when it began is kept with its end.
            if wasRefused { try await store.insert(record) }
            try await store.update(record)
            try await store.finish(number, end, signatures: signatures)
        } done: { service, isStored in
            service.handle(isStored ? .stored : .storeFailed, ofNumber: number)
        }
    }

    /// The end as it is kept and told.
    func ending(_ outcome: ApprovalOutcome) -> StoredApproval.End {
        StoredApproval.End(
            at: parts.alarm.now(), result: outcome.result.rawValue, error: outcome.failure?.error.busName ?? "",
            message: message(for: outcome), errorDetail: outcome.failure?.detail ?? "", reference: outcome.reference,
            confirmationNumber: outcome.number)
    }

    /// What happened and what to do; the stable word for who has to look closer is a property of its own.
    private func message(for outcome: ApprovalOutcome) -> String {
        guard let failure = outcome.failure else { return "" }
        let explanation = parts.texts.error(failure.error, detail: failure.detail)
        return "\(explanation.what) \(explanation.remedy)"
    }

    // MARK: - The end

    private func complete(_ approval: Approval, _ outcome: ApprovalOutcome) {
        let end = ending(outcome)
        approval.end = end
        parts.log.info(
            "approval \(approval.name): \(end.result) \(outcome.failure.map { "\($0.error.rawValue) \($0.detail)" } ?? "")"
        )
        record(end, of: approval)
        if approval.request.kind == .renew,
            outcome.result == .recorded || outcome.failure?.error == .alreadyFiled
        {
            renewalFiled(of: approval.request.certificate)
        }
        if end.result == ApprovalOutcome.Result.recorded.rawValue { refreshReminderOffers() }
        tellEnd(of: approval, end)
        showResult(approval)
        rereadCard(after: approval, outcome)
        tidyLater()
    }

    private func record(_ end: StoredApproval.End, of approval: Approval) {
        guard let entry = entry(of: end, approval) else { return }
        // An unknown end that has become known takes its own place.
        if let index = approval.historyIndex(in: history) {
            history[index] = entry
        } else {
            history.insert(entry, at: 0)
        }
        approval.historyEntry = entry
        if history.count > Store.maximumHistory { history.removeLast(history.count - Store.maximumHistory) }
        if end.result == ApprovalOutcome.Result.recorded.rawValue { registry.record(entry) }
    }

    /// The approval's line in the history; nil where it was about no decision.
    func entry(of end: StoredApproval.End, _ approval: Approval) -> HistoryEntry? {
        guard let decision = approval.status.decision?.rawValue else { return nil }
        return HistoryEntry(
            at: end.at, certificate: approval.request.certificate, identityKey: approval.identityKey,
            decision: decision, result: end.result, portal: approval.request.portal.text, reference: end.reference)
    }

    /// A wrong PIN changes what the card says of its PIN, and who holds it is told on its object.
    private func rereadCard(after approval: Approval, _ outcome: ApprovalOutcome) {
        guard let token = cards.token(holding: approval.request.certificate) else { return }
        let news: [ErrorName] = [.pinIncorrect, .pinLocked, .pinFinalTry, .pinChangeRequired, .tokenBusy]
        let wasLow = token.pinState != .ok && token.pinState != .unknown
        if wasLow || outcome.failure.map({ news.contains($0.error) }) == true {
            cards.readAgain(approval.request.certificate)
        }
    }
}

extension Approval {
    fileprivate func historyIndex(in history: [HistoryEntry]) -> Int? {
        historyEntry.flatMap { old in history.firstIndex(of: old) }
    }
}
