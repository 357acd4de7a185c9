// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops

/// The state of a connection, as libdbus' callbacks and the loop's closures need it: outside any actor, on the loop's thread.
final class BusCore: @unchecked Sendable {  // unchecked: used on the loop's thread only, as every way in checks
    let loop: EventLoop
    private(set) var connection: OpaquePointer?
    private var binding: LoopBinding?
    private(set) var uniqueName = ""

    var objects = ObjectTree()
    var tables: [ObjectIdentifier: InterfaceTable] = [:]
    /// Exported objects with property changes that are not emitted yet.
    var changedObjects: [ExportedObject] = []
    /// Signals that wait for the answer to the call whose handler sent them; nil while no handler runs.
    private var signalsAfterReply: [OpaquePointer]?

    var pendingCalls: [UInt64: PendingCall] = [:]
    var lastToken: UInt64 = 0
    var subscriptions: [Subscription] = []
    var owners: [String: NameOwner] = [:]
    var onEvent: (ConnectionEvent) -> Void = { _ in }
    lazy var calls = CallQueue(self)
    /// Called when much was sent or received, and so much memory used; see ``Connection/onBurst(_:)``.
    var onBurst: (@Sendable () -> Void)?
    private var work = 0
    let reserve: DescriptorReserve

    init(_ loop: EventLoop, spareDescriptors: Int) {
        self.loop = loop
        reserve = DescriptorReserve(spareDescriptors)
    }

    // MARK: - Opening and closing

    /// Connects and says Hello, which blocks for a round trip.
    func open(_ address: BusAddress) throws(BusError) {
        guard connection == nil else { throw .failed("the connection is open already") }
        let text = try address.resolved()
        guard !text.utf8.contains(0) else { throw .invalidArgs("not an address") }
        guard let connection = try BusError.check({ dbus_connection_open_private(text, $0) }) else {
            throw .notConnected
        }
        // The bus functions of libdbus make the end of a connection the end of the process.
        dbus_connection_set_exit_on_disconnect(connection, 0)
        do throws(BusError) {
            _ = try BusError.check { dbus_bus_register(connection, $0) }
            // A message with more descriptors than its receiver allows ends the receiver's connection. libdbus allows 16; the kernel
            // passes at most 253 at once, so no sender can bring us down on a bus that allows more.
            dbus_connection_set_max_message_unix_fds(connection, 253)
            // libdbus would answer each Ping at once, also to a caller that has left a million answers unread.
            dbus_connection_set_route_peer_messages(connection, 1)
            let filtered = dbus_connection_add_filter(
                connection, Self.filter, Unmanaged.passUnretained(self).toOpaque(), nil)
            guard filtered != 0 else { throw .outOfMemory }
            binding = try LoopBinding(connection, on: loop, reserve)
        } catch {
            dbus_connection_close(connection)
            dbus_connection_unref(connection)
            throw error
        }
        uniqueName = dbus_bus_get_unique_name(connection).map { String(cString: $0) } ?? ""
        self.connection = connection
    }

    /// Sends the messages that are left, then ends all waiting calls. Does nothing if there is no connection.
    func close() {
        guard let connection else { return }
        flushChanges()
        self.connection = nil
        for message in signalsAfterReply ?? [] { send(message, on: connection) }
        signalsAfterReply = nil
        calls.close()
        onBurst = nil
        // Without the flush, the last answer is lost.
        if dbus_connection_get_is_connected(connection) != 0 { dbus_connection_flush(connection) }
        dbus_connection_remove_filter(connection, Self.filter, Unmanaged.passUnretained(self).toOpaque())
        binding?.detach()
        binding = nil
        let waiting = pendingCalls
        pendingCalls = [:]
        for call in waiting.values { call.end(.notConnected) }
        dbus_connection_close(connection)
        dbus_connection_unref(connection)
        for subscription in subscriptions { subscription.end() }
        subscriptions = []
        owners = [:]
        // Handlers hold their service, which holds the connection: this ends the circle.
        objects = ObjectTree()
        changedObjects = []
    }

    // MARK: - Messages in

    /// One function for adding and removing: libdbus knows a filter by its address.
    private static let filter:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafeMutableRawPointer?
        ) -> DBusHandlerResult = { _, message, data in
            let core = Unmanaged<BusCore>.fromOpaque(data!).takeUnretainedValue()
            switch dbus_message_get_type(message) {
            case DBUS_MESSAGE_TYPE_METHOD_CALL:
                core.calls.take(message!)
                return DBUS_HANDLER_RESULT_HANDLED
            case DBUS_MESSAGE_TYPE_SIGNAL:
                core.received(signal: message!)
                return DBUS_HANDLER_RESULT_NOT_YET_HANDLED
            default:
                return DBUS_HANDLER_RESULT_NOT_YET_HANDLED
            }
        }

    // MARK: - Messages out

    /// Runs a handler; the signals it sends go out after `send` has sent its answer, so that no signal of a new object precedes the
    /// answer that names it.
    func withSignalsAfterReply(_ body: () -> Void) {
        let isOutermost = signalsAfterReply == nil
        if isOutermost { signalsAfterReply = [] }
        body()
        guard isOutermost, let waiting = signalsAfterReply else { return }
        signalsAfterReply = nil
        for message in waiting { sendReply(message) }
    }

    /// Sends a signal that was made here and takes it over; during a handler, after its answer.
    func sendSignal(_ message: OpaquePointer) {
        guard connection != nil else { return dbus_message_unref(message) }
        if signalsAfterReply != nil {
            signalsAfterReply?.append(message)
        } else {
            sendReply(message)
        }
    }

    /// Sends a message that was made here, at once, and takes it over.
    func sendReply(_ message: OpaquePointer) {
        guard let connection else { return dbus_message_unref(message) }
        send(message, on: connection)
    }

    /// Counts octets that went out or came in to stay for a while, and reports a burst of them once.
    func noteWork(_ octets: Int) {
        let before = work
        work += octets
        guard before < Self.burst, work >= Self.burst, let onBurst else { return }
        loop.post(onBurst)
    }

    /// The burst is over: the next one is reported again.
    func endBurst() { work = 0 }

    private static let burst = 256 << 10

    private func send(_ message: OpaquePointer, on connection: OpaquePointer) {
        // Fails without memory only; a closed connection swallows the message.
        dbus_connection_send(connection, message, nil)
        dbus_message_unref(message)
    }
}
