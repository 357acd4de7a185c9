// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CNotify
internal import JobFrames

/// A notification of libnotify's for the time of one call. The bubble on the screen is the server's, and outlives it.
struct Bubble: ~Copyable {
    private let handle: UnsafeMutablePointer<NotifyNotification>

    /// - Parameter number: that of an earlier one on the same server, which is meant or whose place it takes; 0 for none.
    init(replacing number: UInt32) {
        handle = notify_notification_new("…", nil, nil)
        if number != 0 { cnotify_set_id(handle, number) }
    }

    deinit { g_object_unref(handle) }

    /// Shows the content and gives its number. Blocks until the server has answered.
    func show(
        _ content: NotificationContent, desktopEntry: String, capabilities: Set<String>
    ) throws(NotificationFailure) -> UInt32 {
        // Without markup, a server shows the body as it is, "&lt;" and all.
        let body = capabilities.contains("body-markup") ? Self.escaped(content.body) : content.body
        // libnotify refuses an empty summary.
        notify_notification_update(handle, content.summary.isEmpty ? "…" : content.summary, body, content.icon)
        notify_notification_set_timeout(handle, Self.timeout(content.lifetime))
        notify_notification_set_urgency(handle, Self.urgency(content.urgency))
        notify_notification_set_hint(handle, "desktop-entry", g_variant_new_string(desktopEntry))
        if capabilities.contains("actions") {
            for action in content.actions {
                // `NotificationBus` reports it.
                notify_notification_add_action(handle, action.id, action.label, { _, _, _ in }, nil, nil)
            }
        }
        var error: UnsafeMutablePointer<GError>?
        if notify_notification_show(handle, &error) == 0 { throw NotificationFailure(taking: error) }
        return cnotify_get_id(handle)
    }

    /// Takes it from the screen. Blocks until the server has answered.
    func close() {
        notify_notification_close(handle, nil)
    }

    /// Plain text as it stands in Pango's markup.
    private static func escaped(_ text: String) -> String {
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
