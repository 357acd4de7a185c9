// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EOnayCore
import EventLoops
import Jobs
import Store

/// Requests of callers and of persons.
extension Service {
    /// The requests that the bus' objects may make.
    var calls: BusCalls {
        BusCalls(
            begin: { try self.begin($0) },
            cancel: { self.approvals.handle(.cancel, of: $0) },
            snooze: { self.snooze(try self.resolve($0), until: $1, done: $2) },
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
            })
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

    /// The certificate that a caller means.
    ///
    /// - Parameter isForCard: where there is none, what is wrong with a card that could not be read says more.
    private func resolve(_ reference: String, isForCard: Bool = false) throws -> String {
        do throws(ErrorName) {
            return try registry.resolve(reference, at: alarm.now()) { cards.token(holding: $0) != nil }
        } catch {
            throw ServiceError(isForCard && error == .noCertificate ? cards.trouble ?? error : error)
        }
    }

    /// Grants a snooze as far as the rule allows, once that is on disk. `done` is called with what stood in the way.
    private func snooze(_ id: String, until wish: Int64, done: @escaping (ServiceError?) -> Void) {
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

    // MARK: - Buttons

    func press(_ action: Notice.Action) {
        switch action {
        case .snooze(let ids):
            for id in ids {
                snooze(id, until: alarm.now() + Validity.day) { refusal in
                    if let refusal { self.notices.showRefusal(refusal.name) }
                }
            }
        case .approve(let certificate): pressApprove(certificate)
        case .renew(let certificate): pressRenew(certificate)
        case .cancel(let name): approvals.cancel(named: name)
        }
    }

    /// Looks anew: the bubble may be an old one, or was clicked twice. An approval that is under way or decided is not begun again.
    private func pressApprove(_ certificate: String) {
        guard let key = registry[certificate]?.known.identityKey else { return notices.showRefusal(.noCertificate) }
        let ofThisPerson = approvals.decisions(for: certificate, of: key)
        // Its progress is on the screen.
        if ofThisPerson.contains(where: { !$0.status.isOver }) { return }
        for approval in ofThisPerson {
            if let end = approval.end, end.outcome.result == .unknown {
                return notices.showResult(subject(approval), end)
            }
        }
        if let decision = registry.decision(for: certificate) { return showStanding(certificate, decision) }
        press(.approve(.accept), certificate)
    }

    /// Looks anew: between the reminder and the click an E-Onay may have been given or withdrawn.
    private func pressRenew(_ certificate: String) {
        // The second half of a double click.
        guard !approvals.isRenewing(certificate) else { return }
        if registry.hasFiledRenewal(certificate) { return showStanding(certificate, nil) }
        switch registry.renewalWay(of: certificate, by: settings.configuration, at: alarm.now()) {
        case .portal(let origin): press(.renew, certificate, portal: origin.text)
        case .page(let page):
            scheduler.task {
                do throws(JobError) { try await self.jobs.open(page: page) } catch {
                    self.log.error("could not open the renewal page: \(error), continuing")
                    self.notices.showRefusal(.internal)
                }
            }
        case nil: notices.showRefusal(.portalNotConfigured)
        }
    }

    /// As the call of the bus, with time to put the card in.
    private func press(_ kind: ApprovalRequest.Kind, _ certificate: String, portal: String? = nil) {
        var options = ApprovalOptions()
        (options.wait, options.portal) = (300, portal)
        do {
            _ = try begin(
                ApprovalCall(
                    kind: kind, certificate: certificate, options: options, caller: bus.uniqueName, isOwn: true))
        } catch {
            log.notice("an approval could not begin: \(error), continuing")
            notices.showRefusal((error as? ServiceError)?.name ?? .internal)
        }
    }

    private func showStanding(_ certificate: String, _ decision: HistoryEntry?) {
        notices.showStanding(
            holder: registry[certificate]?.known.holder ?? "", portal: decision?.portal ?? "",
            decision: decision?.decision ?? "", reference: decision?.reference ?? "")
    }

    // MARK: - The subjects of notices

    func subjects(on token: CardToken) -> [NoticeTexts.Subject] {
        registry.subjects(on: token, in: settings.configuration.renewalWindow, at: alarm.now())
    }

    /// The one notice for all that was reminded of, the soonest end first.
    private var reminder: (subjects: [NoticeTexts.Subject], offers: NoticeTexts.Offers) {
        let ids = reminders.certificates
        let subjects = registry.subjects(
            registry.order.filter(ids.contains), in: settings.configuration.renewalWindow, at: alarm.now())
        return (subjects, registry.offers(for: subjects, by: settings.configuration, at: alarm.now()))
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
        NoticeTexts.ApprovalSubject(
            approval, holder: registry[approval.request.certificate]?.known.holder ?? "", absence: cards.absence)
    }
}
