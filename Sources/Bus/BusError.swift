// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

/// An error as it travels on the bus: a name that programs act on, a text for people, and what else programs may need.
public struct BusError: Error, Equatable, Hashable, Sendable, CustomStringConvertible {
    /// The full name, for example `org.freedesktop.DBus.Error.UnknownMethod`.
    public let name: String
    public let message: String
    /// Narrows the error down for programs: the answer's second text; "" where it has none.
    public let detail: String

    /// A name that is no valid error name would make libdbus abort when sent, so it becomes `…DBus.Error.Failed`.
    public init(name: String, message: String, detail: String = "") {
        self.name = dbus_validate_error_name(name, nil) != 0 ? name : Self.failed
        self.message = message
        self.detail = detail
    }

    /// Equal by name: the text is not for programs.
    public static func == (left: BusError, right: BusError) -> Bool {
        left.name == right.name
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }

    public var description: String { "\(name): \(message)" }
}

extension BusError {
    // Names of the D-Bus specification and of libdbus' protocol header.
    public static let failed = "org.freedesktop.DBus.Error.Failed"
    public static let noMemory = "org.freedesktop.DBus.Error.NoMemory"
    public static let serviceUnknown = "org.freedesktop.DBus.Error.ServiceUnknown"
    public static let nameHasNoOwner = "org.freedesktop.DBus.Error.NameHasNoOwner"
    public static let noReply = "org.freedesktop.DBus.Error.NoReply"
    public static let noServer = "org.freedesktop.DBus.Error.NoServer"
    public static let disconnected = "org.freedesktop.DBus.Error.Disconnected"
    public static let limitsExceeded = "org.freedesktop.DBus.Error.LimitsExceeded"
    public static let invalidArgs = "org.freedesktop.DBus.Error.InvalidArgs"
    public static let unknownMethod = "org.freedesktop.DBus.Error.UnknownMethod"
    public static let unknownObject = "org.freedesktop.DBus.Error.UnknownObject"
    public static let unknownInterface = "org.freedesktop.DBus.Error.UnknownInterface"
    public static let unknownProperty = "org.freedesktop.DBus.Error.UnknownProperty"
    public static let propertyReadOnly = "org.freedesktop.DBus.Error.PropertyReadOnly"

    static func failed(_ message: String) -> BusError { BusError(name: failed, message: message) }
    static func invalidArgs(_ message: String) -> BusError { BusError(name: invalidArgs, message: message) }
    static func limitsExceeded(_ message: String) -> BusError { BusError(name: limitsExceeded, message: message) }
    static let notConnected = BusError(name: disconnected, message: "not connected to the bus")
    static let outOfMemory = BusError(name: noMemory, message: "out of memory")

    /// Runs a libdbus function that reports through a `DBusError`, and throws what it reported.
    static func check<Result>(
        _ body: (UnsafeMutablePointer<DBusError>) -> Result
    ) throws(BusError) -> Result {
        var error = DBusError()
        dbus_error_init(&error)
        let result = body(&error)
        guard dbus_error_is_set(&error) == 0 else {
            let thrown = BusError(
                name: error.name.map { String(cString: $0) } ?? failed,
                message: error.message.map { String(cString: $0) } ?? "")
            dbus_error_free(&error)
            throw thrown
        }
        return result
    }
}
