// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Notifications
import Store
import Texts

/// The reports of the notices.
enum NoticeChange: Sendable {
    /// The presenter has taken a notice, or nobody wants to see any.
    case shown(isReminder: Bool)
    /// A notice, perhaps the reminder, went from the screen.
    case closed(isReminder: Bool)
    /// Nothing can be shown at the moment.
    case unavailable
    /// A button was pressed, perhaps of a bubble that has long been gone.
    case pressed(Notice.Action)
    /// An earlier run has left a reminder on the screen, with buttons that nobody hears.
    case reminderWasLeft
}

/// The notices that stand on the screen, and the person's answers to them.
final class Notices {
    private let presenter: any NotificationPresenter
    private let settings: () -> (texts: Texts, areEnabled: Bool)
    private let scheduler: any Scheduler
    private let log: Log
    var report: (NoticeChange) -> Void = { _ in }

    /// Notices whose buttons may still be pressed, by key.
    private var standing: [String: Notice] = [:]

    init(
        _ presenter: any NotificationPresenter, settings: @escaping () -> (texts: Texts, areEnabled: Bool),
        scheduler: any Scheduler, log: Log
    ) {
        (self.presenter, self.settings, self.scheduler, self.log) = (presenter, settings, scheduler, log)
    }

    /// Begins to hear what becomes of them, and of those that an earlier run has left.
    func start() {
        let keys: Set<String> = settings().areEnabled ? [NoticeTexts.reminderKey] : []
        scheduler.task { [self] in
            let left = await presenter.inherit(keys)
            if !left.isEmpty { report(.reminderWasLeft) }
            for await event in presenter.events { take(event) }
        }
    }

    private var words: NoticeTexts { NoticeTexts(texts: settings().texts) }

    /// A card is in, and will be read in a moment.
    func prepare() {
        if settings().areEnabled { presenter.prepare() }
    }

    private func show(_ notice: Notice) {
        standing[notice.key] = notice
        if settings().areEnabled { return presenter.show(NotificationContent(notice)) }
        // A person who has turned them off is served by the bus alone: all counts as shown.
        scheduler.task { [self] in take(.shown(key: notice.key)) }
    }

    private func withdraw(_ key: String) {
        guard standing.removeValue(forKey: key) != nil else { return }
        presenter.withdraw(key)
    }

    /// Notifications were turned off. The reminder is remembered, to be shown again with them.
    func takeAllAway() {
        for key in standing.keys.sorted() { presenter.withdraw(key) }
        standing = standing.filter { $0.key == NoticeTexts.reminderKey }
    }

    private func take(_ event: NotificationEvent) {
        switch event {
        case .action(let key, let id):
            // A button on an old bubble means what it said there, whatever stands under its key by now.
            if let action = Notice.Action(id: id, on: standing[key]) { report(.pressed(action)) }
        case .shown(let key): report(.shown(isReminder: key == NoticeTexts.reminderKey))
        case .closed(let key, _):
            // A bubble that is gone may live on in the history, and so do its buttons.
            report(.closed(isReminder: key == NoticeTexts.reminderKey))
        case .unavailable(let reason):
            log.notice("notifications cannot be shown: \(reason), continuing")
            report(.unavailable)
        case .withoutActions: log.info("the notification server shows no buttons, continuing")
        }
    }

    // MARK: - Cards

    /// Shows the card's holder and how long it is good.
    func showCard(_ token: CardToken, _ subjects: [NoticeTexts.Subject]) {
        let missing = token.missingDriver == nil ? nil : token.family
        if let notice = words.cardIn(reader: token.reader, subjects: subjects, missing: missing) { show(notice) }
    }

    func showTrouble(_ token: CardToken) {
        guard let error = token.error else { return }
        show(
            words.cardTrouble(
                reader: token.reader, error: error, heldBy: token.heldBy,
                problems: error == .moduleUnusable ? token.problems : [], family: token.family))
    }

    func withdrawCard(_ token: CardToken) { withdraw(NoticeTexts.cardKey(reader: token.reader)) }

    // MARK: - Reminders

    /// One notice for all of these, the soonest end first; none where there are none.
    func showReminder(_ subjects: [NoticeTexts.Subject], offers: NoticeTexts.Offers) {
        guard !subjects.isEmpty else {
            standing[NoticeTexts.reminderKey] = nil
            // An earlier run may have left one.
            return presenter.withdraw(NoticeTexts.reminderKey)
        }
        show(words.reminder(of: subjects, offers: offers))
    }

    /// Something that the reminder offers may have been done, or cannot be done any more.
    func refreshReminder(_ subjects: [NoticeTexts.Subject], offers: NoticeTexts.Offers) {
        guard !subjects.isEmpty, let shown = standing[NoticeTexts.reminderKey] else { return }
        let fresh = words.reminder(of: subjects, offers: offers)
        if fresh.buttons != shown.buttons { show(fresh) }
    }

    // MARK: - Revocations

    /// Shows what a certificate's responder has said, which is another thing than before.
    ///
    /// - Parameter page: where its issuer has certificates opened.
    func showRevocation(
        _ now: KnownRevocation, after before: KnownRevocation, of certificate: KnownCertificate, page: String?
    ) {
        show(words.revocation(now, after: before, of: certificate, page: page))
    }

    // MARK: - The state

    /// Shows what the service knows, to a person who asked for it.
    func showState(
        _ certificates: [(subject: NoticeTexts.Subject, decision: HistoryEntry?)], offers: NoticeTexts.Offers,
        reminded: [String], absence: ErrorName
    ) {
        show(words.state(of: certificates, offers: offers, reminded: reminded, absence: absence))
    }

    // MARK: - Approvals

    func showProgress(_ subject: NoticeTexts.ApprovalSubject) { show(words.progress(of: subject)) }

    func showResult(_ subject: NoticeTexts.ApprovalSubject, _ end: ApprovalEnd) {
        // The caller that cancelled knows it, and a person who closed a prompt need not be told of each further try.
        if end.outcome.result == .cancelled || end.outcome.failure?.error == .promptDeferred {
            return withdraw(NoticeTexts.approvalKey(subject.name))
        }
        show(
            words.result(
                of: subject, result: end.outcome.result.rawValue, error: end.outcome.failure?.error,
                reference: end.outcome.reference,
                number: end.outcome.number))
    }

    /// Shows what became of a card's PIN. The caller that cancelled knows it, and so does a person who closed the prompt.
    func showPIN(_ operation: PINOperationView, _ end: PINOperationEnd, holder: String) {
        if [.cancelled, .pinCancelled, .promptDeferred].contains(end.failure?.error) { return }
        show(words.pin(operation, end, holder: holder))
    }

    /// A late click has nothing left to begin.
    func showStanding(holder: String, portal: String, decision: String, reference: String) {
        show(words.standing(holder: holder, portal: portal, decision: decision, reference: reference))
    }

    /// Shows why a button could not begin its approval, or why none is given.
    func showRefusal(_ error: ErrorName, detail: String = "") { show(words.refusal(error, detail: detail)) }

    /// Shows that an address is none of ours.
    func showForeignAddress() { show(words.foreignAddress()) }

    func withdrawRefusal() { withdraw(NoticeTexts.refusalKey) }
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
