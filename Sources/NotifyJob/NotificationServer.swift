// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CNotify

/// Which server shows notifications at the moment, and what it can.
struct NotificationServer {
    /// Its unique name on the bus.
    let owner: String
    let capabilities: Set<String>

    /// Whether it shows buttons.
    var hasActions: Bool { capabilities.contains("actions") }

    static let name = "org.freedesktop.Notifications"
    static let path = "/org/freedesktop/Notifications"

    /// Asks the server what it can, and so whether it is there and answers; one that can be activated is started.
    ///
    /// libnotify asks too, but waits 25 seconds for each answer and does not tell none from nothing.
    static func ask(
        on connection: OpaquePointer, milliseconds: Int32
    ) throws(NotificationFailure) -> NotificationServer {
        let call = g_dbus_message_new_method_call(name, path, name, "GetCapabilities")
        defer { g_object_unref(UnsafeMutableRawPointer(call)) }
        var error: UnsafeMutablePointer<GError>?
        let reply = g_dbus_connection_send_message_with_reply_sync(
            connection, call, G_DBUS_SEND_MESSAGE_FLAGS_NONE, milliseconds, nil, nil, &error)
        guard let reply else { throw NotificationFailure(taking: error) }
        defer { g_object_unref(UnsafeMutableRawPointer(reply)) }
        if g_dbus_message_to_gerror(reply, &error) != 0 { throw NotificationFailure(taking: error) }

        guard let sender = g_dbus_message_get_sender(reply), let body = g_dbus_message_get_body(reply),
            String(cString: g_variant_get_type_string(body)) == "(as)"
        else { throw NotificationFailure("the notification server's answer is not understood") }
        return NotificationServer(owner: String(cString: sender), capabilities: strings(body))
    }

    private static func strings(_ body: OpaquePointer) -> Set<String> {
        let list = g_variant_get_child_value(body, 0)
        defer { g_variant_unref(list) }
        var count: gsize = 0
        let strings = g_variant_get_strv(list, &count)  // the array is ours, the strings are the list's
        defer { g_free(strings) }
        return Set((0..<Int(count)).compactMap { index in strings?[index].map { String(cString: $0) } })
    }
}
