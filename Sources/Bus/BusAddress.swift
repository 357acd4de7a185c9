// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// The bus to connect to.
public enum BusAddress: Sendable, Hashable {
    /// The person's session: `DBUS_SESSION_BUS_ADDRESS`, else `$XDG_RUNTIME_DIR/bus`. No bus is launched.
    case session
    /// The machine: `DBUS_SYSTEM_BUS_ADDRESS`, else its fixed socket.
    case system
    /// An address in the syntax of the D-Bus specification, for example `unix:path=/run/user/1000/bus`.
    case address(String)

    /// Throws `NoServer` if the environment names no session bus.
    func resolved() throws(BusError) -> String {
        switch self {
        case .address(let address): return address
        case .system: return Self.environment("DBUS_SYSTEM_BUS_ADDRESS") ?? "unix:path=/var/run/dbus/system_bus_socket"
        case .session:
            if let address = Self.environment("DBUS_SESSION_BUS_ADDRESS") { return address }
            guard let folder = Self.environment("XDG_RUNTIME_DIR") else {
                throw BusError(
                    name: BusError.noServer, message: "neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set")
            }
            return "unix:path=" + Self.escaped("\(folder)/bus")
        }
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// Values in addresses write all but a few letters as `%xx`.
    private static func escaped(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"),
                UInt8(ascii: "."), UInt8(ascii: "*"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + Hexadecimal.text([byte])
            }
        }
        return text
    }
}
