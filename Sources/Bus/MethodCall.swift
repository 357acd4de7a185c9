// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

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
