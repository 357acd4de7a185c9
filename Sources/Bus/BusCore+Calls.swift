// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops
internal import SystemBasics

/// Calls out.
extension BusCore {
    /// The most calls that may wait for their answers at one time.
    static let pendingCallLimit = 256

    /// Sends a call; `completion` is called exactly once, on the loop. Gives a token to give it up with.
    ///
    /// Sending and registering for the answer happen in one stretch, so no answer can be missed.
    @discardableResult
    func call(
        _ call: OutgoingCall, completion: @escaping (Result<[Value], BusError>) -> Void
    ) throws(BusError) -> UInt64 {
        guard let connection else { throw .notConnected }
        guard pendingCalls.count < Self.pendingCallLimit else {
            throw .limitsExceeded("\(Self.pendingCallLimit) calls are waiting for their answers")
        }
        let message = try call.message()
        defer { dbus_message_unref(message) }
        var pending: OpaquePointer?
        guard dbus_connection_send_with_reply(connection, message, &pending, call.milliseconds) != 0 else {
            throw .outOfMemory
        }
        guard let pending else { throw .notConnected }
        lastToken += 1
        let token = lastToken
        // It holds the core until it ends, at the latest when the connection closes.
        pendingCalls[token] = try PendingCall(owning: pending) { [self] result in
            pendingCalls[token] = nil
            completion(result.flatMap { reply in Self.values(of: reply) })
        }
        return token
    }

    /// Gives a call up; its completion gets the error. Does nothing if it has been answered.
    func giveUp(_ token: UInt64, _ error: BusError) {
        pendingCalls.removeValue(forKey: token)?.end(error)
    }

    private static func values(of reply: PendingCall.Reply) -> Result<[Value], BusError> {
        var reader = MessageReader(reply.message)
        do {
            return .success(try reader.remainingValues())
        } catch {
            return .failure(error as? BusError ?? .failed("the answer cannot be read"))
        }
    }

    /// A call to the bus itself.
    func callBus(
        _ member: String, _ arguments: [Value], completion: @escaping (Result<[Value], BusError>) -> Void = { _ in }
    ) {
        let call = OutgoingCall(
            destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus",
            member: member, arguments: arguments)
        do throws(BusError) {
            try self.call(call, completion: completion)
        } catch {
            completion(.failure(error))
        }
    }
}

/// A call out, before it is a message.
struct OutgoingCall: Sendable {
    let destination: String
    let path: ObjectPath
    let interface: String
    let member: String
    let arguments: [Value]
    var timeout: Duration? = .seconds(25)
    var startsService = true

    /// libdbus' time-out: its own constant for none.
    var milliseconds: Int32 {
        guard let timeout else { return DBUS_TIMEOUT_INFINITE }
        guard timeout < .seconds(2_000_000) else { return DBUS_TIMEOUT_INFINITE - 1 }
        return Int32(max(timeout, .zero).milliseconds)
    }

    /// A message, which the caller has to unref.
    func message() throws(BusError) -> OpaquePointer {
        guard dbus_validate_bus_name(destination, nil) != 0 else {
            throw .invalidArgs("not a bus name: \(destination)")
        }
        guard dbus_validate_interface(interface, nil) != 0 else { throw .invalidArgs("not an interface: \(interface)") }
        guard dbus_validate_member(member, nil) != 0 else { throw .invalidArgs("not a member: \(member)") }
        let signature = try Signature(arguments.map(\.signatureText).joined())
        guard let message = dbus_message_new_method_call(destination, path.text, interface, member) else {
            throw .outOfMemory
        }
        dbus_message_set_auto_start(message, startsService ? 1 : 0)
        let failure = signature.text.withCString { start -> BusError? in
            var writer = MessageWriter(message, signature: start)
            for argument in arguments { writer.value(argument) }
            return writer.fault
        }
        if let failure {
            dbus_message_unref(message)
            throw failure
        }
        return message
    }
}
