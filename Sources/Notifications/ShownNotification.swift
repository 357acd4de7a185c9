// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CNotify

/// A notification of libnotify's. Created, used and released on the notification thread.
final class ShownNotification {
    let key: String
    /// What was shown last.
    private(set) var content: NotificationContent?
    private let handle: UnsafeMutablePointer<NotifyNotification>
    private var closedHandler: gulong = 0
    // Callbacks come on the thread of the desk, which holds this object as long as they can come.
    private unowned let desk: NotificationDesk

    /// - Parameter id: that of an earlier one on the same server, whose place it takes; 0 for none.
    init(_ content: NotificationContent, replacing id: UInt32, desk: NotificationDesk) {
        key = content.key
        handle = notify_notification_new("…", nil, nil)
        self.desk = desk
        if id != 0 { cnotify_set_id(handle, id) }
        closedHandler = cnotify_on_closed(handle, notificationClosed, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        g_signal_handler_disconnect(handle, closedHandler)
        notify_notification_clear_actions(handle)
        g_object_unref(handle)
    }

    /// What the server calls it; 0 before it was shown.
    var id: UInt32 { cnotify_get_id(handle) }

    /// Shows the content, in the place of what is shown so far. Blocks until the server has answered.
    func show(_ content: NotificationContent, desktopEntry: String, capabilities: Set<String>)
        throws(NotificationFailure)
    {
        // Without markup, a server shows the body as it is, "&lt;" and all.
        let body = capabilities.contains("body-markup") ? Self.escaped(content.body) : content.body
        // libnotify refuses an empty summary.
        notify_notification_update(handle, content.summary.isEmpty ? "…" : content.summary, body, content.icon)
        notify_notification_set_timeout(handle, Self.timeout(content.lifetime))
        notify_notification_clear_hints(handle)
        notify_notification_set_urgency(handle, Self.urgency(content.urgency))
        notify_notification_set_hint(handle, "desktop-entry", g_variant_new_string(desktopEntry))
        if content.isResident { notify_notification_set_hint(handle, "resident", g_variant_new_boolean(1)) }
        notify_notification_clear_actions(handle)
        if capabilities.contains("actions") {
            for action in content.actions {
                notify_notification_add_action(
                    handle, action.id, action.label, actionInvoked, Unmanaged.passUnretained(self).toOpaque(), nil)
            }
        }
        var error: UnsafeMutablePointer<GError>?
        if notify_notification_show(handle, &error) == 0 { throw NotificationFailure(taking: error) }
        self.content = content
    }

    /// Takes it from the screen. Blocks until the server has answered.
    func close() {
        // What the server says to it changes nothing: it is gone, or the server is.
        notify_notification_close(handle, nil)
    }

    fileprivate func closed() {
        let (key, id) = (key, id)
        let reason = notify_notification_get_closed_reason(handle)
        desk.assumeIsolated { $0.closed(key, id: id, reason: reason) }
    }

    fileprivate func invoked(_ action: String) {
        let key = key
        desk.assumeIsolated { $0.invoked(key, action: action) }
    }

    /// Plain text as it stands in Pango's markup.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func timeout(_ lifetime: NotificationContent.Lifetime) -> gint {
        switch lifetime {
        case .asTheServerLikes: -1
        case .untilDismissed: 0
        case .milliseconds(let milliseconds): max(1, milliseconds)
        }
    }

    private static func urgency(_ urgency: NotificationContent.Urgency) -> NotifyUrgency {
        switch urgency {
        case .low: NOTIFY_URGENCY_LOW
        case .normal: NOTIFY_URGENCY_NORMAL
        case .critical: NOTIFY_URGENCY_CRITICAL
        }
    }
}

// File-scope functions: a C callback written where there is isolation would check for it, and trap.

private func notificationClosed(_: UnsafeMutablePointer<NotifyNotification>?, _ data: gpointer?) {
    Unmanaged<ShownNotification>.fromOpaque(data!).takeUnretainedValue().closed()
}

private func actionInvoked(
    _: UnsafeMutablePointer<NotifyNotification>?, _ action: UnsafeMutablePointer<CChar>?, _ data: gpointer?
) {
    guard let action else { return }
    Unmanaged<ShownNotification>.fromOpaque(data!).takeUnretainedValue().invoked(String(cString: action))
}
