// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus
internal import EventLoops

/// Signals out.
extension BusCore {
    /// Sends a signal with the types that its interface says; with a fault in it, throws and sends nothing.
    func emit<I: BusInterface>(
        _ signal: I.Signal, of interface: I.Type, from path: ObjectPath, to destination: String?,
        _ body: (inout MessageWriter) throws -> Void
    ) throws {
        guard connection != nil else { throw BusError.notConnected }
        guard dbus_validate_interface(I.name, nil) != 0, dbus_validate_member(signal.rawValue, nil) != 0,
            destination.map({ dbus_validate_bus_name($0, nil) != 0 }) ?? true
        else { throw BusError.invalidArgs("not a signal's name: \(I.name).\(signal.rawValue)") }
        guard let message = dbus_message_new_signal(path.text, I.name, signal.rawValue) else {
            throw BusError.outOfMemory
        }
        do {
            if let destination, dbus_message_set_destination(message, destination) == 0 { throw BusError.outOfMemory }
            try signal.arguments.signature.text.withCString { start in
                var writer = MessageWriter(message, signature: start)
                try body(&writer)
                try writer.finish()
                calls.charge(writer.size + CallQueue.Limit.envelope, isSignal: true)
            }
        } catch {
            dbus_message_unref(message)
            throw error
        }
        sendSignal(message)
    }

    /// The standard signals: a fault in one is a fault in a getter, and every reader of the property gets it as an error.
    private func emitStandard<I: BusInterface>(
        _ signal: I.Signal, of interface: I.Type, from path: ObjectPath, _ body: (inout MessageWriter) -> Void
    ) {
        try? emit(signal, of: interface, from: path, to: nil, body)
    }

    // MARK: - Objects

    func export(_ object: ExportedObject) {
        objects.insert(object)
        for manager in managers(of: object) {
            emitStandard(.interfacesAdded, of: ObjectManagerInterface.self, from: manager) {
                $0.objectPath(object.objectPath)
                object.appendInterfaces(to: &$0)
            }
        }
    }

    func unexport(_ object: ExportedObject) {
        flushChanges(of: object)
        objects.remove(object)
        for manager in managers(of: object) {
            emitStandard(.interfacesRemoved, of: ObjectManagerInterface.self, from: manager) {
                $0.objectPath(object.objectPath)
                $0.strings(object.interfaces.map(\.table.name.text))
            }
        }
    }

    private func managers(of object: ExportedObject) -> [ObjectPath] {
        objects.objects.filter { $0.isObjectManager && object.objectPath.isBelow($0.objectPath) }.map(\.objectPath)
    }

    // MARK: - Properties

    /// Notes a change. All changes of one turn of the loop go out together, with the values of that time.
    func changed(
        _ properties: [InterfaceTable.PropertyEntry], of interface: ExportedInterface, _ object: ExportedObject
    ) {
        if changedObjects.isEmpty { loop.post { self.flushChangesInTime() } }
        // The signal goes out later, and then the call that led to it is no longer known.
        calls.charge(CallQueue.Limit.envelope + 64 * properties.count, isSignal: true)
        if !changedObjects.contains(where: { $0 === object }) { changedObjects.append(object) }
        if let index = object.changed.firstIndex(where: { $0.interface === interface }) {
            for property in properties
            where !object.changed[index].properties.contains(where: { $0.index == property.index }) {
                object.changed[index].properties.append(property)
            }
        } else {
            object.changed.append((interface, properties))
        }
    }

    /// While the bus accepts nothing, changes wait: at last each object emits one signal with the values of that time.
    private func flushChangesInTime() {
        guard connection == nil || !calls.isClogged else {
            loop.timer(after: .milliseconds(50)) { self.flushChangesInTime() }
            return
        }
        flushChanges()
    }

    func flushChanges() {
        let objects = changedObjects
        for object in objects { flushChanges(of: object) }
    }

    func flushChanges(of object: ExportedObject) {
        let changed = object.changed
        object.changed = []
        changedObjects.removeAll { $0 === object }
        for (interface, properties) in changed {
            emitStandard(.propertiesChanged, of: PropertiesInterface.self, from: object.objectPath) {
                $0.string(interface.table.name.text)
                interface.append(properties, to: &$0)
                $0.strings([])
            }
        }
    }
}
