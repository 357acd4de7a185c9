// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames

/// The notifications that stand on the screen, wait to be shown, or are in the server's memory: a value that turns orders into requests to
/// `eonay-notify`, and its replies into events. The job may die at any moment; this value is all that a new one needs.
struct StandingNotifications {
    private struct Standing {
        let content: NotificationContent
        let id: NotificationID
    }

    /// The request that the job has not answered.
    private enum Question {
        case show(NotificationContent)
        case withdraw(Standing)
    }

    private var inbox = NotificationInbox()
    /// Notifications that wait for a server or a job, the oldest first; of each key the newest. Those that stood when the job died are among them.
    private var unshown: [NotificationContent] = []
    private var standing: [String: Standing] = [:]
    /// Closed ones that the server may still offer in its history, oldest first.
    private var history: [(id: NotificationID, key: String)] = []
    /// The server that has what stands; "" while none is known.
    private var server = ""
    private var question: Question?
    private var hasReportedUnavailable = false

    /// Whether the job has a question to answer.
    var isWaiting: Bool { question != nil }

    /// Whether a job is of use: something stands, or waits to be done.
    var needsJob: Bool { isWaiting || !standing.isEmpty || !unshown.isEmpty || inbox.first != nil }

    /// Whether the server may still offer actions of what is closed.
    var hasHistory: Bool { !history.isEmpty }

    // MARK: - Orders

    mutating func put(_ order: NotificationInbox.Order) {
        inbox.put(order)
        if !isWaiting { dropMootWithdrawals() }
    }

    /// Has all taken from the screen.
    mutating func withdrawAll() {
        unshown = []
        inbox = NotificationInbox()
        for key in standing.keys.sorted() { inbox.put(.withdraw(key)) }
        if case .show(let content) = question { inbox.put(.withdraw(content.key)) }
    }

    /// The next request to the job, which is taken for asked; nil where there is nothing to do.
    mutating func next() -> NotifyRequest? {
        guard !isWaiting else { return nil }
        dropMootWithdrawals()
        switch inbox.next() {
        case .show(let content):
            unshown.removeAll { $0.key == content.key }
            question = .show(content)
            let former = standing[content.key]?.id ?? history.last { $0.key == content.key }?.id
            return .show(content, replacing: former)
        case .withdraw(let key):
            forget(key)
            guard let notification = standing.removeValue(forKey: key) else { return nil }
            question = .withdraw(notification)
            return .close(notification.id)
        case nil: return nil
        }
    }

    /// A withdrawal of what does not stand needs no job.
    private mutating func dropMootWithdrawals() {
        while case .withdraw(let key)? = inbox.first, standing[key] == nil {
            forget(key)
            _ = inbox.next()
        }
    }

    private mutating func forget(_ key: String) {
        unshown.removeAll { $0.key == key }
        history.removeAll { $0.key == key }
    }

    // MARK: - Replies

    /// Takes in what the job says, and gives what became of notifications; nil where the reply answers no question.
    mutating func receive(_ reply: NotifyReply) -> [NotificationEvent]? {
        switch reply {
        case .opened: return nil
        case .shown(let id, let hasActions):
            guard case .show(let content) = question else { return nil }
            question = nil
            return shown(content, id, hasActions)
        case .failed(let reason):
            guard case .show(let content) = question else { return nil }
            question = nil
            keep(content)
            return unavailable(reason)
        case .withdrawn:
            guard case .withdraw(let notification) = question else { return nil }
            question = nil
            return [.closed(key: notification.content.key, reason: .withdrawn)]
        case .closed(let id, let reason): return closed(id, NotificationEvent.ClosedReason(number: reason))
        case .action(let id, let name): return key(of: id).map { [.action(key: $0, id: name)] } ?? []
        case .serverChanged(let owner):
            let events = owner == server ? [] : serverWent()
            if !owner.isEmpty { putBackUnshown() }
            return events
        }
    }

    /// The key of the notification that stands or is in the server's history under this id.
    func key(of id: NotificationID) -> String? {
        standing.first { $0.value.id == id }?.key ?? history.last { $0.id == id }?.key
    }

    private mutating func shown(
        _ content: NotificationContent, _ id: NotificationID, _ hasActions: Bool
    ) -> [NotificationEvent] {
        var events: [NotificationEvent] = []
        if id.server != server {
            events = serverWent()
            server = id.server
            if !hasActions { events.append(.withoutActions) }
        }
        standing[content.key] = Standing(content: content, id: id)
        // A server that had gone may have taken an older one of the kind with it.
        forget(content.key)
        hasReportedUnavailable = false
        putBackUnshown()
        return events + [.shown(key: content.key)]
    }

    private mutating func closed(_ id: NotificationID, _ reason: NotificationEvent.ClosedReason) -> [NotificationEvent]
    {
        guard let (key, notification) = standing.first(where: { $0.value.id == id }) else { return [] }
        standing[key] = nil
        // It was to be shown again by a new job.
        unshown.removeAll { $0 == notification.content }
        if reason != .withdrawn { history = (history + [(id, key)]).suffix(NotificationInbox.capacity) }
        return [.closed(key: key, reason: reason)]
    }

    /// The server that we knew is gone, and its notifications with it. Those that were to stay until somebody dismisses them are shown
    /// again by the next one, once; no close of them is reported.
    private mutating func serverWent() -> [NotificationEvent] {
        server = ""
        history = []
        let gone = standing.sorted { $0.key < $1.key }
        standing = [:]
        var events: [NotificationEvent] = []
        for (key, notification) in gone {
            if notification.content.lifetime == .untilDismissed {
                keepUnlessNewer(notification.content)
            } else {
                unshown.removeAll { $0 == notification.content }
                events.append(.closed(key: key, reason: .serverGone))
            }
        }
        return events
    }

    // MARK: - Waiting notifications

    /// The job is gone, or could not be started. The notifications that stood are shown again in their own places, as soon as there is a new job.
    mutating func jobWent(_ reason: String) -> [NotificationEvent] {
        switch question {
        // Last of all: it may be what the job died of.
        case .show(let content): putUnlessNewer(.show(content))
        case .withdraw(let notification):
            standing[notification.content.key] = notification
            putUnlessNewer(.withdraw(notification.content.key))
        case nil: break
        }
        question = nil
        for (_, notification) in standing.sorted(by: { $0.key < $1.key }) { keepUnlessNewer(notification.content) }
        return needsJob ? unavailable(reason) : []
    }

    /// There is a job, or a server, that may show what could not be shown before.
    mutating func putBackUnshown() {
        inbox.putBack(unshown)
        unshown = []
    }

    private mutating func keep(_ content: NotificationContent) {
        unshown.removeAll { $0.key == content.key }
        unshown = (unshown + [content]).suffix(NotificationInbox.capacity)
    }

    private mutating func putUnlessNewer(_ order: NotificationInbox.Order) {
        if !inbox.contains(key: order.key) { inbox.put(order) }
    }

    private mutating func keepUnlessNewer(_ content: NotificationContent) {
        if !unshown.contains(where: { $0.key == content.key }) { keep(content) }
    }

    /// Reported once until something was shown.
    private mutating func unavailable(_ reason: String) -> [NotificationEvent] {
        defer { hasReportedUnavailable = true }
        return hasReportedUnavailable ? [] : [.unavailable(reason)]
    }
}

/// The pending orders for notifications, by key: newer content takes the place of older, so that little waits however long a
/// server takes.
struct NotificationInbox {
    enum Order: Equatable {
        case show(NotificationContent)
        case withdraw(String)

        var key: String {
            switch self {
            case .show(let content): content.key
            case .withdraw(let key): key
            }
        }
    }

    /// More different keys than this do not wait; the oldest order is dropped.
    static let capacity = 64

    private var orders: [Order] = []

    /// The oldest order.
    var first: Order? { orders.first }

    /// Adds an order, instead of an older one with the same key.
    mutating func put(_ order: Order) {
        orders.removeAll { $0.key == order.key }
        orders = (orders + [order]).suffix(Self.capacity)
    }

    /// Adds what could not be done before, unless something newer waits under its key.
    mutating func putBack(_ contents: [NotificationContent]) {
        let old = contents.filter { content in !contains(key: content.key) }
        orders = (old.map(Order.show) + orders).suffix(Self.capacity)
    }

    func contains(key: String) -> Bool { orders.contains { $0.key == key } }

    /// Takes the oldest order out.
    mutating func next() -> Order? { orders.isEmpty ? nil : orders.removeFirst() }
}
