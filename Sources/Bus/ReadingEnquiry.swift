// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

/// Finds out how many of the octets that were sent to a caller are still unread.
///
/// dbus-daemon reports it for each connection (`org.freedesktop.DBus.Debug.Stats`; Debian builds it in). Its answer comes after all
/// that we sent before the question. Another bus may not: dbus-broker itself counts what a receiver leaves unread, and ends the
/// connection of one that leaves too much, so there it is enough not to flood; a `Ping` that was answered shows that its receiver has
/// read what came before, and one that was not holds it up.
final class ReadingEnquiry: @unchecked Sendable {  // unchecked: used on the loop's thread only
    enum Answer {
        /// Octets that its receiver has not read, and all that the bus keeps of ours (0 where that was not asked).
        case unread(Int, kept: Int)
        /// It is not on the bus any more.
        case left
        case unknown
    }

    private unowned let core: BusCore
    private var hasStatistics = true
    private static let patience: Duration = .seconds(2)

    init(_ core: BusCore) { self.core = core }

    /// - Parameter caused: whether to ask for what the bus keeps of ours, too.
    func ask(of name: String, caused: Bool, completion: @escaping (Answer) -> Void) {
        guard hasStatistics else { return ping(name, completion) }
        statistics(of: name, "OutgoingBytes") { [self] result in
            switch result {
            case .success(let octets):
                guard caused else { return completion(.unread(octets, kept: 0)) }
                statistics(of: core.uniqueName, "IncomingBytes") { kept in
                    completion(.unread(octets, kept: (try? kept.get()) ?? 0))
                }
            case .failure(let error) where error.name == BusError.nameHasNoOwner: completion(.left)
            case .failure(let error) where Self.saysNothing(error): completion(.unknown)
            case .failure:
                hasStatistics = false
                ping(name, completion)
            }
        }
    }

    private func statistics(
        of name: String, _ key: String, completion: @escaping (Result<Int, BusError>) -> Void
    ) {
        let call = OutgoingCall(
            destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus.Debug.Stats", member: "GetConnectionStats", arguments: [.string(name)])
        send(call) { result in
            completion(
                result.flatMap { values in
                    guard let octets = values.first?[key]?.unwrapped.uint32 else {
                        return .failure(.failed("the bus does not say how much is unread"))
                    }
                    return .success(Int(octets))
                })
        }
    }

    /// Whether an error is about the asking, and not about what was asked.
    private static func saysNothing(_ error: BusError) -> Bool {
        error.name == BusError.noReply || error.name == BusError.disconnected || error.name == BusError.limitsExceeded
    }

    private func ping(_ name: String, _ completion: @escaping (Answer) -> Void) {
        let call = OutgoingCall(
            destination: name, path: "/", interface: "org.freedesktop.DBus.Peer", member: "Ping", arguments: [],
            timeout: Self.patience, startsService: false)
        send(call) { result in
            switch result {
            case .failure(let error)
            where error.name == BusError.serviceUnknown || error.name == BusError.nameHasNoOwner:
                completion(.left)
            // Too many questions of ours are open.
            case .failure(let error) where error.name == BusError.limitsExceeded: completion(.unknown)
            // Any other answer is of somebody who has read up to the question. One who was silent for so long may go on slowly.
            case .success, .failure: completion(.unread(0, kept: 0))
            }
        }
    }

    private func send(_ call: OutgoingCall, _ completion: @escaping (Result<[Value], BusError>) -> Void) {
        do throws(BusError) {
            try core.call(call, completion: completion)
        } catch {
            // Not in the caller's own stretch of work, which may be about to change what the answer is about.
            nonisolated(unsafe) let completion = completion  // it stays on this thread
            core.loop.post { completion(.failure(error)) }
        }
    }
}
