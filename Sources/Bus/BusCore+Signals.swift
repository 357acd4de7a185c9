// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops
internal import Glibc

/// Signals in.
extension BusCore {
    /// Runs `work` at once on the loop's thread, else soon.
    func onLoop(_ work: @escaping @Sendable () -> Void) {
        loop.isCurrent ? work() : loop.post(work)
    }

    func received(signal message: OpaquePointer) {
        if dbus_message_is_signal(message, DBUS_INTERFACE_LOCAL, "Disconnected") != 0 { return disconnected() }
        if dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameLost") != 0 { nameLost(message) }
        if dbus_message_is_signal(message, DBUS_INTERFACE_DBUS, "NameOwnerChanged") != 0 { ownerChanged(message) }
        guard !subscriptions.isEmpty, let signal = decode(message) else { return }
        // A handler may add and cancel subscriptions.
        for subscription in subscriptions where subscription.match.fits(signal) && isSender(of: signal, subscription) {
            subscription.deliver(signal)
        }
    }

    private func disconnected() {
        close()
        onEvent(.disconnected)
    }

    private func nameLost(_ message: OpaquePointer) {
        guard isFromBus(message) else { return }
        var arguments = MessageReader(message)
        if let name = try? arguments.string() { onEvent(.nameLost(name)) }  // the bus sends one text
    }

    /// Anybody can send any signal to us; only the bus may report who owns a name.
    func isFromBus(_ message: OpaquePointer) -> Bool {
        dbus_message_has_sender(message, DBUS_SERVICE_DBUS) != 0
    }

    /// Nil if a value cannot be read because no descriptor is left: such a signal is dropped.
    private func decode(_ message: OpaquePointer) -> Signal? {
        guard let path = dbus_message_get_path(message), let interface = dbus_message_get_interface(message),
            let member = dbus_message_get_member(message)
        else { return nil }
        var reader = MessageReader(message)
        guard let arguments = try? reader.remainingValues() else { return nil }
        return Signal(
            sender: dbus_message_get_sender(message).map { String(cString: $0) } ?? "",
            path: ObjectPath(checked: String(cString: path)), interface: String(cString: interface),
            member: String(cString: member), arguments: arguments)
    }

    private func isSender(of signal: Signal, _ subscription: Subscription) -> Bool {
        guard let sender = subscription.match.sender else { return true }
        guard let followed = subscription.match.followedSender else { return sender == signal.sender }
        return owners[followed]?.current == signal.sender
    }

    // MARK: - Subscriptions

    /// `completion` is called once the bus has the rule; by then the owner of a well-known sender is known too, since the bus
    /// answers in order.
    func add(_ subscription: Subscription, completion: @escaping (Result<[Value], BusError>) -> Void = { _ in }) {
        subscriptions.append(subscription)
        if let name = subscription.match.followedSender { follow(name) }
        callBus("AddMatch", [.string(subscription.match.rule)], completion: completion)
    }

    func remove(_ subscription: Subscription) {
        guard let index = subscriptions.firstIndex(where: { $0 === subscription }) else { return }
        subscriptions.remove(at: index)
        callBus("RemoveMatch", [.string(subscription.match.rule)])
        if let name = subscription.match.followedSender { unfollow(name) }
    }
}
