// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Notifications
import Store

/// What is shown, and what a person does with it.
extension Service {
    private var words: NoticeTexts { NoticeTexts(texts: parts.texts) }

    func show(_ notice: Notice) {
        notices[notice.key] = notice
        if parts.configuration.notificationsEnabled { return parts.notices.show(NotificationContent(notice)) }
        // Who has turned them off is told enough by the bus: all counts as shown.
        let key = notice.key
        task { self.take(.shown(key: key)) }
    }

    /// A card is in, and will be read in a moment.
    func prepareToShow() {
        if parts.configuration.notificationsEnabled { parts.notices.prepare() }
    }

    /// Notifications were turned off.
    func takeNoticesAway() {
        for key in notices.keys.sorted() { parts.notices.withdraw(key) }
        notices = notices.filter { $0.key == NoticeTexts.reminderKey }
    }

    func withdraw(_ key: String) {
        guard notices.removeValue(forKey: key) != nil else { return }
        parts.notices.withdraw(key)
    }

    private func subject(_ id: String) -> NoticeTexts.Subject? {
        guard let entry = registry[id] else { return nil }
        let now = parts.alarm.now()
        return NoticeTexts.Subject(
            id: id, holder: entry.known.holder, notAfter: entry.known.notAfter, notBefore: entry.known.notBefore,
            daysLeft: entry.validity.daysLeft(at: now), phase: reminders.phase(of: entry.validity, at: now),
            hindrances: entry.hindrances(at: now), hasFiledRenewal: registry.hasFiledRenewal(id))
    }

    /// Whose card it is and how long it is good: of the certificates to sign with, if there are any, else of all.
    func showCard(_ token: CardToken) {
        let qualified = token.certificates.filter { registry[$0]?.known.qualified == true }
        let subjects = (qualified.isEmpty ? token.certificates : qualified).compactMap(subject)
        if let notice = words.cardIn(reader: token.reader, subjects: subjects) { show(notice) }
    }

    func showTrouble(_ token: CardToken) {
        show(
            words.cardTrouble(
                reader: token.reader, error: token.error?.rawValue ?? "", heldBy: token.heldBy,
                problems: token.error == .moduleUnusable ? token.problems : []))
    }

    func showReminder(of ids: [String]) {
        if let notice = reminder(of: ids) { show(notice) }
    }

    /// One notice for all of these, the soonest end first; nil where none of them is known.
    func reminder(of ids: [String]) -> Notice? {
        let subjects = ids.compactMap(subject).sorted { ($0.notAfter, $0.id) < ($1.notAfter, $1.id) }
        guard !subjects.isEmpty else { return nil }
        let approvable = subjects.first { $0.hindrances.isEmpty && registry.decision(for: $0.id) == nil }
        let renewable = subjects.first {
            $0.phase != .expired && !$0.hasFiledRenewal && renewalWay(of: $0.id) != nil
        }
        let offers = NoticeTexts.Offers(
            approve: parts.configuration.portals.isEmpty ? nil : approvable?.id, renew: renewable?.id)
        return words.reminder(of: subjects, offers: offers)
    }

    /// What a late click would have begun has been done.
    func showStanding(of id: String, renewal: Bool) {
        let decision = renewal ? nil : registry.decision(for: id)
        show(
            words.standing(
                holder: registry[id]?.known.holder ?? "", portal: decision?.portal ?? "",
                decision: decision?.decision ?? "", reference: decision?.reference ?? ""))
    }

    func showRefusal(_ error: ErrorName) { show(words.refusal(error.rawValue)) }

    func showProgress(_ approval: Approval) {
        show(words.progress(of: subject(approval)))
    }

    func showResult(_ approval: Approval) {
        guard let end = approval.end else { return }
        // Who cancelled knows it, and who closed a prompt need not be told of each further try.
        if end.result == "cancelled" || end.error == ErrorName.promptDeferred.busName {
            return withdraw(NoticeTexts.approvalKey(approval.name))
        }
        show(
            words.result(
                of: subject(approval), result: end.result, error: end.error, reference: end.reference,
                number: end.confirmationNumber))
    }

    private func subject(_ approval: Approval) -> NoticeTexts.ApprovalSubject {
        let status = approval.status
        let trouble = status.state == .waitingForToken ? cards.absence : .noToken
        return NoticeTexts.ApprovalSubject(
            name: approval.name, holder: registry[approval.request.certificate]?.known.holder ?? "",
            decision: status.decision?.rawValue ?? "", isRenewal: approval.request.kind == .renew,
            portal: approval.request.portal.text,
            state: status.state.rawValue, step: status.step, steps: status.steps, deadline: status.deadline,
            trouble: trouble == .noToken ? "" : trouble.rawValue)
    }

    func take(_ event: NotificationEvent) {
        switch event {
        case .action(let key, let id):
            // A button on an old bubble means what it said there, whatever stands under its key by now.
            if let action = Notice.Action(id: id, on: notices[key]) { act(action) }
        case .shown(let key):
            isPresenterAway = false
            if key == NoticeTexts.reminderKey { reminderWasShown() }
        case .closed(let key, _):
            // A bubble that is gone may live on in the history, and so do its buttons.
            if key == NoticeTexts.reminderKey { reminderNotice?.closed() }
        case .unavailable(let reason):
            isPresenterAway = true
            parts.log.notice("notifications cannot be shown: \(reason), continuing")
            takeBackUnseenReminders()
        case .withoutActions: parts.log.info("the notification server shows no buttons, continuing")
        }
    }

    private func act(_ action: Notice.Action) {
        switch action {
        case .snooze(let ids):
            let tomorrow = parts.alarm.now() + Validity.day
            for id in ids {
                snooze(id, until: tomorrow) { service, refusal in
                    if let refusal { service.showRefusal(refusal.name) }
                }
            }
        case .approve(let id): approveFromNotice(id)
        case .renew(let id):
            renewFromNotice(id)
        case .cancel(let name):
            if let approval = approvals.values.first(where: { $0.name == name }) { handle(.cancel, of: approval) }
        }
    }
}

extension NotificationContent {
    init(_ notice: Notice) {
        self.init(
            key: notice.key, summary: notice.summary, body: notice.body, urgency: .init(notice.urgency),
            icon: "org.eonay.EOnay1",
            actions: notice.buttons.map { Action(id: $0.action.id, label: $0.label) },
            lifetime: notice.isPersistent ? .untilDismissed : .asTheServerLikes)
    }
}

extension NotificationContent.Urgency {
    init(_ urgency: Notice.Urgency) {
        switch urgency {
        case .low: self = .low
        case .normal: self = .normal
        case .critical: self = .critical
        }
    }
}
