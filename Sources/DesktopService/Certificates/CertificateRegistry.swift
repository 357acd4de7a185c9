// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Store
import Texts

/// Every certificate known, in memory: what `Status` and `Expiry` answer from.
///
/// Lives on the service's loop. It changes before the store does; what the store could not keep is lost with the process, and told.
final class CertificateRegistry {
    /// A certificate. A class, since each call looks up every one: copies of its dozen fields were a twentieth of it.
    final class Entry {
        fileprivate(set) var known: KnownCertificate

        init(known: KnownCertificate) { self.known = known }

        var validity: Validity { known.validity }

        /// Everything against its use, whatever the time. A record of a newer version may hold a name that this one does not know.
        var hindrances: [ErrorName] { known.hindrances.map { ErrorName(rawValue: $0) ?? .notQualified } }

        /// Everything against its use for E-Onay at `now`, the lasting ones first.
        func hindrances(at now: Int64) -> [ErrorName] {
            var names = hindrances
            if now < validity.notBefore { names.append(.certificateNotYetValid) }
            if now >= validity.expiry { names.append(.certificateExpired) }
            return names
        }
    }

    private(set) var entries: [String: Entry] = [:]
    /// All of them, the soonest end first: the order of `Expiry`.
    private(set) var listed: [Entry] = []
    /// Their ids, in the same order.
    private(set) var order: [String] = []
    /// The certificate that follows each one that has a successor.
    private(set) var successors: [String: String] = [:]
    /// The newest recorded decision of each person.
    private var decisions: [[UInt8]: HistoryEntry] = [:]
    /// Those whose renewal has been applied for.
    private var filedRenewals: Set<String> = []

    /// Takes in what the record holds, beside what is known: which reminders were shown.
    func load(_ contents: JournalContents) {
        for var certificate in contents.certificates {
            let old = entries[certificate.id]
            certificate.remindersShown.merge(old?.known.remindersShown ?? [:]) { min($0, $1) }
            certificate.remindersUnseen.formUnion(old?.known.remindersUnseen ?? [])
            entries[certificate.id] = Entry(known: certificate)
        }
        decisions = Dictionary(contents.decisions.map { ($0.identityKey, $0) }) { _, newer in newer }
        filedRenewals.formUnion(contents.filedRenewals)
        sort()
    }

    /// Approvals were forgotten: only what the record holds counts.
    func replaceDecisions(_ contents: JournalContents) {
        decisions = Dictionary(contents.decisions.map { ($0.identityKey, $0) }) { _, newer in newer }
        filedRenewals = contents.filedRenewals
    }

    subscript(id: String) -> Entry? { entries[id] }

    /// Takes in what a card bears. Gives the certificates that have another successor than before.
    @discardableResult
    func take(_ certificates: [CertificateDescription], at now: Int64) -> [String] {
        let before = successors
        for description in certificates {
            var known = KnownCertificate(description, firstSeen: now, lastSeen: now)
            if let old = entries[description.id]?.known {
                rename(old.identityKey, to: known.identityKey)
                known.firstSeen = old.firstSeen
                known.snoozedUntil = old.snoozedUntil
                known.remindersShown = old.remindersShown
                known.remindersUnseen = old.remindersUnseen
            }
            entries[description.id] = Entry(known: known)
        }
        sort()
        return changes(of: before)
    }

    /// Gives the certificates that have another successor than before.
    @discardableResult
    func forget(_ ids: [String]) -> [String] {
        let before = successors
        for id in ids { entries[id] = nil }
        sort()
        return changes(of: before)
    }

    private func changes(of before: [String: String]) -> [String] {
        order.filter { successors[$0] != before[$0] }
    }

    func snooze(_ id: String, until: Int64) {
        entries[id]?.known.snoozedUntil = until
    }

    /// Reminders are due: they need not come again, and what was put off until now is over.
    func note(_ reminders: [Reminder], at now: Int64) {
        for reminder in reminders {
            for threshold in reminder.supersedes {
                entries[reminder.certificate]?.known.remindersShown[threshold] = now
            }
            entries[reminder.certificate]?.known.snoozedUntil = 0
        }
    }

    /// An approval has ended: a recorded decision counts for its person, an application for a renewal for its certificate.
    func note(_ end: ApprovalEnd, of approval: ApprovalView) {
        if end.outcome.result == .recorded, let decision = approval.historyEntry(end), !decision.identityKey.isEmpty {
            decisions[decision.identityKey] = decision
        }
        if end.filesRenewal(approval.request) { filedRenewals.insert(approval.request.certificate) }
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
    func hasFiledRenewal(_ id: String) -> Bool { filedRenewals.contains(id) }

    private func sort() {
        listed = entries.values.sorted { ($0.known.notAfter, $0.known.id) < ($1.known.notAfter, $1.known.id) }
        order = listed.map(\.known.id)
        successors = RemindedCertificate.successors(among: listed.map(\.known.reminded)).mapValues(\.id)
    }

    /// Those of the person whom an approval is about: its certificate, and all with the same identity key.
    func certificates(with id: String, or identityKey: [UInt8]) -> [String] {
        order.filter { $0 == id || (!identityKey.isEmpty && entries[$0]?.known.identityKey == identityKey) }
    }

    /// The certificate that a caller means; "" means the one that could give E-Onay now: in a reader before out of one.
    func resolve(_ reference: String, at now: Int64, isPresent: (String) -> Bool) throws(ErrorName) -> String {
        if reference.isEmpty {
            let able = order.filter { entries[$0]?.hindrances(at: now).isEmpty == true }
            let present = able.filter(isPresent)
            let choice = present.isEmpty ? able : present
            // Of an old card and its successor, both of which are good for now, the new one is meant.
            let newest = choice.filter { !choice.contains(successors[$0] ?? "") }
            return try CertificateReference.resolve("", among: newest)
        }
        return try CertificateReference.resolve(reference, among: order)
    }
}

extension KnownCertificate {
    /// A job's reading, as it is remembered.
    init(_ description: CertificateDescription, firstSeen: Int64, lastSeen: Int64) {
        self.init(
            id: description.id, holder: description.holder, maskedIdentity: description.maskedIdentity,
            identityKey: description.identityKey, issuer: description.issuer, issuerKey: description.issuerKey,
            serialNumber: description.serialNumber, notBefore: description.notBefore, notAfter: description.notAfter,
            keyType: description.keyType, qualified: description.qualified, kind: description.kind.rawValue,
            hindrances: description.hindrances.map(\.rawValue), firstSeen: firstSeen, lastSeen: lastSeen)
    }
}

extension KnownCertificate {
    /// The same with the identity numbers in its names masked.
    var masked: KnownCertificate {
        var copy = self
        (copy.holder, copy.issuer) = (IdentityMask.masked(holder), IdentityMask.masked(issuer))
        return copy
    }
}

/// How a certificate can be renewed.
enum RenewalWay: Equatable {
    /// As `Renew`, at the portal where its holder's accepted E-Onay stands.
    case portal(Origin)
    /// On its issuer's page.
    case page(String)
}

extension CertificateRegistry {
    /// The way that needs the fewest steps; nil where there is none.
    ///
    /// An E-Onay that was given on another computer is not known here, so without a decision the first portal is tried, which
    /// says whether one stands. A person who declined wants no portal that applies by it.
    func renewalWay(of id: String, by configuration: DesktopConfiguration, at now: Int64) -> RenewalWay? {
        guard let entry = self[id] else { return nil }
        let decision = decision(for: id)
        let portals = configuration.portals.map(\.origin)
        let portal = decision == nil ? portals.first : portals.first { $0.text == decision?.portal }
        let declined = decision?.decision == Decision.decline.rawValue
        if let portal, !declined, entry.hindrances(at: now).isEmpty { return .portal(portal) }
        return configuration.renewalPage(of: entry.known.issuedBy).map { .page($0) }
    }

    /// The facts of these for a notice, in their order; those that are not known are left out.
    func subjects(
        _ ids: [String], by configuration: DesktopConfiguration, in language: Language = .english, at now: Int64,
        handovers: Set<String> = []
    ) -> [NoticeTexts.Subject] {
        let planner = configuration.reminderPlanner
        return ids.compactMap { self[$0] }.map { entry in
            let known = entry.known
            let (issuer, window) = (configuration.profile(of: known.issuedBy), planner.window(by: known.issuedBy))
            let successor = successors[known.id].flatMap { self[$0]?.validity }
            return NoticeTexts.Subject(
                id: known.id, holder: known.holder, notAfter: known.notAfter, notBefore: known.notBefore,
                daysLeft: entry.validity.daysLeft(at: now), phase: window.phase(of: entry.validity, at: now),
                hindrances: entry.hindrances(at: now), hasFiledRenewal: hasFiledRenewal(known.id), kind: known.use,
                successor: successor.map {
                    .init(notBefore: $0.notBefore, notAfter: $0.notAfter, hasBegun: now >= $0.notBefore)
                },
                isHandover: handovers.contains(known.id),
                renewalBegins: entry.validity.instant(daysBeforeEnd: window.days),
                issuerNote: language == .english ? issuer.noteInEnglish ?? issuer.note : issuer.note,
                renewalBeginsAtInstitution: issuer.beginsAtInstitution)
        }
    }

    /// Of these, those that a person signs or seals with, if there are any; else all.
    func chief(of ids: [String]) -> [String] {
        let chief = ids.filter { self[$0].map { $0.known.qualified || $0.known.use == .seal } == true }
        return chief.isEmpty ? ids : chief
    }

    /// The offers of a reminder of these: an E-Onay and a renewal, each with the first certificate that can have it.
    func offers(for subjects: [NoticeTexts.Subject], by configuration: DesktopConfiguration, at now: Int64)
        -> NoticeTexts.Offers
    {
        let approvable = subjects.first { $0.hindrances.isEmpty && !$0.isHandover && decision(for: $0.id) == nil }
        let renewable = subjects.first {
            !$0.isHandover && $0.phase != .expired && !$0.hasFiledRenewal
                && renewalWay(of: $0.id, by: configuration, at: now) != nil
        }
        let new = subjects.filter(\.isHandover).compactMap { successors[$0.id] }.first {
            page(\.openPage, of: $0, by: configuration) != nil
        }
        return NoticeTexts.Offers(
            approve: configuration.portals.isEmpty ? nil : approvable?.id, renew: renewable?.id, fetchPIN: new)
    }

    /// A page of a certificate's issuer; nil where none is known.
    func page(
        _ page: KeyPath<IssuerProfile, String?>, of id: String, by configuration: DesktopConfiguration
    ) -> String? {
        self[id].flatMap { configuration.profile(of: $0.known.issuedBy)[keyPath: page] }
    }
}
