// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import EventLoops
import Store
import Texts

/// Approvals of an earlier run: their objects stand again, and what was submitted without an answer is asked for.
extension Service {
    func recall(_ recalled: RecalledApprovals) {
        handleTokens = HandleTokens(recalled.handleTokens, at: parts.alarm.now())
        for (record, signatures) in recalled.approvals {
            do { try recall(record, signatures) } catch {
                parts.log.error("could not show an approval: \(error), continuing")
            }
        }
        forgetLater()
        if hasBegun { resumeApprovals() }
    }

    /// That it was cut short is so, whether the disk takes it or not: the next start finds it again.
    private func finish(_ record: StoredApproval, _ end: StoredApproval.End) {
        journal.remember("that an approval was cut short") { _ = try await $0.finish(record.number, end) }
        guard !record.decision.isEmpty else { return }
        history.insert(
            HistoryEntry(
                at: end.at, certificate: record.certificate, identityKey: record.identityKey, decision: record.decision,
                result: end.result, portal: record.portal, reference: end.reference), at: 0)
    }

    private func recall(_ record: StoredApproval, _ signatures: [StoredSignature]) throws {
        if let known = approvals[record.number] {
            // Its end was not taken by the disk before.
            if record.end == nil, let end = known.end {
                journal.remember("the end of an approval") { _ = try await $0.finish(record.number, end) }
            }
            return
        }
        guard let request = ApprovalRequest(record) else {
            // Nothing can be asked about it any more; that it ended is all there is to say.
            if record.end == nil { finish(record, ending(.interrupted)) }
            return
        }
        let submission = PendingSubmission(record, signatures)
        let reported = record.end.flatMap { ApprovalOutcome($0) }
        let isOpen = record.end == nil || reported?.result == .unknown
        let approval: Approval
        if isOpen, let submission {
            approval = Approval(
                number: record.number, path: Self.approvalPath(record.number, record.handleToken),
                handleToken: record.handleToken, fingerprint: record.fingerprint, options: ApprovalOptions(),
                startedAt: record.startedAt,
                machine: ApprovalMachine(request, submitted: submission, reported: reported),
                identityKey: record.identityKey)
            approval.end = record.end
        } else {
            let end = record.end ?? ending(.interrupted)
            if record.end == nil { finish(record, end) }
            approval = Approval(
                number: record.number, path: Self.approvalPath(record.number, record.handleToken),
                handleToken: record.handleToken, fingerprint: record.fingerprint, startedAt: record.startedAt,
                request: request, ended: ApprovalStatus(record, end), identityKey: record.identityKey)
            approval.end = end
        }
        approval.signatures = signatures
        approval.isRemembered = true
        if let end = record.end, end.result == ApprovalOutcome.Result.unknown.rawValue {
            // Should it become known, its line in the history is the one to change.
            approval.historyEntry = entry(of: end, approval)
        }
        approvals[record.number] = approval
        try export(approval)
    }

    /// Asks what became of those that were submitted when an earlier run ended.
    func resumeApprovals() {
        for approval in approvals.values.sorted(by: { $0.number < $1.number }) { handle(.resume, of: approval) }
    }

    /// Ended objects stay ten minutes, and not more than 64 of them.
    func forgetLater() {
        let now = parts.alarm.now()
        let ended = approvals.values.filter(\.hasEnded)
            .sorted { ($0.end?.at ?? 0, $0.number) > ($1.end?.at ?? 0, $1.number) }
        for (place, approval) in ended.enumerated()
        where place >= Self.mostEnded || now - (approval.end?.at ?? 0) >= Self.afterlife {
            forget(approval)
        }
        prune()
        forgetTimer?.cancel()
        forgetTimer = nil
        guard !approvals.isEmpty else { return }
        forgetTimer = loop.timer(after: .seconds(Self.afterlife)) { [weak self] in
            self?.assumeIsolated { $0.forgetLater() }
        }
    }

    private func forget(_ approval: Approval) {
        approval.release()
        approvals[approval.number] = nil
        if let token = approval.handleToken {
            handleTokens.end(token, number: approval.number, at: approval.end?.at ?? parts.alarm.now())
        }
        parts.bus.unexport(approval.path)
    }
}

extension ApprovalRequest {
    /// What was asked for, as far as the record tells: enough to ask the portal again. Nil where it does not tell enough.
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

extension PendingSubmission {
    /// The signature that may have been recorded; nil where none was handed over.
    fileprivate init?(_ record: StoredApproval, _ signatures: [StoredSignature]) {
        guard record.isSubmitted, let last = signatures.last, let purpose = Purpose(rawValue: last.step),
            let code = try? VerificationCode(last.code)
        else { return nil }
        self.init(
            purpose: purpose, code: code, signature: last.cms,
            decision: purpose == .consent ? Decision(rawValue: record.decision) : nil, receivedAt: last.signedAt)
    }
}

extension ApprovalOutcome {
    fileprivate init?(_ end: StoredApproval.End) {
        guard let result = Result(rawValue: end.result) else { return nil }
        let error = ErrorName.allCases.first { $0.busName == end.error }
        self.init(
            result, failure: error.map { ApprovalFailure($0, detail: end.errorDetail) }, reference: end.reference,
            number: end.confirmationNumber
        )
    }
}

extension ApprovalStatus {
    /// An approval that ended in an earlier run.
    fileprivate init(_ record: StoredApproval, _ end: StoredApproval.End) {
        let outcome = ApprovalOutcome(end)
        let state: State =
            switch outcome?.result {
            case .recorded, .signed: .done
            case .cancelled: .cancelled
            case .failed, .unknown, nil: .failed
            }
        self.init(
            state: state, step: UInt32(clamping: record.step), steps: UInt32(clamping: record.steps),
            decision: Decision(rawValue: record.decision), deadline: 0, outcome: outcome)
    }
}
