// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPCSC
import Foundation
import TestBench
import Testing

/// A reader of the stub, as pcscd's clients see it (READER_STATE in pcsc-lite's eventhandler.h).
struct StubReader: Sendable, Equatable {
    var name: String
    /// The number of cards that came and went.
    var events: UInt32 = 0
    var atr: [UInt8] = []
    var isHeldExclusively = false
    var isBroken = false

    /// The number of bytes that one takes in an answer.
    static let size = 184

    /// As pcscd writes it into shared answers: fixed fields, native byte order.
    var bytes: [UInt8] {
        // SCARD_UNKNOWN, SCARD_PRESENT | POWERED, SCARD_ABSENT
        let state: UInt32 = isBroken ? 0x01 : atr.isEmpty ? 0x02 : 0x14
        var bytes = Array(name.utf8.prefix(127))
        bytes += [UInt8](repeating: 0, count: 128 - bytes.count)
        for number in [events, state, isHeldExclusively ? UInt32.max : 0] { bytes += StubPCSCD.bytes(number) }
        bytes += atr + [UInt8](repeating: 0, count: 36 - atr.count)
        return bytes + StubPCSCD.bytes(UInt32(atr.count)) + StubPCSCD.bytes(1)
    }
}

/// Stands in for pcscd where a real one cannot be made to do the thing: readers that come and go while it runs, the moment
/// between two questions, a refusal, silence. It speaks protocol 4.4, of pcsc-lite 1.9.9, and 4.5, of 2.3, with the real library.
final class StubPCSCD: @unchecked Sendable {  // unchecked: everything that changes is behind `lock`
    enum Behaviour: Sendable {
        case serving
        /// As polkit makes pcscd do it.
        case refusing
        /// Takes connections and says nothing.
        case silent
        /// Closes each connection.
        case closing
        /// As polkit makes pcscd do it since 2.0: takes each connection away unread, in one way after the other, which the
        /// library tells by as many names.
        case turningAway([TurnAway])
    }

    /// How a connection is taken away; in each case by close(2), which octets were on their way makes the difference.
    enum TurnAway: Sendable {
        /// Something was sent that nobody read: the client's next read is reset.
        case reset
        /// All was read: the client reads an end.
        case end
        /// Before the client has sent anything, mostly: its write fails.
        case atOnce
    }

    private let place: PrivatePCSCD
    private let lock = NSLock()
    private var readers: [StubReader]
    private var behaviour: Behaviour
    private var listener: Int32 = -1
    private var connections: Set<Int32> = []
    /// Contexts by the connection that waits for an event.
    private var waiting: [Int32: UInt32] = [:]
    private var contexts: [Int32: UInt32] = [:]
    /// Changes of the list of readers, as pcsc-lite 2.3 counts them; and all changes.
    private var (readerEvents, changes): (UInt32, Int) = (1, 0)
    /// Connections that speak protocol 4.5; of these, the ones whose next wait is the first of a call. Such a wait is followed by the
    /// question for the number of reader events, and no event may come before its answer: so these have waited since so many changes.
    private var (counting, beginning, asking): (Set<Int32>, Set<Int32>, [Int32: Int]) = ([], [], [:])
    private var questions = 0
    private var turnedAway = 0
    private var afterQuestion: (number: Int, change: @Sendable (inout [StubReader]) -> Void)?

    /// Takes the place of the process's pcscd, whose turn it waits for.
    init(_ readers: [StubReader], _ behaviour: Behaviour = .serving) async throws {
        self.readers = readers
        self.behaviour = behaviour
        place = try await PrivatePCSCD(.own(0), at: .thisProcess).start()
        await place.stop()
        try open()
    }

    deinit { close() }

    /// Changes the readers and wakes who waits, as one event.
    func change(_ body: (inout [StubReader]) -> Void) {
        lock.withLock {
            alter(body)
            for connection in waiting.keys { answer(connection, Self.bytes(0) + Self.bytes(0)) }
            waiting = [:]
        }
    }

    private func alter(_ body: (inout [StubReader]) -> Void) {
        let names = readers.map(\.name)
        body(&readers)
        changes += 1
        if readers.map(\.name) != names { readerEvents += 1 }
    }

    /// Changes the readers without an event, which pcscd does not have for it.
    func changeSilently(_ body: (inout [StubReader]) -> Void) { lock.withLock { body(&readers) } }

    /// Changes the readers right after the answer to the so-manieth question for the list of readers from now.
    func changeAfter(question: Int, _ change: @escaping @Sendable (inout [StubReader]) -> Void) {
        lock.withLock { afterQuestion = (questions + question, change) }
    }

    func behave(_ behaviour: Behaviour) { lock.withLock { self.behaviour = behaviour } }

    /// Ends as a killed process does: the socket's name stays.
    func close() {
        lock.withLock {
            for descriptor in connections.union([listener]) { shutdown(descriptor, Int32(SHUT_RDWR)) }
            Glibc.close(listener)
            listener = -1
        }
    }

    /// Begins to listen, after `close()` anew.
    func open() throws {
        let path = place.socketPath
        unlink(path)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound && listen(listener, 8) == 0)
        lock.withLock { self.listener = listener }
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [weak self] in self?.serve(connection) }
            }
        }
    }

    // MARK: - One client

    private func serve(_ connection: Int32) {
        if let way = lock.withLock({ turnAway() }) { return Self.turnAway(connection, way) }
        lock.withLock { _ = connections.insert(connection) }
        while let header = Self.read(connection, 8), let body = Self.read(connection, Int(Self.number(header, 0))) {
            let goesOn = lock.withLock { handle(Self.number(header, 4), body, connection) }
            guard goesOn else { break }
        }
        lock.withLock {
            connections.remove(connection)
            counting.remove(connection)
            beginning.remove(connection)
            (waiting[connection], asking[connection]) = (nil, nil)
            contexts[connection] = nil
            Glibc.close(connection)
        }
    }

    /// How the next connection is to be taken away; nil where it is not.
    private func turnAway() -> TurnAway? {
        guard case .turningAway(let ways) = behaviour, !ways.isEmpty else { return nil }
        turnedAway += 1
        return ways[(turnedAway - 1) % ways.count]
    }

    private static func turnAway(_ connection: Int32, _ way: TurnAway) {
        var octet: UInt8 = 0
        switch way {
        case .reset: _ = recv(connection, &octet, 1, Int32(MSG_PEEK))
        case .end: _ = read(connection, 20)
        case .atOnce: break
        }
        Glibc.close(connection)
    }

    /// The number of connections that were taken away so far.
    var refusals: Int { lock.withLock { turnedAway } }

    /// Answers one message; false ends the conversation. The commands are those of pcsc-lite's winscard_msg.h.
    private func handle(_ command: UInt32, _ body: [UInt8], _ connection: Int32) -> Bool {
        switch behaviour {
        case .closing: return false
        case .silent: return true
        case .serving, .refusing, .turningAway: break
        }
        switch command {
        case 0x11:  // CMD_VERSION
            if Self.number(body, 4) >= 5 {
                counting.insert(connection)
                beginning.insert(connection)
            }
            answer(connection, Array(body.prefix(8)) + Self.bytes(0))
        case 0x01:  // SCARD_ESTABLISH_CONTEXT
            let context = UInt32.random(in: 1...0x7FFF_FFFF)
            contexts[connection] = context
            let result = if case .refusing = behaviour { UInt32(SCARD_W_SECURITY_VIOLATION) } else { UInt32(0) }
            answer(connection, Array(body.prefix(4)) + Self.bytes(context) + Self.bytes(result))
        case 0x12:  // CMD_GET_READERS_STATE
            answerReaders(connection)
            questions += 1
            if let afterQuestion, afterQuestion.number == questions { alter(afterQuestion.change) }
        case 0x13:  // CMD_WAIT_READER_STATE_CHANGE
            answerReaders(connection)
            if beginning.remove(connection) != nil {
                asking[connection] = changes
            } else {
                waiting[connection] = contexts[connection]
            }
        case 0x15:  // CMD_GET_READER_EVENTS
            answer(connection, Self.bytes(readerEvents) + Self.bytes(0))
            guard let begun = asking.removeValue(forKey: connection) else { break }
            if begun == changes {
                waiting[connection] = contexts[connection]
            } else {
                answer(connection, Self.bytes(0) + Self.bytes(0))
            }
        case 0x14:  // CMD_STOP_WAITING_READER_STATE_CHANGE
            if counting.contains(connection) { beginning.insert(connection) }
            // One that has had its event waits no more, and has taken that for the answer.
            guard waiting[connection] != nil || asking[connection] != nil else { break }
            (waiting[connection], asking[connection]) = (nil, nil)
            answer(connection, Self.bytes(0) + Self.bytes(0))
        case 0x0D:  // SCARD_CANCEL
            let context = Self.number(body, 0)
            if let waiter = waiting.first(where: { $0.value == context })?.key {
                waiting[waiter] = nil
                answer(waiter, Self.bytes(0) + Self.bytes(UInt32(SCARD_E_CANCELLED)))
            }
            answer(connection, Array(body.prefix(4)) + Self.bytes(0))
        default:  // SCARD_RELEASE_CONTEXT and what nobody asks here
            answer(connection, Array(body.prefix(4)) + Self.bytes(0))
        }
        return true
    }

    private func answerReaders(_ connection: Int32) {
        let free = [UInt8](repeating: 0, count: (16 - readers.count) * StubReader.size)
        answer(connection, readers.flatMap(\.bytes) + free)
    }

    private func answer(_ connection: Int32, _ bytes: [UInt8]) {
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func read(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        guard count > 0 else { return bytes }
        return recv(descriptor, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
    }

    static func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
}
