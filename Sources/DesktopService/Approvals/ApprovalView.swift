// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// An approval as everybody but itself sees it.
struct ApprovalView: Sendable {
    let number: Int64
    let handleToken: String?
    let request: ApprovalRequest
    let startedAt: Int64
    /// The holder's key, for `Status`.
    let identityKey: [UInt8]
    let status: ApprovalStatus
    /// Nil until `Completed` was said; an unknown end may still become another one.
    let end: ApprovalEnd?
    /// The answer of `Signatures()`, in the order made.
    let signatures: [StoredSignature]

    /// Where its object stands.
    var path: ObjectPath {
        let numbered = Contract.approvalPath(number: UInt64(clamping: number))
        // A handle-token was found to be made of letters, digits and "_" when it came.
        return handleToken.flatMap { try? Contract.approvalPath(handleToken: $0) } ?? numbered
    }

    /// The last element of its path, which also names its notification.
    var name: String { path.text.split(separator: "/").last.map(String.init) ?? "" }

    /// Whether it is about a decision, or only about signing a code for a sign-in.
    var isDecision: Bool {
        if case .approve = request.kind { true } else { status.decision != nil }
    }

    /// Whether it is about this certificate, or another one of its holder.
    func concerns(_ certificate: String, of identityKey: [UInt8]) -> Bool {
        request.certificate == certificate || (!identityKey.isEmpty && self.identityKey == identityKey)
    }

    /// Its line in the history with this end; nil where it was about no decision.
    func historyEntry(_ end: ApprovalEnd) -> HistoryEntry? {
        status.decision.map {
            HistoryEntry(
                at: end.at, certificate: request.certificate, identityKey: identityKey, decision: $0.rawValue,
                result: end.outcome.result.rawValue, portal: request.portal.text, reference: end.outcome.reference)
        }
    }
}

extension ApprovalStatus {
    /// Whether `Completed` has been said.
    var isOver: Bool { outcome != nil }
}

/// A write that an approval waits for before it goes on.
enum ApprovalWrite: Sendable {
    case begin(StoredApproval)
    case submission(StoredApproval, StoredSignature, earlier: [StoredSignature])
    /// - isNew: its beginning could not be written down.
    case end(StoredApproval, ApprovalEnd, [StoredSignature], isNew: Bool)
    /// An earlier run was cut short.
    case interruption(Int64, ApprovalEnd)

    /// For the log.
    var what: String {
        switch self {
        case .begin: "an approval"
        case .submission: "a signature before its submission"
        case .end: "the end of an approval"
        case .interruption: "that an approval was cut short"
        }
    }

    func write(to store: Store) async throws {
        switch self {
        case .begin(let record): try await store.insert(record)
        case .submission(let record, let signature, let earlier):
            // First what all depends on: it fails where the file is not at its path any more.
            try await store.submit(signature, after: earlier, of: record.number)
            try await store.update(record)
        case .end(let record, let end, let signatures, let isNew):
            if isNew { try await store.insert(record) }
            try await store.update(record)
            try await store.finish(record.number, end.stored, signatures: signatures)
        case .interruption(let number, let end): _ = try await store.finish(number, end.stored)
        }
    }
}

/// How an approval ended, as it is kept, shown and signalled.
struct ApprovalEnd: Sendable, Equatable {
    /// UTC seconds.
    let at: Int64
    let outcome: ApprovalOutcome
    /// The sentence for people, in the service's language at that time: the fault and its remedy; empty where nothing went wrong.
    let message: String

    /// The error's name on the bus; empty where nothing went wrong.
    var error: String { outcome.failure?.error.busName ?? "" }

    /// A detail that narrows the error down, for programs.
    var errorDetail: String { outcome.failure?.detail ?? "" }

    /// Whether the renewal that was requested is applied for now, by this approval or before it.
    func filesRenewal(_ request: ApprovalRequest) -> Bool {
        request.kind == .renew && (outcome.result == .recorded || outcome.failure?.error == .alreadyFiled)
    }
}

extension ApprovalEnd {
    /// As the record holds it.
    init(_ stored: StoredApproval.End) {
        let failure: ApprovalFailure? =
            switch ReportedError(stored.error) {
            case .known(let error): ApprovalFailure(error, detail: stored.errorDetail)
            // A later version recorded it; its sentence is kept beside.
            case .unknown: ApprovalFailure(.internal, detail: stored.errorDetail)
            case nil: nil
            }
        let outcome = ApprovalOutcome(
            ApprovalOutcome.Result(rawValue: stored.result) ?? .failed, failure: failure,
            reference: stored.reference, number: stored.confirmationNumber)
        self.init(at: stored.at, outcome: outcome, message: stored.message)
    }

    /// As the record is to hold it.
    var stored: StoredApproval.End {
        StoredApproval.End(
            at: at, result: outcome.result.rawValue, error: error, message: message, errorDetail: errorDetail,
            reference: outcome.reference, confirmationNumber: outcome.number)
    }
}
