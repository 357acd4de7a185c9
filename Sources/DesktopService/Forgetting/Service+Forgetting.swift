// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import Store

/// The options of `Forget`.
struct ForgetOptions {
    var holder = false
    var all = false
    var signatures = false

    /// Reads `a{sv}`. Throws `invalidArgument` for an unknown option or a wrong type.
    init(_ reader: inout MessageReader) throws {
        try reader.options { (option: ForgetOption, value) in
            switch option {
            case .holder: holder = try value.bool()
            case .all: all = try value.bool()
            case .signatures: signatures = try value.bool()
            }
        }
    }
}

/// The answer of `Forget`.
struct ForgetAnswer {
    let forgotten: Forgotten
    /// Those whose card is in.
    let present: [String]
}

/// A person wants something forgotten, or a certificate's time is over.
extension Service {
    /// Forgets on the disk, then in memory. `done` is called with what stood in the way, or with what is gone.
    func forget(
        _ reference: String, _ options: ForgetOptions, done: @escaping (Result<ForgetAnswer, ServiceError>) -> Void
    ) throws {
        guard options.all == reference.isEmpty, !(options.all && options.holder) else {
            throw ServiceError(.invalidArgument, detail: "certificate, or option all")
        }
        try journal.requireKept()
        let range = options.all ? .all : try range(of: resolve(reference), withHolder: options.holder)
        guard !approvals.isBusy(within: range) else {
            throw ServiceError(.tokenBusy, detail: ApprovalFailure.anotherApproval)
        }
        guard !pinOperations.isBusy(within: range) else {
            throw ServiceError(.tokenBusy, detail: ApprovalFailure.pinOperation)
        }
        guard forgetting.begin() else { throw ServiceError(.limitExceeded, detail: "forgetting") }
        let newest = approvals.history.first
        journal.forget(ForgetOrder(range, includesEvidence: options.signatures)) { [self] result in
            forgetting.end()
            done(
                result.map { forgotten, contents in
                    // Another person's approval may have ended meanwhile.
                    let since = approvals.history.prefix { $0 != newest }.filter { !contents.history.contains($0) }
                    return took(forgotten, contents.adding(since))
                })
        }
    }

    private func range(of id: String, withHolder: Bool) -> ForgetOrder.Range {
        let key = registry[id]?.known.identityKey ?? []
        return withHolder
            ? .person(certificates: registry.certificates(with: id, or: key), identityKey: key) : .certificates([id])
    }

    private func took(_ forgotten: Forgotten, _ contents: JournalContents) -> ForgetAnswer {
        approvals.forget(forgotten.approvals, history: contents.history)
        registry.replaceDecisions(contents)
        let present = forgotten.certificates.filter { cards.token(holding: $0) != nil }
        forgetting.leaveWithCard(present)
        leave(forgotten.certificates.filter { !present.contains($0) })
        objects.changed(certificates: registry.order, .approval)
        log.notice("forgot \(forgotten.certificates.count) certificates and \(forgotten.approvals.count) approvals")
        tidying.later()
        return ForgetAnswer(forgotten: forgotten, present: present)
    }

    /// These certificates are not known any more.
    func leave(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        registry.forget(ids)
        cards.forget(ids)
        revocations.forget(ids)
        objects.removeCertificates(ids)
        reminders.review()
    }
}

extension JournalContents {
    /// With decisions that are not in the record yet, the newest first.
    fileprivate func adding(_ since: [HistoryEntry]) -> JournalContents {
        var contents = self
        contents.history = since + history
        contents.decisions += since.reversed().filter { $0.result == "recorded" && !$0.identityKey.isEmpty }
        return contents
    }
}

extension Approvals {
    /// Whether an approval of the range goes on.
    func isBusy(within range: ForgetOrder.Range) -> Bool {
        unfinished.contains { run in
            switch range {
            case .all: true
            case .certificates(let ids): ids.contains(run.request.certificate)
            case .person(let ids, let key):
                ids.contains { run.view.concerns($0, of: key) }
            }
        }
    }
}

extension PINOperations {
    /// Whether the PIN of a card of the range is being set: its end would be written down after the range was forgotten.
    func isBusy(within range: ForgetOrder.Range) -> Bool {
        unfinished.contains { run in
            switch range {
            case .all: true
            case .certificates(let ids), .person(let ids, _): certificates(of: run.view).contains(where: ids.contains)
            }
        }
    }
}
