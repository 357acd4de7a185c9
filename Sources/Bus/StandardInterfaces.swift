// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The interfaces of the D-Bus specification, which a ``Connection`` answers for every object.

/// `org.freedesktop.DBus.Properties`.
public enum PropertiesInterface: BusInterface {
    public static let name = "org.freedesktop.DBus.Properties"

    public enum Method: String, BusMethod {
        case get = "Get"
        case getAll = "GetAll"
        case set = "Set"

        public var arguments: Arguments {
            switch self {
            case .get: ["interface_name": "s", "property_name": "s"]
            case .getAll: ["interface_name": "s"]
            case .set: ["interface_name": "s", "property_name": "s", "value": "v"]
            }
        }

        public var results: Arguments {
            switch self {
            case .get: ["value": "v"]
            case .getAll: ["props": "a{sv}"]
            case .set: [:]
            }
        }
    }

    public enum Signal: String, BusSignal {
        case propertiesChanged = "PropertiesChanged"

        public var arguments: Arguments {
            ["interface_name": "s", "changed_properties": "a{sv}", "invalidated_properties": "as"]
        }
    }
}

/// `org.freedesktop.DBus.ObjectManager`, of an object that was exported as one.
public enum ObjectManagerInterface: BusInterface {
    public static let name = "org.freedesktop.DBus.ObjectManager"

    public enum Method: String, BusMethod {
        case getManagedObjects = "GetManagedObjects"

        public var arguments: Arguments { [:] }
        public var results: Arguments { ["object_paths_interfaces_and_properties": "a{oa{sa{sv}}}"] }
    }

    public enum Signal: String, BusSignal {
        case interfacesAdded = "InterfacesAdded"
        case interfacesRemoved = "InterfacesRemoved"

        public var arguments: Arguments {
            switch self {
            case .interfacesAdded: ["object_path": "o", "interfaces_and_properties": "a{sa{sv}}"]
            case .interfacesRemoved: ["object_path": "o", "interfaces": "as"]
            }
        }
    }
}

enum IntrospectableInterface: BusInterface {
    static let name = "org.freedesktop.DBus.Introspectable"

    enum Method: String, BusMethod {
        case introspect = "Introspect"

        var arguments: Arguments { [:] }
        var results: Arguments { ["xml_data": "s"] }
    }
}

/// About the process and not about an object: by the specification every path has it.
enum PeerInterface: BusInterface {
    static let name = "org.freedesktop.DBus.Peer"

    enum Method: String, BusMethod {
        case ping = "Ping"
        case getMachineId = "GetMachineId"

        var arguments: Arguments { [:] }

        var results: Arguments {
            switch self {
            case .ping: [:]
            case .getMachineId: ["machine_uuid": "s"]
            }
        }
    }
}
