// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import Glibc

/// Answering calls.
extension BusCore {
    /// Finds the object and the handler, and sends the answer, all without leaving this function: no task, no text made.
    func answer(_ message: OpaquePointer) {
        guard let path = dbus_message_get_path(message), let member = dbus_message_get_member(message) else { return }
        let interface = dbus_message_get_interface(message)
        guard let object = objects.object(at: path) else {
            return answerUnexported(
                StandardCall(message, interface, member), ObjectPath(checked: String(cString: path)))
        }
        guard let (exported, method) = find(object, interface, member) else {
            return answerStandard(StandardCall(message, interface, member), object)
        }
        run(method, of: exported, message)
    }

    private func find(
        _ object: ExportedObject, _ interface: UnsafePointer<CChar>?, _ member: UnsafePointer<CChar>
    ) -> (ExportedInterface, InterfaceTable.MethodEntry)? {
        for exported in object.interfaces where interface.map({ exported.table.name.equals($0) }) ?? true {
            if let method = exported.table.method(member) { return (exported, method) }
        }
        return nil
    }

    private func run(_ method: InterfaceTable.MethodEntry, of exported: ExportedInterface, _ message: OpaquePointer) {
        guard dbus_message_has_signature(message, method.arguments.start) != 0 else {
            return reply(to: message, wrongSignature(message, method.arguments.text))
        }
        withSignalsAfterReply {
            reply(to: message, signature: method.results.start) { writer in
                var call = MethodCall(message, Answering(core: self, results: method.results.start))
                do { try exported.handler(method.index, &call, &writer) } catch  where !call.isDeferred { throw error }
                if call.isDeferred { throw Deferred() }
            }
        }
    }

    func wrongSignature(_ message: OpaquePointer, _ expected: String) -> BusError {
        let actual = dbus_message_get_signature(message).map { String(cString: $0) } ?? ""
        return .invalidArgs("the arguments have the signature \"\(actual)\" instead of \"\(expected)\"")
    }

    /// The table of an interface, made when its first object is exported.
    func table(of interface: any BusInterface.Type) -> InterfaceTable {
        if let table = tables[ObjectIdentifier(interface)] { return table }
        let table = InterfaceTable(interface)
        tables[ObjectIdentifier(interface)] = table
        return table
    }

    // MARK: - Sending answers

    /// Sends what `body` writes, or the error that it throws; nothing if the caller wants no answer.
    func reply(
        to message: OpaquePointer, signature: UnsafePointer<CChar>, _ body: (inout MessageWriter) throws -> Void
    ) {
        guard let answer = dbus_message_new_method_return(message) else { return }
        do {
            var writer = MessageWriter(answer, signature: signature)
            try body(&writer)
            try writer.finish()
            guard dbus_message_get_no_reply(message) == 0 else {
                calls.spend(writer.size)
                return dbus_message_unref(answer)
            }
            calls.charge(writer.size + CallQueue.Limit.envelope, isSignal: false, for: message)
            sendReply(answer)
        } catch {
            dbus_message_unref(answer)
            if error is Deferred { return }
            // Any other error is a fault in the handler; its text is not for the bus.
            reply(to: message, error as? BusError ?? .failed("the call failed inside the service"))
        }
    }

    private static func append(_ text: String, to message: OpaquePointer) -> Bool {
        var iterator = DBusMessageIter()
        dbus_message_iter_init_append(message, &iterator)
        return text.withCString { start in
            var start: UnsafePointer<CChar>? = start
            return dbus_message_iter_append_basic(&iterator, Int32(TypeCode.string), &start) != 0
        }
    }

    func reply(to message: OpaquePointer, _ error: BusError) {
        guard dbus_message_get_no_reply(message) == 0 else { return }
        let text = error.message.utf8.contains(0) ? "" : error.message
        guard let answer = dbus_message_new_error(message, error.name, text) else { return }
        // GDBus shows the text of an error with one argument, and the signature of one with more. So a second one comes only where there is a detail.
        if !error.detail.isEmpty, !error.detail.utf8.contains(0), !Self.append(error.detail, to: answer) {
            return dbus_message_unref(answer)
        }
        calls.charge(
            error.name.utf8.count + text.utf8.count + error.detail.utf8.count + CallQueue.Limit.envelope,
            isSignal: false, for: message)
        sendReply(answer)
    }
}

/// Thrown when a handler has left its answer for later.
private struct Deferred: Error {}
