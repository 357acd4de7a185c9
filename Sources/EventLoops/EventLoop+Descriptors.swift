// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
public import SystemBasics

extension EventLoop {
    /// Calls `handler` on the loop's thread whenever the descriptor is ready, until the watch is cancelled.
    ///
    /// Several watches may share a descriptor. Throws what `epoll_ctl` says, `EPERM` for a regular file among it. To be called on
    /// the loop's thread, or before the loop runs.
    public func watch(
        _ descriptor: Int32, for interest: Readiness, handler: @escaping @Sendable (Readiness) -> Void
    ) throws(SystemError) -> Watch {
        checkIsolated()
        let watch = Watch(self, descriptor, interest, handler)
        var registration: Registration
        if let existing = registrations[descriptor] {
            registration = existing
        } else {
            nextGeneration &+= 1
            registration = Registration(generation: nextGeneration)
        }
        let isNew = registration.watches.isEmpty
        registration.watches.append(watch)
        try control(isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, registration)
        registrations[descriptor] = registration
        return watch
    }

    func remove(_ watch: Watch) {
        checkIsolated()
        guard var registration = registrations[watch.descriptor],
            let index = registration.watches.firstIndex(where: { $0 === watch })
        else { return }
        registration.watches.remove(at: index)
        // A failure means that the descriptor was closed first: the kernel has then forgotten it by itself.
        if registration.watches.isEmpty {
            registrations[watch.descriptor] = nil
            try? control(EPOLL_CTL_DEL, watch.descriptor, registration)
        } else {
            registrations[watch.descriptor] = registration
            try? control(EPOLL_CTL_MOD, watch.descriptor, registration)
        }
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ registration: Registration) throws(SystemError) {
        var event = epoll_event(events: registration.events, data: epoll_data_t(u64: registration.mark(descriptor)))
        try SystemError.check(epoll_ctl(epoll, operation, descriptor, &event), "epoll_ctl")
    }

    func deliver(_ event: epoll_event) {
        let descriptor = Int32(truncatingIfNeeded: event.data.u64)
        // The generation tells an event of a descriptor that was closed, and its number reused, within this turn.
        guard let registration = registrations[descriptor], registration.mark(descriptor) == event.data.u64 else {
            return
        }
        let readiness = Readiness(events: event.events)
        for watch in registration.watches {
            let told = readiness.intersection(watch.interest.union([.error, .hangUp]))
            guard !told.isEmpty else { continue }
            // An earlier handler of this turn may have cancelled this watch.
            guard registrations[descriptor]?.watches.contains(where: { $0 === watch }) == true else { continue }
            watch.handler(told)
        }
    }
}

/// The watches of one descriptor, merged into one entry of epoll.
struct Registration {
    let generation: UInt32
    var watches: [Watch] = []

    init(generation: UInt32) {
        self.generation = generation == 0 ? 1 : generation
    }

    var events: UInt32 {
        watches.reduce(0) { $0 | $1.interest.events }
    }

    func mark(_ descriptor: Int32) -> UInt64 {
        UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }
}

/// A descriptor that an ``EventLoop`` watches, until ``cancel()``.
///
/// Dropping this value does not end the watch. Cancel it before the descriptor is closed.
public final class Watch: Sendable {
    public let descriptor: Int32
    public let interest: Readiness
    let handler: @Sendable (Readiness) -> Void
    // The loop is unowned by contract: who holds a watch holds its loop (an actor holds its executor). `weak` costs more per event.
    private let loop: EventLoop

    init(
        _ loop: EventLoop, _ descriptor: Int32, _ interest: Readiness,
        _ handler: @escaping @Sendable (Readiness) -> Void
    ) {
        self.loop = loop
        self.descriptor = descriptor
        self.interest = interest
        self.handler = handler
    }

    /// Ends the watch at once: its handler is not called again, not even for an event that has already arrived.
    ///
    /// To be called on the loop's thread; a second call does nothing.
    public func cancel() {
        loop.remove(self)
    }
}

/// The readiness of a descriptor, or the one it is watched for.
///
/// `error` and `hangUp` are always reported and need not be asked for.
public struct Readiness: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    // The bits are those of libdbus' DBusWatchFlags.
    public static let readable = Readiness(rawValue: 1)
    public static let writable = Readiness(rawValue: 2)
    public static let error = Readiness(rawValue: 4)
    public static let hangUp = Readiness(rawValue: 8)

    init(events: UInt32) {
        var readiness: Readiness = []
        if events & EPOLLIN.rawValue != 0 { readiness.insert(.readable) }
        if events & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
        if events & EPOLLERR.rawValue != 0 { readiness.insert(.error) }
        if events & EPOLLHUP.rawValue != 0 { readiness.insert(.hangUp) }
        self = readiness
    }

    var events: UInt32 {
        var events: UInt32 = 0
        if contains(.readable) { events |= EPOLLIN.rawValue }
        if contains(.writable) { events |= EPOLLOUT.rawValue }
        return events
    }
}

/// A descriptor that belongs to one object of a loop: watched for reading, and closed when the watch ends.
final class WatchedDescriptor: Sendable {
    let number: Int32
    private let loop: EventLoop
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var watch: Watch?

    /// Takes over the descriptor, and calls `handler` on the loop's thread whenever it is readable.
    ///
    /// The handler must not hold this object. To be called on the loop's thread, or before the loop runs.
    init(owning number: Int32, on loop: EventLoop, handler: @escaping @Sendable () -> Void) throws(SystemError) {
        self.number = number
        self.loop = loop
        do throws(SystemError) {
            watch = try loop.watch(number, for: .readable) { _ in handler() }
        } catch {
            close(number)
            throw error
        }
    }

    /// Ends the watch: the handler is not called again. To be called on the loop's thread; a second call does nothing.
    func cancel() {
        loop.checkIsolated()
        guard let watch else { return }
        watch.cancel()
        self.watch = nil
        close(number)
    }

    deinit {
        guard let watch else { return }
        guard !loop.isCurrent else { return cancel() }
        loop.post { [number] in
            watch.cancel()
            close(number)
        }
    }
}
