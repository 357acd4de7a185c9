// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops
internal import Glibc

/// Incoming calls, shared out fairly among the callers.
///
/// The problem: the bus hands us all calls on one connection, in their order, and keeps each message of ours until its receiver
/// reads it. A program that calls without end and reads nothing would make everybody wait: behind its calls here, and at last behind
/// its answers there, since a dbus-daemon that keeps too much from one sender stops reading from it.
///
/// The rule: each caller has a share of every round, and a budget of octets that it may leave unread. A call beyond that waits here,
/// in the caller's own order, while others are answered. Whether a caller has read is what the bus says (`GetConnectionStats` of a
/// dbus-daemon), else a `Ping` to the caller shows it. Calls that wait have a limit, too; beyond it they are refused, and not even
/// that is said to a caller who reads nothing.
final class CallQueue: @unchecked Sendable {  // unchecked: used on the loop's thread only
    enum Limit {
        /// Octets that may be sent to a caller, or signalled at its instigation, before it is asked for whether they were read.
        static let unread = 1 << 20
        /// The same for each while all callers together have left `unreadByAll`.
        static let unreadInNeed = 64 << 10
        static let unreadByAll = 64 << 20
        /// Octets of ours that the bus may keep for others before those who make us signal have to wait.
        static let keptByTheBus = 128 << 20
        /// Octets that the bus has not read yet; beyond this nothing is answered.
        static let unsent = 32 << 20
        /// Octets of answers that a caller gets in one round before others have their turn.
        static let share = 256 << 10
        /// Octets of calls that wait, of one caller and of all.
        static let waiting = 8 << 20
        static let waitingOfAll = 24 << 20
        /// Calls with descriptors that wait: each may hold 253 of those that this process has.
        static let waitingWithDescriptors = 2
        /// The cost of any message beside its arguments.
        static let envelope = 192
        /// So many callers are remembered before those that have left are looked for.
        static let callers = 512
    }

    /// The time for which incoming calls are read before a waiting one is answered, and the time that answers may take at once.
    private static let longestListening: Duration = .milliseconds(50)
    private static let longestAnswering: Duration = .milliseconds(2)

    // An object that was ever referred to weakly pays for it with each count of its references, so nothing of a call's way is: what is
    // to be done later holds the core, and with it the queue, for that while.
    private unowned let core: BusCore
    private var callers: [String: Caller] = [:]
    /// Those with waiting calls that may be answered, in their turn.
    private var ring: [Caller] = []
    /// The caller whose call is being answered.
    private var current: Caller?
    private var round: UInt64 = 0
    private var isScheduled = false
    private var listeningSince: ContinuousClock.Instant?
    private var waitingOctets = 0
    private var waitingWithDescriptors = 0
    private var unread = 0
    private var sweepAt = Limit.callers
    private var isSweeping = false
    private var clogTimer: LoopTimer?
    lazy var reading = ReadingEnquiry(core)

    init(_ core: BusCore) { self.core = core }

    // MARK: - In

    /// Answers a call, now or when its caller's turn has come.
    func take(_ message: OpaquePointer) {
        guard let sender = dbus_message_get_sender(message) else { return core.answer(message) }
        let caller = caller(String(cString: sender))
        if caller.isEmpty, mayBeAnswered(caller), caller.share(in: round) < Limit.share, !isClogged {
            answer(message, of: caller)
        } else {
            wait(message, of: caller)
        }
    }

    private func caller(_ name: String) -> Caller {
        if let known = callers[name] { return known }
        let caller = Caller(name)
        callers[name] = caller
        if callers.count > sweepAt { sweep() }
        return caller
    }

    private func wait(_ message: OpaquePointer, of caller: Caller) {
        let octets = Self.length(of: message)
        let hasDescriptors = dbus_message_contains_unix_fds(message) != 0
        guard caller.waitingOctets + octets <= Limit.waiting, waitingOctets + octets <= Limit.waitingOfAll,
            !hasDescriptors || waitingWithDescriptors < Limit.waitingWithDescriptors
        else { return refuse(message, of: caller) }
        dbus_message_ref(message)
        caller.append(.init(message: message, octets: octets, hasDescriptors: hasDescriptors))
        waitingOctets += octets
        if hasDescriptors { waitingWithDescriptors += 1 }
        core.noteWork(octets)
        queue(caller)
        if !mayBeAnswered(caller) { ask(caller) }
    }

    private func refuse(_ message: OpaquePointer, of caller: Caller) {
        // A caller that has left even refusals unread gets none.
        guard caller.unread < 2 * Limit.unread else { return }
        current = caller
        core.reply(to: message, .limitsExceeded("too many calls wait for their answers"))
        current = nil
    }

    // MARK: - Out

    /// Counts octets that are sent to a caller or because of it. `message` is the call that is answered, perhaps long after its turn.
    func charge(_ octets: Int, isSignal: Bool, for message: OpaquePointer? = nil) {
        core.noteWork(octets)
        guard let current = current ?? message.flatMap(sender) else { return }
        if isSignal {
            current.caused += octets
        } else {
            current.unread += octets
            unread += octets
        }
        current.addToShare(octets)
    }

    private func sender(of message: OpaquePointer) -> Caller? {
        dbus_message_get_sender(message).flatMap { callers[String(cString: $0)] }
    }

    /// Counts work that was done for a caller although nothing is sent.
    func spend(_ octets: Int) { current?.addToShare(octets) }

    private func answer(_ message: OpaquePointer, of caller: Caller) {
        current = caller
        _ = caller.share(in: round)
        caller.addToShare(Limit.envelope)
        core.answer(message)
        current = nil
        // Asked early, so that a caller who reads never waits.
        if caller.unread > budget / 2 || caller.caused > Limit.unread / 2 { ask(caller) }
    }

    private var budget: Int { unread > Limit.unreadByAll ? Limit.unreadInNeed : Limit.unread }

    private func mayBeAnswered(_ caller: Caller) -> Bool {
        caller.unread < budget && caller.caused < Limit.unread
    }

    /// Whether the bus has stopped reading what we send.
    var isClogged: Bool {
        guard let connection = core.connection else { return false }
        return dbus_connection_get_outgoing_size(connection) > Limit.unsent
    }

    // MARK: - Turns

    private func queue(_ caller: Caller) {
        guard !caller.isInRing, !caller.isEmpty, mayBeAnswered(caller) else { return }
        caller.isInRing = true
        ring.append(caller)
        schedule()
    }

    private func schedule() {
        guard !isScheduled, !ring.isEmpty else { return }
        isScheduled = true
        core.loop.post { [core] in core.calls.giveTurns() }
    }

    /// Reads all incoming calls first: reading is cheap, and a short call may stand behind a thousand long ones.
    private func giveTurns() {
        isScheduled = false
        guard let connection = core.connection, !ring.isEmpty else { return }
        if isClogged { return comeBack() }
        let start = ContinuousClock.now
        let since = listeningSince ?? start
        listeningSince = since
        if Self.hasMore(connection), start - since < Self.longestListening { return schedule() }
        listeningSince = nil
        round += 1
        repeat {
            let caller = ring.removeFirst()
            caller.isInRing = false
            guard mayBeAnswered(caller), let call = caller.next() else { continue }
            forget(call)
            answer(call.message, of: caller)
            dbus_message_unref(call.message)
            // Answering may have closed the connection.
            guard core.connection != nil else { return }
            queue(caller)
        } while !ring.isEmpty && ContinuousClock.now - start < Self.longestAnswering
        schedule()
    }

    private func comeBack() {
        guard clogTimer == nil else { return }
        clogTimer = core.loop.timer(after: .milliseconds(50)) { [self, core] in
            clogTimer = nil
            core.calls.schedule()
        }
    }

    private func forget(_ call: Caller.Call) {
        waitingOctets -= call.octets
        if call.hasDescriptors { waitingWithDescriptors -= 1 }
    }

    private static func hasMore(_ connection: OpaquePointer) -> Bool {
        var descriptor: Int32 = -1
        guard dbus_connection_get_socket(connection, &descriptor) != 0 else { return false }
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&ready, 1, 0) == 1 && ready.revents & Int16(POLLIN) != 0
    }

    /// The octets of a message, about. libdbus counts them only in a copy, which is made where an argument is no plain value.
    private static func length(of message: OpaquePointer) -> Int {
        let header = [
            dbus_message_get_path(message), dbus_message_get_interface(message), dbus_message_get_member(message),
        ]
        var octets = header.reduce(Limit.envelope) { $0 + ($1.map(strlen) ?? 0) }
        var argument = DBusMessageIter()
        guard dbus_message_iter_init(message, &argument) != 0 else { return octets }
        repeat {
            let type = dbus_message_iter_get_arg_type(&argument)
            switch UInt8(truncatingIfNeeded: type) {
            case TypeCode.string, TypeCode.objectPath, TypeCode.signature:
                var text: UnsafePointer<CChar>?
                dbus_message_iter_get_basic(&argument, &text)
                octets += text.map(strlen) ?? 0
            case _ where dbus_type_is_basic(type) != 0: octets += MemoryLayout<UInt64>.size
            default: return copiedLength(of: message)
            }
        } while dbus_message_iter_next(&argument) != 0
        return octets
    }

    private static func copiedLength(of message: OpaquePointer) -> Int {
        var copy: UnsafeMutablePointer<CChar>?
        var length: Int32 = 0
        guard dbus_message_marshal(message, &copy, &length) != 0 else { return Limit.waiting }
        dbus_free(copy)
        return Int(length) + Limit.envelope
    }

    // MARK: - Reading

    private func ask(_ caller: Caller) {
        guard !caller.isAsking else { return }
        caller.isAsking = true
        let asked = caller.unread
        reading.ask(of: caller.name, caused: caller.caused > Limit.unread / 2) { [self] answer in
            guard callers[caller.name] === caller else { return }
            caller.isAsking = false
            switch answer {
            case .left: drop(caller)
            case .unread(let octets, let kept):
                // The answer does not count octets that were sent after the question.
                unread += octets - asked
                caller.unread += octets - asked
                if kept < Limit.keptByTheBus { caller.caused = 0 }
                if mayBeAnswered(caller) {
                    caller.pause = Caller.shortestPause
                    queue(caller)
                } else {
                    askLater(caller)
                }
            case .unknown: askLater(caller)
            }
        }
    }

    /// Asks again: soon at first, at last once in a second.
    private func askLater(_ caller: Caller) {
        let pause = caller.pause
        caller.pause = min(.seconds(1), pause * 2)
        caller.timer = core.loop.timer(after: pause) { [core] in
            guard core.calls.callers[caller.name] === caller else { return }
            caller.timer = nil
            core.calls.ask(caller)
        }
    }

    private func drop(_ caller: Caller) {
        callers[caller.name] = nil
        unread -= caller.unread
        caller.timer?.cancel()
        core.noteWork(caller.waitingOctets)
        while let call = caller.next() {
            forget(call)
            dbus_message_unref(call.message)
        }
    }

    /// Forgets the callers that have left the bus.
    private func sweep() {
        guard !isSweeping else { return }
        isSweeping = true
        core.callBus("ListNames", []) { [self] answer in
            isSweeping = false
            guard let names = try? answer.get().first?.elements else { return }
            let present = Set(names.compactMap(\.string))
            for caller in callers.values where !present.contains(caller.name) { drop(caller) }
            sweepAt = max(Limit.callers, 2 * callers.count)
        }
    }

    /// The connection is gone, and no call is answered any more.
    func close() {
        for caller in callers.values { drop(caller) }
        ring = []
        clogTimer?.cancel()
        clogTimer = nil
    }
}

/// A caller: its waiting calls, and the octets that it has not read as far as that is known.
final class Caller: @unchecked Sendable {  // unchecked: used on the loop's thread only
    struct Call {
        let message: OpaquePointer
        let octets: Int
        let hasDescriptors: Bool
    }

    static let shortestPause: Duration = .milliseconds(2)

    let name: String
    /// Octets sent to it since it was last known to have read.
    var unread = 0
    /// Octets of signals that its calls have led to since the bus was last known to have passed them on.
    var caused = 0
    var isInRing = false
    var isAsking = false
    var pause = shortestPause
    var timer: LoopTimer?
    private(set) var waitingOctets = 0
    private var calls: [Call] = []
    /// The place of the oldest call that waits.
    private var head = 0
    private var round: UInt64 = 0
    private var used = 0

    init(_ name: String) { self.name = name }

    var isEmpty: Bool { head == calls.count }

    func append(_ call: Call) {
        calls.append(call)
        waitingOctets += call.octets
    }

    func next() -> Call? {
        guard !isEmpty else { return nil }
        let call = calls[head]
        head += 1
        waitingOctets -= call.octets
        // Given back in large pieces: an element at a time would move all the others.
        if isEmpty {
            (calls, head) = ([], 0)
        } else if head >= 1024 {
            calls.removeFirst(head)
            head = 0
        }
        return call
    }

    /// Octets that it has had in this round.
    func share(in round: UInt64) -> Int {
        if self.round != round { (self.round, used) = (round, 0) }
        return used
    }

    func addToShare(_ octets: Int) { used += octets }
}
