// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What the server tells: each of these is called by C on the desk's thread.
extension NotificationDesk {
    /// libnotify: a shown notification was closed.
    func closed(_ key: String, id: UInt32, reason: Int32) {
        guard let notification = shown.removeValue(forKey: key) else { return }
        nonisolated(unsafe) let closing = notification  // it stays on this thread
        // libnotify goes on using it until this callback has returned.
        thread.post { _ = closing }
        let reason = Self.reason(reason)
        if reason != .withdrawn {
            history.append((id, key))
            if history.count > Self.historyCapacity { history.removeFirst() }
        }
        events.yield(.closed(key: key, reason: reason))
    }

    /// libnotify: an action of a shown notification was chosen.
    func invoked(_ key: String, action: String) {
        events.yield(.action(key: key, id: action))
    }

    /// The server's own signal, for any notification: those that are shown are libnotify's business.
    func invokedInHistory(id: UInt32, action: String) {
        guard !shown.values.contains(where: { $0.id == id }), let past = history.last(where: { $0.id == id }) else {
            return
        }
        events.yield(.action(key: past.key, id: action))
    }

    /// The name has a new owner, "" for none.
    func serverChanged(to owner: String) {
        if owner != server?.owner { serverWent() }
        if !owner.isEmpty { serverCame() }
    }

    /// The server that we knew is gone, and its notifications with it. Those that were to stay until somebody dismisses them are shown
    /// again by the next one, once; no close is told of them.
    func serverWent() {
        server = nil
        history = []
        let gone = shown.sorted { $0.key < $1.key }
        shown = [:]
        for (key, notification) in gone {
            if let content = notification.content, content.lifetime == .untilDismissed {
                keep(content)
            } else {
                events.yield(.closed(key: key, reason: .serverGone))
            }
        }
    }

    private static func reason(_ number: Int32) -> NotificationEvent.ClosedReason {
        switch number {
        case 1: .expired
        case 2: .dismissed
        case 3: .withdrawn
        default: .undefined
        }
    }
}
