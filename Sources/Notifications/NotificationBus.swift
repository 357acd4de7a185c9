// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CNotify

/// The process's GDBus connection, which is libnotify's too, and the desk's subscriptions on it.
/// Lives on the notification thread.
final class NotificationBus {
    private let connection: OpaquePointer  // GDBusConnection
    private var subscriptions: [guint] = []

    init(desk: NotificationDesk) throws(NotificationFailure) {
        var error: UnsafeMutablePointer<GError>?
        guard let connection = g_bus_get_sync(G_BUS_TYPE_SESSION, nil, &error) else {
            throw NotificationFailure(taking: error)
        }
        self.connection = connection
        // GDBus would end the process with the bus; how the service ends is not its business.
        g_dbus_connection_set_exit_on_close(connection, 0)
        // Unretained: the desk holds this object, and so the subscriptions.
        let desk = Unmanaged.passUnretained(desk).toOpaque()
        let server = NotificationServer.name
        subscriptions = [
            g_dbus_connection_signal_subscribe(
                connection, server, server, "ActionInvoked", NotificationServer.path, nil, G_DBUS_SIGNAL_FLAGS_NONE,
                actionSignal, desk, nil),
            g_dbus_connection_signal_subscribe(
                connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                "/org/freedesktop/DBus", server, G_DBUS_SIGNAL_FLAGS_NONE, ownerSignal, desk, nil),
        ]
    }

    deinit {
        for subscription in subscriptions { g_dbus_connection_signal_unsubscribe(connection, subscription) }
        g_object_unref(UnsafeMutableRawPointer(connection))
    }

    func askServer(milliseconds: Int32) throws(NotificationFailure) -> NotificationServer {
        try NotificationServer.ask(on: connection, milliseconds: milliseconds)
    }
}

// File-scope functions: a C callback written where there is isolation would check for it, and trap.

private func actionSignal(
    _: OpaquePointer?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
    _: UnsafePointer<CChar>?, _ parameters: OpaquePointer?, _ data: gpointer?
) {
    guard let parameters, String(cString: g_variant_get_type_string(parameters)) == "(us)" else { return }
    let idPart = g_variant_get_child_value(parameters, 0)
    let actionPart = g_variant_get_child_value(parameters, 1)
    defer {
        g_variant_unref(idPart)
        g_variant_unref(actionPart)
    }
    let id = g_variant_get_uint32(idPart)
    let action = String(cString: g_variant_get_string(actionPart, nil))
    let desk = Unmanaged<NotificationDesk>.fromOpaque(data!).takeUnretainedValue()
    desk.assumeIsolated { $0.invokedInHistory(id: id, action: action) }
}

private func ownerSignal(
    _: OpaquePointer?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
    _: UnsafePointer<CChar>?, _ parameters: OpaquePointer?, _ data: gpointer?
) {
    guard let parameters, String(cString: g_variant_get_type_string(parameters)) == "(sss)" else { return }
    let ownerPart = g_variant_get_child_value(parameters, 2)
    defer { g_variant_unref(ownerPart) }
    let owner = String(cString: g_variant_get_string(ownerPart, nil))
    let desk = Unmanaged<NotificationDesk>.fromOpaque(data!).takeUnretainedValue()
    desk.assumeIsolated { $0.serverChanged(to: owner) }
}
