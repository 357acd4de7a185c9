// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CNotify
internal import JobFrames

/// The process's GDBus connection, which is libnotify's too, and what the notification server signals on it.
///
/// The server's signals are heard here and not by libnotify, which forgets a notification as soon as it is closed: servers that keep a
/// history offer its actions further, and signal them by the same number.
final class NotificationBus {
    /// The server's unique name as far as it is known; "" while there is none. Ids of notifications mean something to this one only.
    private(set) var server = ""

    private let connection: OpaquePointer  // GDBusConnection
    private let report: (NotifyReply) -> Void
    private var subscriptions: [guint] = []

    init(report: @escaping (NotifyReply) -> Void) throws(NotificationFailure) {
        var error: UnsafeMutablePointer<GError>?
        guard let connection = g_bus_get_sync(G_BUS_TYPE_SESSION, nil, &error) else {
            throw NotificationFailure(taking: error)
        }
        self.connection = connection
        self.report = report
        // GDBus would end the process with the bus, without a word to eonayd.
        g_dbus_connection_set_exit_on_close(connection, 0)
        let (name, path) = (NotificationServer.name, NotificationServer.path)
        subscriptions = [
            subscribe(name, name, "ActionInvoked", path, actionSignal),
            subscribe(name, name, "NotificationClosed", path, closedSignal),
            subscribe(Self.bus, Self.bus, "NameOwnerChanged", Self.busPath, ownerSignal, argument: name),
        ]
        server = owner()
    }

    deinit {
        for subscription in subscriptions { g_dbus_connection_signal_unsubscribe(connection, subscription) }
        g_object_unref(UnsafeMutableRawPointer(connection))
    }

    /// Asks the server what it can, and so whether it is there and answers.
    func askServer(milliseconds: Int32) throws(NotificationFailure) -> NotificationServer {
        let found = try NotificationServer.ask(on: connection, milliseconds: milliseconds)
        server = found.owner
        return found
    }

    private static let bus = "org.freedesktop.DBus"
    private static let busPath = "/org/freedesktop/DBus"

    private func subscribe(
        _ sender: String, _ interface: String, _ member: String, _ path: String,
        _ callback: @escaping GDBusSignalCallback, argument: String? = nil
    ) -> guint {
        // Unretained: this object holds the subscription.
        g_dbus_connection_signal_subscribe(
            connection, sender, interface, member, path, argument, G_DBUS_SIGNAL_FLAGS_NONE, callback,
            Unmanaged.passUnretained(self).toOpaque(), nil)
    }

    /// The owner of the server's name now; "" for nobody.
    private func owner() -> String {
        let reply = g_dbus_connection_call_sync(
            connection, Self.bus, Self.busPath, Self.bus, "GetNameOwner", nameArgument(), nil, G_DBUS_CALL_FLAGS_NONE,
            -1, nil, nil)
        guard let reply else { return "" }
        defer { g_variant_unref(reply) }
        return SignalBody(reply, "(s)")?.text(0) ?? ""
    }

    private func nameArgument() -> OpaquePointer? {
        var name: OpaquePointer? = g_variant_new_string(NotificationServer.name)
        return g_variant_new_tuple(&name, 1)
    }

    // MARK: - Signals

    fileprivate func invoked(_ number: UInt32, _ action: String, by sender: String) {
        report(.action(NotificationID(number: number, server: sender), name: action))
    }

    fileprivate func closed(_ number: UInt32, _ reason: UInt32, by sender: String) {
        report(.closed(NotificationID(number: number, server: sender), reason: reason))
    }

    /// The signal may be older than what a call has learnt meanwhile, so the bus is asked.
    fileprivate func ownerChanged() {
        let owner = owner()
        guard owner != server else { return }
        server = owner
        report(.serverChanged(owner: owner))
    }
}

/// The arguments of a signal, of the types that were expected.
private struct SignalBody {
    private let tuple: OpaquePointer

    init?(_ tuple: OpaquePointer?, _ type: String) {
        guard let tuple, String(cString: g_variant_get_type_string(tuple)) == type else { return nil }
        self.tuple = tuple
    }

    func number(_ index: gsize) -> UInt32 {
        let part = g_variant_get_child_value(tuple, index)
        defer { g_variant_unref(part) }
        return g_variant_get_uint32(part)
    }

    func text(_ index: gsize) -> String {
        let part = g_variant_get_child_value(tuple, index)
        defer { g_variant_unref(part) }
        return String(cString: g_variant_get_string(part, nil))
    }
}

// File-scope functions: a C callback written where there is isolation would check for it, and trap.

private func actionSignal(
    _: OpaquePointer?, _ sender: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
    _: UnsafePointer<CChar>?, _ parameters: OpaquePointer?, _ bus: gpointer?
) {
    guard let body = SignalBody(parameters, "(us)"), let sender else { return }
    Unmanaged<NotificationBus>.fromOpaque(bus!).takeUnretainedValue()
        .invoked(body.number(0), body.text(1), by: String(cString: sender))
}

private func closedSignal(
    _: OpaquePointer?, _ sender: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
    _: UnsafePointer<CChar>?, _ parameters: OpaquePointer?, _ bus: gpointer?
) {
    guard let body = SignalBody(parameters, "(uu)"), let sender else { return }
    Unmanaged<NotificationBus>.fromOpaque(bus!).takeUnretainedValue()
        .closed(body.number(0), body.number(1), by: String(cString: sender))
}

private func ownerSignal(
    _: OpaquePointer?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
    _: UnsafePointer<CChar>?, _: OpaquePointer?, _ bus: gpointer?
) {
    Unmanaged<NotificationBus>.fromOpaque(bus!).takeUnretainedValue().ownerChanged()
}

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

/// Why nothing can be shown, in words for the log.
struct NotificationFailure: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// Takes over an error of GLib.
    init(taking error: UnsafeMutablePointer<GError>?) {
        reason = error.map { String(cString: $0.pointee.message) } ?? "no reason was given"
        if let error { g_error_free(error) }
    }
}
