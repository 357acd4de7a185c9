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
