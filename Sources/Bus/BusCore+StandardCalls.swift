// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

/// A call that no interface of ours has answered.
struct StandardCall {
    let message: OpaquePointer
    /// nil where the caller names none.
    let interface: String?
    let member: String

    init(_ message: OpaquePointer, _ interface: UnsafePointer<CChar>?, _ member: UnsafePointer<CChar>) {
        self.message = message
        self.interface = interface.map { String(cString: $0) }
        self.member = String(cString: member)
    }

    var unknownInterface: BusError {
        BusError(name: BusError.unknownInterface, message: "no interface \(interface ?? "") here")
    }

    var unknownMethod: BusError {
        BusError(name: BusError.unknownMethod, message: "no method \(member) here")
    }
}

/// Answering the calls of the D-Bus specification's own interfaces, and those that nobody answers.
extension BusCore {
    /// A call to an object of ours whose own interfaces do not have the method.
    func answerStandard(_ call: StandardCall, _ object: ExportedObject) {
        let types = object.interfaceTypes
        let isAnswered =
            answer(call, PropertiesInterface.self) { try self.run($0, of: object, &$1, &$2) }
            || answer(call, IntrospectableInterface.self) { method, _, reply in
                switch method {
                case .introspect:
                    let children = self.objects.childNames(of: object.objectPath)
                    reply.string(Introspection.document(types, children: children))
                }
            }
            || object.isObjectManager
                && answer(call, ObjectManagerInterface.self) { method, _, reply in
                    switch method {
                    case .getManagedObjects: self.appendObjects(below: object.objectPath, to: &reply)
                    }
                }
            || answerPeer(call)
        guard !isAnswered else { return }
        let isKnown = call.interface == nil || types.contains { $0.name == call.interface }
        reply(to: call.message, isKnown ? call.unknownMethod : call.unknownInterface)
    }

    /// A call to a path where nothing is exported: perhaps it leads to objects, and `busctl tree` asks its way down.
    func answerUnexported(_ call: StandardCall, _ path: ObjectPath) {
        let children = objects.childNames(of: path)
        if answerPeer(call) { return }
        guard path.text == "/" || !children.isEmpty else {
            let error = BusError(name: BusError.unknownObject, message: "no object \(path) here")
            return reply(to: call.message, error)
        }
        let isAnswered = answer(call, IntrospectableInterface.self) { method, _, reply in
            switch method {
            case .introspect:
                let types: [any BusInterface.Type] = [IntrospectableInterface.self, PeerInterface.self]
                reply.string(Introspection.document(types, children: children))
            }
        }
        guard !isAnswered else { return }
        let isKnown = [nil, IntrospectableInterface.name, PeerInterface.name].contains(call.interface)
        reply(to: call.message, isKnown ? call.unknownMethod : call.unknownInterface)
    }

    private func answerPeer(_ call: StandardCall) -> Bool {
        answer(call, PeerInterface.self) { method, _, reply in
            switch method {
            case .ping: break
            case .getMachineId: reply.string(try BusError.machineID())
            }
        }
    }

    /// Answers the call if it is one of this interface.
    private func answer<I: BusInterface>(
        _ call: StandardCall, _ interface: I.Type,
        _ body: (I.Method, _ arguments: inout MessageReader, _ reply: inout MessageWriter) throws -> Void
    ) -> Bool {
        guard call.interface ?? I.name == I.name, let method = I.Method(rawValue: call.member) else { return false }
        let expected = method.arguments.signature.text
        guard dbus_message_has_signature(call.message, expected) != 0 else {
            reply(to: call.message, wrongSignature(call.message, expected))
            return true
        }
        method.results.signature.text.withCString { results in
            reply(to: call.message, signature: results) { writer in
                var arguments = MessageReader(call.message)
                try body(method, &arguments, &writer)
            }
        }
        return true
    }

    // MARK: - Properties and objects

    private func run(
        _ method: PropertiesInterface.Method, of object: ExportedObject, _ arguments: inout MessageReader,
        _ reply: inout MessageWriter
    ) throws {
        // By the specification, an empty interface name stands for any.
        let name = try arguments.string()
        guard name.isEmpty || object.interfaceTypes.contains(where: { $0.name == name }) else {
            throw BusError(name: BusError.unknownInterface, message: "no interface \(name) here")
        }
        let interfaces = object.interfaces.filter { name.isEmpty || $0.table.name.text == name }
        switch method {
        case .get:
            let (interface, property) = try Self.property(try arguments.string(), of: interfaces)
            interface.appendVariant(of: property, to: &reply)
        case .getAll:
            reply.array { entries in
                for interface in interfaces { interface.appendEntries(interface.table.properties, to: &entries) }
            }
        case .set:
            let (_, property) = try Self.property(try arguments.string(), of: interfaces)
            throw BusError(name: BusError.propertyReadOnly, message: "\(property.name.text) can only be read")
        }
    }

    private static func property(
        _ name: String, of interfaces: [ExportedInterface]
    ) throws(BusError) -> (ExportedInterface, InterfaceTable.PropertyEntry) {
        for interface in interfaces {
            if let property = interface.table.property(name) { return (interface, property) }
        }
        throw BusError(name: BusError.unknownProperty, message: "no property \(name) here")
    }

    private func appendObjects(below path: ObjectPath, to reply: inout MessageWriter) {
        reply.array { entries in
            for managed in objects.objects where managed.objectPath.isBelow(path) {
                entries.dictionaryEntry { entry in
                    entry.objectPath(managed.objectPath)
                    managed.appendInterfaces(to: &entry)
                }
            }
        }
    }
}

extension ExportedObject {
    /// The own interfaces, then the standard ones.
    fileprivate var interfaceTypes: [any BusInterface.Type] {
        let standard: [any BusInterface.Type] = [
            IntrospectableInterface.self, PeerInterface.self, PropertiesInterface.self,
        ]
        return interfaces.map(\.table.type) + standard + (isObjectManager ? [ObjectManagerInterface.self] : [])
    }
}

extension BusError {
    /// The machine's id as libdbus knows it.
    fileprivate static func machineID() throws(BusError) -> String {
        guard let id = try check({ dbus_try_get_local_machine_id($0) }) else { throw .outOfMemory }
        defer { dbus_free(id) }
        return String(cString: id)
    }
}
