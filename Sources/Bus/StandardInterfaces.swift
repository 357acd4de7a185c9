// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The interfaces of the D-Bus specification, which ``Connection`` answers for every object.
enum StandardInterfaces {
    static let propertiesName = "org.freedesktop.DBus.Properties"
    static let objectManagerName = "org.freedesktop.DBus.ObjectManager"

    static let introspectable = InterfaceDescription(
        "org.freedesktop.DBus.Introspectable",
        methods: [.init("Introspect", out: [.init("xml_data", "s")])])

    static let peer = InterfaceDescription(
        "org.freedesktop.DBus.Peer",
        methods: [.init("Ping"), .init("GetMachineId", out: [.init("machine_uuid", "s")])])

    static let propertiesChanged = InterfaceDescription.Signal(
        "PropertiesChanged",
        [
            .init("interface_name", "s"), .init("changed_properties", "a{sv}"), .init("invalidated_properties", "as"),
        ])

    static let properties = InterfaceDescription(
        propertiesName,
        methods: [
            .init("Get", in: [.init("interface_name", "s"), .init("property_name", "s")], out: [.init("value", "v")]),
            .init("GetAll", in: [.init("interface_name", "s")], out: [.init("props", "a{sv}")]),
            .init(
                "Set", in: [.init("interface_name", "s"), .init("property_name", "s"), .init("value", "v")]),
        ],
        signals: [propertiesChanged])

    static let interfacesAdded = InterfaceDescription.Signal(
        "InterfacesAdded", [.init("object_path", "o"), .init("interfaces_and_properties", "a{sa{sv}}")])

    static let interfacesRemoved = InterfaceDescription.Signal(
        "InterfacesRemoved", [.init("object_path", "o"), .init("interfaces", "as")])

    static let objectManager = InterfaceDescription(
        objectManagerName,
        methods: [
            .init("GetManagedObjects", out: [.init("object_paths_interfaces_and_properties", "a{oa{sa{sv}}}")])
        ],
        signals: [interfacesAdded, interfacesRemoved])
}

extension ExportedObject {
    /// The own interfaces, then the standard ones.
    var descriptions: [InterfaceDescription] {
        interfaces.map(\.description) + [
            StandardInterfaces.introspectable, StandardInterfaces.peer, StandardInterfaces.properties,
        ] + (isObjectManager ? [StandardInterfaces.objectManager] : [])
    }

    /// Appends `a{sa{sv}}`: the own interfaces with their properties' values.
    func appendInterfaces(to writer: inout MessageWriter) {
        writer.array { interfaces in
            for interface in self.interfaces {
                interfaces.dictionaryEntry { entry in
                    entry.string(interface.name.text)
                    interface.appendProperties(to: &entry)
                }
            }
        }
    }
}

extension InterfaceTable {
    /// Appends `a{sv}`: all properties' values.
    func appendProperties(to writer: inout MessageWriter) {
        writer.array { entries in
            for property in properties { property.appendEntry(to: &entries) }
        }
    }
}

extension InterfaceTable.PropertyEntry {
    /// Appends `{sv}`: name and value.
    func appendEntry(to writer: inout MessageWriter) {
        writer.dictionaryEntry { entry in
            entry.string(name.text)
            appendVariant(to: &entry)
        }
    }

    func appendVariant(to writer: inout MessageWriter) {
        writer.variant(cString: type.start) { getter(&$0) }
    }
}
