// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops

/// A call that has arrived, for as long as its handler runs.
public struct MethodCall: ~Copyable, @unchecked Sendable {  // unchecked: only lent, so it never leaves its thread
    let message: OpaquePointer
    private let answering: Answering
    /// The handler answers later.
    private(set) var isDeferred = false
    /// The arguments, whose signature has already been found right.
    public var arguments: MessageReader

    init(_ message: OpaquePointer, _ answering: Answering) {
        (self.message, self.answering) = (message, answering)
        arguments = MessageReader(message)
    }

    /// The caller's unique name, such as `:1.42`; it goes when the caller leaves the bus.
    public var sender: String {
        dbus_message_get_sender(message).map { String(cString: $0) } ?? ""
    }

    public var path: ObjectPath {
        ObjectPath(checked: dbus_message_get_path(message).map { String(cString: $0) } ?? "/")
    }

    public var member: String {
        dbus_message_get_member(message).map { String(cString: $0) } ?? ""
    }

    /// Leaves the answer for later, such as for a write that must reach the disk: what the handler writes or throws from here on is
    /// dropped. Calls are then answered in the order in which their work ends.
    public mutating func answerLater() -> LateAnswer {
        isDeferred = true
        return LateAnswer(message, answering)
    }
}

/// The way in which answers to one method are made.
struct Answering {
    let core: BusCore
    /// Lives as long as the object does; a late answer may come after that, so it copies it.
    let results: UnsafePointer<CChar>
}

/// The answer to a call whose handler has returned. Dropped unsent, it answers the call with a failure.
///
/// To be used on the connection's loop.
public final class LateAnswer: @unchecked Sendable {  // unchecked: used on the loop's thread only
    private let core: BusCore
    private let results: String
    private var message: OpaquePointer?

    init(_ message: OpaquePointer, _ answering: Answering) {
        core = answering.core
        results = String(cString: answering.results)
        self.message = dbus_message_ref(message)
    }

    deinit {
        guard let message else { return }
        let dropped = Dropped(core: core, message: message)
        core.loop.post {
            dropped.core.reply(to: dropped.message, BusError.failed("the call was not answered"))
            dbus_message_unref(dropped.message)
        }
    }

    /// A call on its way to the loop, where it is answered after all.
    private struct Dropped: @unchecked Sendable {  // unchecked: used on the loop's thread only
        let core: BusCore
        let message: OpaquePointer
    }

    /// Sends what `body` writes, or the error that it throws. The second answer to one call is dropped.
    public func send(_ body: (inout MessageWriter) throws -> Void) {
        core.loop.checkIsolated()
        guard let message else { return }
        self.message = nil
        defer { dbus_message_unref(message) }
        results.withCString { core.reply(to: message, signature: $0, body) }
    }
}
