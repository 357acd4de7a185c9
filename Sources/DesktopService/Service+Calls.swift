// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import Jobs
import Store
import Texts

/// Requests of callers and of persons.
extension Service {
    /// The requests that the bus' objects may make.
    var calls: BusCalls {
        BusCalls(
            begin: { try self.begin($0) },
            cancel: { self.approvals.handle(.cancel, of: $0) },
            setPIN: { try self.setPIN($0) }, cancelPIN: { self.pinOperations.cancel($0) },
            snooze: { self.snooze(try self.resolve($0), until: $1, done: $2) },
            forget: { try self.forget($0, $1, done: $2) },
            approvals: { self.journal.approvals(after: $0, limit: $1, done: $2) },
            looks: { self.cards.lookAgainIfDenied() },
            refresh: {
                guard self.journal.isAnothers else {
                    self.journal.lookAgain()
                    return nil
                }
                return { answer in
                    self.scheduler.task {
                        await self.journal.reopen()
                        answer()
                    }
                }
            },
            activate: { self.activate() },
            act: { try self.act($0, $1, by: $2) },
            open: { try self.open($0) })
    }

    /// Begins an approval, or finds the one that the same handle-token began. Throws what memory alone can refuse.
    func begin(_ call: ApprovalCall) throws -> ObjectPath {
        cards.lookAgainIfDenied()
        if let path = try approvals.repeated(call) { return path }
        try journal.requireKept()
        try approvals.requirePrompt(for: call)
        let certificate = try resolve(call.certificate, isForCard: true)
        let portal = try settings.configuration.portal(named: call.options.portal)
        try approvals.requireRoom(for: certificate)
        let options = call.options
        return approvals.begin(
            call,
            ApprovalRequest(
                kind: call.kind, certificate: certificate, portal: portal, identity: options.identity,
                wait: options.wait, finalTry: options.finalTry, isBound: options.isBound),
            number: try journal.nextApprovalNumber(), identityKey: registry[certificate]?.known.identityKey ?? [])
    }

    /// Begins to change or unblock a card's PIN. Throws what memory alone can refuse.
    func setPIN(_ call: PINCall) throws -> ObjectPath {
        cards.lookAgainIfDenied()
        let certificate = try cards.certificate(on: call.card) ?? resolve(call.card, isForCard: true)
        try approvals.requireFreeCard(certificate)
        return try pinOperations.begin(call, certificate: certificate)
    }

    func holder(of certificate: String) -> String { registry[certificate]?.known.holder ?? "" }

    /// The certificate that a caller means.
    ///
    /// - Parameter isForCard: where there is none, what is wrong with a card that could not be read says more.
    func resolve(_ reference: String, isForCard: Bool = false) throws -> String {
        do throws(ErrorName) {
            return try registry.resolve(reference, at: alarm.now()) { cards.token(holding: $0) != nil }
        } catch {
            throw ServiceError(isForCard && error == .noCertificate ? cards.trouble ?? error : error)
        }
    }

    /// Grants a snooze as far as the rule allows, once that is on disk. `done` is called with what stood in the way.
    func snooze(_ id: String, until wish: Int64, done: @escaping (ServiceError?) -> Void) {
        guard let known = registry[id]?.known else { return done(ServiceError(.noCertificate)) }
        let until = Snooze.granted(until: wish, for: known.validity, at: alarm.now())
        journal.writeSnooze(of: known, until: until) { refusal in
            guard refusal == nil else { return done(refusal) }
            self.registry.snooze(id, until: until)
            self.objects.changed(certificates: [id], .snoozedUntil)
            self.reminders.snoozed(id, until: until)
            done(nil)
        }
    }

    // MARK: - The subjects of notices

    func subjects(on token: CardToken) -> [NoticeTexts.Subject] { subjects(registry.chief(of: token.certificates)) }

    func subjects(_ ids: [String], handovers: Set<String> = []) -> [NoticeTexts.Subject] {
        registry.subjects(
            ids, by: settings.configuration, in: settings.texts.language, at: alarm.now(), handovers: handovers
        ).map(judged)
    }

    /// With the last word of its responder.
    private func judged(_ subject: NoticeTexts.Subject) -> NoticeTexts.Subject {
        var subject = subject
        subject.revocation = revocations[subject.id]
        return subject
    }

    /// Nothing can be done with a certificate that was revoked.
    func offers(for subjects: [NoticeTexts.Subject]) -> NoticeTexts.Offers {
        registry.offers(
            for: subjects.filter { $0.revocation.state != .revoked }, by: settings.configuration, at: alarm.now())
    }

    /// The one notice for all that was reminded of, the soonest end first.
    private var reminder: (subjects: [NoticeTexts.Subject], offers: NoticeTexts.Offers) {
        let ids = reminders.certificates
        let subjects = subjects(registry.order.filter(ids.contains), handovers: reminders.handovers)
        var offers = offers(for: subjects)
        // Before its window opens, there is nothing to press.
        offers.renew = self.offers(for: subjects.filter { $0.phase == .renewalDue }).renew
        return (subjects, offers)
    }

    func showReminder() {
        let (subjects, offers) = reminder
        notices.showReminder(subjects, offers: offers)
    }

    func refreshReminder() {
        let (subjects, offers) = reminder
        notices.refreshReminder(subjects, offers: offers)
    }

    func subject(_ approval: ApprovalView) -> NoticeTexts.ApprovalSubject {
        let id = approval.request.certificate
        var subject = NoticeTexts.ApprovalSubject(
            approval, holder: registry[id]?.known.holder ?? "", absence: cards.absence)
        subject.unlocks = registry.page(\.unlockPage, of: id, by: settings.configuration).map { _ in id }
        subject.phone = registry.page(\.phone, of: id, by: settings.configuration)
        return subject
    }
}
