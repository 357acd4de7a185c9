// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Store

/// Every certificate known, in memory: what `Status` and `Expiry` answer from.
///
/// Lives on the service's loop. It changes before the store does; what the store could not keep is lost with the process, and told.
final class CertificateRegistry {
    /// A certificate and where it is now. A class, since each call looks up every one: copies of its dozen fields were a twentieth of it.
    final class Entry {
        fileprivate(set) var known: KnownCertificate
        /// The token that holds it now; nil while the card is out.
        fileprivate(set) var token: UInt64?

        init(known: KnownCertificate, token: UInt64? = nil) {
            (self.known, self.token) = (known, token)
        }

        var validity: Validity { Validity(notBefore: known.notBefore, notAfter: known.notAfter) }
    }

    private(set) var entries: [String: Entry] = [:]
    /// All of them, the soonest end first: the order of `Expiry`.
    private(set) var listed: [Entry] = []
    /// Their ids, in the same order.
    private(set) var order: [String] = []
    /// The newest recorded decision of each person.
    private var decisions: [[UInt8]: HistoryEntry] = [:]
    /// Those whose renewal has been applied for.
    private var filedRenewals: Set<String>

    init(
        _ certificates: [KnownCertificate] = [], decisions: [HistoryEntry] = [], filedRenewals: Set<String> = []
    ) {
        self.filedRenewals = filedRenewals
        for certificate in certificates { entries[certificate.id] = Entry(known: certificate) }
        for decision in decisions { self.decisions[decision.identityKey] = decision }
        sort()
    }

    subscript(id: String) -> Entry? { entries[id] }

    /// Takes in what a card bears; answers the ids that were not known before.
    func take(_ certificates: [CertificateDescription], on token: UInt64, at now: Int64) -> [String] {
        var fresh: [String] = []
        for description in certificates {
            var known = KnownCertificate(description, firstSeen: now, lastSeen: now)
            if let old = entries[description.id]?.known {
                rename(old.identityKey, to: known.identityKey)
                known.firstSeen = old.firstSeen
                known.snoozedUntil = old.snoozedUntil
                known.remindersTold = old.remindersTold
                known.remindersUnseen = old.remindersUnseen
            } else {
                fresh.append(description.id)
            }
            entries[description.id] = Entry(known: known, token: token)
        }
        sort()
        return fresh
    }

    /// The card has left; answers which certificates went with it.
    func release(token: UInt64) -> [String] {
        let gone = order.filter { entries[$0]?.token == token }
        for id in gone { entries[id]?.token = nil }
        return gone
    }

    func forget(_ ids: [String]) {
        for id in ids { entries[id] = nil }
        sort()
    }

    /// Takes over what another registry knows beside this one: where the cards are, and what was told.
    func absorb(_ other: CertificateRegistry) {
        for (id, known) in other.entries {
            guard let entry = entries[id] else {
                entries[id] = known
                continue
            }
            entry.token = known.token
            entry.known.remindersTold.merge(known.known.remindersTold) { min($0, $1) }
            entry.known.remindersUnseen.formUnion(known.known.remindersUnseen)
        }
        filedRenewals.formUnion(other.filedRenewals)
        sort()
    }

    func snooze(_ id: String, until: Int64) {
        entries[id]?.known.snoozedUntil = until
    }

    func settle(_ reminder: Reminder, at now: Int64) {
        for rung in reminder.settles { entries[reminder.certificate]?.known.remindersTold[rung] = now }
        entries[reminder.certificate]?.known.snoozedUntil = 0
    }

    func record(_ decision: HistoryEntry) {
        guard !decision.identityKey.isEmpty else { return }
        decisions[decision.identityKey] = decision
    }

    /// The same person has another key: the salt that keys are made with was lost.
    private func rename(_ old: [UInt8], to new: [UInt8]) {
        guard old != new, !old.isEmpty, !new.isEmpty else { return }
        if let decision = decisions.removeValue(forKey: old), decisions[new] == nil { decisions[new] = decision }
        for entry in entries.values where entry.known.identityKey == old { entry.known.identityKey = new }
    }

    /// The newest recorded decision of the certificate's holder.
    func decision(for id: String) -> HistoryEntry? { entries[id].flatMap(decision(for:)) }

    func decision(for entry: Entry) -> HistoryEntry? {
        decisions.isEmpty || entry.known.identityKey.isEmpty ? nil : decisions[entry.known.identityKey]
    }

    /// The renewal has been applied for, here or before.
    func noteFiledRenewal(of id: String) { filedRenewals.insert(id) }

    func hasFiledRenewal(_ id: String) -> Bool { filedRenewals.contains(id) }

    private func sort() {
        listed = entries.values.sorted { ($0.known.notAfter, $0.known.id) < ($1.known.notAfter, $1.known.id) }
        order = listed.map(\.known.id)
    }
}
