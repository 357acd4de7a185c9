// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops
internal import SystemBasics

/// Lets an ``EventLoop`` drive a libdbus connection: its descriptors, its timeouts, and the dispatching of what has arrived.
///
/// libdbus calls `add`, `remove` and `toggled` while it holds the connection's lock, also in the middle of a send: they touch the loop
/// only and never the connection (dbus-connection.c: "you may not invoke any methods on DBusConnection or it will deadlock").
/// For the same reason the dispatch-status callback only takes note. The closures handed to C are formed in this class, which belongs
/// to no actor: formed in one, they would carry its check.
final class LoopBinding: @unchecked Sendable {  // unchecked: used on the loop's thread only
    private let loop: EventLoop
    private let reserve: DescriptorReserve
    /// Nil once detached.
    private var connection: OpaquePointer?
    /// Messages may be waiting to be dispatched.
    private var isDataWaiting = false
    /// Our own code above libdbus will look at `isDataWaiting`.
    private var isDraining = false
    private var isScheduled = false
    /// A descriptor that could not be watched, which leaves the connection deaf.
    private(set) var failure: SystemError?

    init(_ connection: OpaquePointer, on loop: EventLoop, _ reserve: DescriptorReserve) throws(BusError) {
        self.loop = loop
        self.reserve = reserve
        self.connection = connection
        let me = Unmanaged.passUnretained(self).toOpaque()
        let hasWatches = dbus_connection_set_watch_functions(
            connection,
            { watch, data in LoopBinding.from(data).add(watch: watch!) },
            { watch, _ in LoopBinding.remove(watch: watch!) },
            { watch, data in LoopBinding.from(data).toggle(watch: watch!) }, me, nil)
        let hasTimeouts = dbus_connection_set_timeout_functions(
            connection,
            { timeout, data in LoopBinding.from(data).add(timeout: timeout!) },
            { timeout, _ in LoopBinding.remove(timeout: timeout!) },
            { timeout, data in LoopBinding.from(data).toggle(timeout: timeout!) }, me, nil)
        dbus_connection_set_dispatch_status_function(
            connection, { _, status, data in LoopBinding.from(data).statusChanged(status) }, me, nil)
        if let failure {
            detach()
            throw .failed("cannot watch the bus: \(failure)")
        }
        guard hasWatches != 0, hasTimeouts != 0 else {
            detach()
            throw .outOfMemory
        }
        limitDescriptors()
        // Something may have arrived while connecting.
        if dbus_connection_get_dispatch_status(connection) != DBUS_DISPATCH_COMPLETE { schedule() }
    }

    /// Takes all functions away; libdbus then removes each watch and timeout.
    func detach() {
        guard let connection else { return }
        self.connection = nil
        dbus_connection_set_watch_functions(connection, nil, nil, nil, nil, nil)
        dbus_connection_set_timeout_functions(connection, nil, nil, nil, nil, nil)
        dbus_connection_set_dispatch_status_function(connection, nil, nil, nil)
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> LoopBinding {
        Unmanaged<LoopBinding>.fromOpaque(data!).takeUnretainedValue()
    }

    // MARK: - Watches

    /// The loop's work for one DBusWatch or DBusTimeout, kept as that object's data.
    private final class Slot {
        var watch: Watch?
        var timer: LoopTimer?

        static func from(_ data: UnsafeMutableRawPointer?) -> Slot? {
            data.map { Unmanaged<Slot>.fromOpaque($0).takeUnretainedValue() }
        }

        func cancel() {
            watch?.cancel()
            watch = nil
            timer?.cancel()
            timer = nil
        }
    }

    private func add(watch: OpaquePointer) -> dbus_bool_t {
        let slot = Unmanaged.passRetained(Slot())
        dbus_watch_set_data(watch, slot.toOpaque()) { Unmanaged<Slot>.fromOpaque($0!).release() }
        return start(watch: watch) ? 1 : 0
    }

    private static func remove(watch: OpaquePointer) {
        Slot.from(dbus_watch_get_data(watch))?.cancel()
    }

    private func toggle(watch: OpaquePointer) {
        Self.remove(watch: watch)
        _ = start(watch: watch)  // a failure is kept in `failure`
    }

    private func start(watch: OpaquePointer) -> Bool {
        guard dbus_watch_get_enabled(watch) != 0, let slot = Slot.from(dbus_watch_get_data(watch)) else { return true }
        let interest = Readiness(rawValue: dbus_watch_get_flags(watch))
        nonisolated(unsafe) let watch = watch  // used on this thread only, and not after `remove`
        do {
            slot.watch = try loop.watch(dbus_watch_get_unix_fd(watch), for: interest) { [weak self] readiness in
                guard let self else { return }
                if readiness.contains(.readable), reserve.makeRoom() { limitDescriptors() }
                drain { dbus_watch_handle(watch, readiness.rawValue) }
                if reserve.refill() { limitDescriptors() }
            }
            return true
        } catch {
            failure = error
            return false
        }
    }

    // MARK: - Timeouts

    private func add(timeout: OpaquePointer) -> dbus_bool_t {
        let slot = Unmanaged.passRetained(Slot())
        dbus_timeout_set_data(timeout, slot.toOpaque()) { Unmanaged<Slot>.fromOpaque($0!).release() }
        start(timeout: timeout)
        return 1
    }

    private static func remove(timeout: OpaquePointer) {
        Slot.from(dbus_timeout_get_data(timeout))?.cancel()
    }

    private func toggle(timeout: OpaquePointer) {
        Self.remove(timeout: timeout)
        start(timeout: timeout)
    }

    private func start(timeout: OpaquePointer) {
        guard dbus_timeout_get_enabled(timeout) != 0, let slot = Slot.from(dbus_timeout_get_data(timeout)) else {
            return
        }
        nonisolated(unsafe) let timeout = timeout  // used on this thread only, and not after `remove`
        // libdbus' timeouts repeat until they are removed or disabled.
        let interval = Duration.milliseconds(Int(dbus_timeout_get_interval(timeout)))
        slot.timer = loop.timer(after: interval, repeats: true) { [weak self] in
            self?.drain { dbus_timeout_handle(timeout) }
        }
    }

    // MARK: - Descriptors

    /// How many descriptors of messages there may be before no further message is read: more than `CallQueue` lets wait, for else
    /// two waiting calls would make us deaf. While there are none to spare, it is what dbus-daemon passes in two messages, so that
    /// what is read at once brings three messages' at most.
    private static let (mostDescriptors, mostInNeed) = (2 * 253 + 1, 2 * 16 + 1)

    private func limitDescriptors() {
        guard let connection else { return }
        dbus_connection_set_max_received_unix_fds(
            connection, reserve.lent > 0 ? Self.mostInNeed : Self.mostDescriptors)
    }

    // MARK: - Dispatching

    private func statusChanged(_ status: DBusDispatchStatus) {
        isDataWaiting = status != DBUS_DISPATCH_COMPLETE
        if isDataWaiting, !isDraining { schedule() }
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        loop.post { [weak self] in
            guard let self else { return }
            isScheduled = false
            isDataWaiting = true
            drain { 1 }
        }
    }

    /// Lets libdbus read, then dispatches what is there: without another turn of the loop, but no more than a batch, so that a flood
    /// of messages leaves time to others.
    private func drain(_ read: () -> dbus_bool_t) {
        guard !isDraining else { return }
        isDraining = true
        // A failure means that memory was short; what could not be read is still in the socket.
        _ = read()
        var status = DBUS_DISPATCH_DATA_REMAINS
        var batch = 64
        while isDataWaiting, batch > 0, status == DBUS_DISPATCH_DATA_REMAINS, let connection {
            status = dbus_connection_dispatch(connection)
            isDataWaiting = status != DBUS_DISPATCH_COMPLETE
            batch -= 1
        }
        isDraining = false
        guard isDataWaiting, connection != nil else { return }
        if status == DBUS_DISPATCH_NEED_MEMORY {
            loop.timer(after: .milliseconds(100)) { [weak self] in self?.schedule() }
        } else {
            schedule()
        }
    }
}
