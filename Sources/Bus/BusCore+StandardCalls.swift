// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import Glibc

/// Answering the calls of the D-Bus specification's own interfaces, and those that nobody answers.
extension BusCore {
    /// A call to an object of ours whose own interfaces do not have the method.
    func answerStandard(
        _ message: OpaquePointer, _ object: ExportedObject, _ interface: UnsafePointer<CChar>?,
        _ member: UnsafePointer<CChar>
    ) {
        let interface = interface.map { String(cString: $0) }
        let member = String(cString: member)
        for description in object.descriptions where interface == nil || interface == description.name {
            guard let method = description.methods.first(where: { $0.name == member }) else { continue }
            let expected = method.arguments.signature.text
            guard dbus_message_has_signature(message, expected) != 0 else {
                return reply(to: message, wrongSignature(message, expected))
            }
            return method.results.signature.text.withCString { results in
                reply(to: message, signature: results) { writer in
                    var arguments = MessageReader(message)
                    try self.runStandard(object, description.name, member, &arguments, &writer)
                }
            }
        }
        if let interface, !object.descriptions.contains(where: { $0.name == interface }) {
            reply(to: message, BusError(name: BusError.unknownInterface, message: "no interface \(interface) here"))
        } else {
            reply(to: message, BusError(name: BusError.unknownMethod, message: "no method \(member) here"))
        }
    }

    private func runStandard(
        _ object: ExportedObject, _ interface: String, _ member: String, _ arguments: inout MessageReader,
        _ reply: inout MessageWriter
    ) throws {
        switch member {
        case "Introspect":
            let children = objects.childNames(of: object.objectPath)
            reply.string(Introspection.document(object.descriptions, children: children))
        case "Get":
            let property = try property(of: object, try arguments.string(), try arguments.string())
            property.appendVariant(to: &reply)
        case "GetAll":
            try appendAllProperties(of: object, try arguments.string(), to: &reply)
        case "Set":
            let property = try property(of: object, try arguments.string(), try arguments.string())
            throw BusError(name: BusError.propertyReadOnly, message: "\(property.name.text) can only be read")
        case "GetManagedObjects":
            reply.array { entries in
                for managed in self.objects.objects where managed.objectPath.isBelow(object.objectPath) {
                    entries.dictionaryEntry { entry in
                        entry.objectPath(managed.objectPath)
                        managed.appendInterfaces(to: &entry)
                    }
                }
            }
        case "Ping": break
        case "GetMachineId": reply.string(try BusError.machineID())
        default:
            throw BusError(name: BusError.unknownMethod, message: "no method \(member) here")
        }
    }

    /// By the specification, an empty interface name stands for any.
    private func property(
        of object: ExportedObject, _ interface: String, _ name: String
    ) throws -> InterfaceTable.PropertyEntry {
        try checkInterface(interface, of: object)
        for table in object.interfaces where interface.isEmpty || table.name.text == interface {
            if let property = table.property(name) { return property }
        }
        throw BusError(name: BusError.unknownProperty, message: "no property \(name) here")
    }

    private func appendAllProperties(
        of object: ExportedObject, _ interface: String, to reply: inout MessageWriter
    ) throws {
        try checkInterface(interface, of: object)
        reply.array { entries in
            for table in object.interfaces where interface.isEmpty || table.name.text == interface {
                for property in table.properties { property.appendEntry(to: &entries) }
            }
        }
    }

    private func checkInterface(_ name: String, of object: ExportedObject) throws {
        guard name.isEmpty || object.descriptions.contains(where: { $0.name == name }) else {
            throw BusError(name: BusError.unknownInterface, message: "no interface \(name) here")
        }
    }

    /// org.freedesktop.DBus.Peer, which is about the process and not about an object.
    func answerPeer(_ message: OpaquePointer, _ member: UnsafePointer<CChar>) {
        let name = String(cString: member)
        guard let method = StandardInterfaces.peer.methods.first(where: { $0.name == name }) else {
            return reply(to: message, BusError(name: BusError.unknownMethod, message: "no method \(name) here"))
        }
        guard dbus_message_has_signature(message, "") != 0 else {
            return reply(to: message, wrongSignature(message, ""))
        }
        method.results.signature.text.withCString { results in
            reply(to: message, signature: results) { writer in
                if name == "GetMachineId" { writer.string(try BusError.machineID()) }
            }
        }
    }

    /// A call to a path where nothing is exported: perhaps it leads to objects, and `busctl tree` asks its way down.
    func answerUnexported(
        _ message: OpaquePointer, _ path: ObjectPath, _ interface: UnsafePointer<CChar>?, _ member: UnsafePointer<CChar>
    ) {
        let children = objects.childNames(of: path)
        guard path.text == "/" || !children.isEmpty else {
            return reply(to: message, BusError(name: BusError.unknownObject, message: "no object \(path) here"))
        }
        let introspectable = StandardInterfaces.introspectable
        if let interface, strcmp(interface, introspectable.name) != 0 {
            let name = String(cString: interface)
            return reply(to: message, BusError(name: BusError.unknownInterface, message: "no interface \(name) here"))
        }
        guard strcmp(member, "Introspect") == 0 else {
            let name = String(cString: member)
            return reply(to: message, BusError(name: BusError.unknownMethod, message: "no method \(name) here"))
        }
        guard dbus_message_has_signature(message, "") != 0 else {
            return reply(to: message, wrongSignature(message, ""))
        }
        reply(to: message, signature: StandardCalls.introspectResult.start) { writer in
            writer.string(Introspection.document([introspectable, StandardInterfaces.peer], children: children))
        }
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

private enum StandardCalls {
    static let introspectResult = CString("s")
}
