// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CDBus

/// A valid D-Bus object path, for example `/org/eonay/EOnay1`.
public struct ObjectPath: Hashable, Sendable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let text: String

    /// Throws `InvalidArgs` if the text is no object path.
    public init(_ text: String) throws(BusError) {
        guard !text.utf8.contains(0), dbus_validate_path(text, nil) != 0 else {
            throw .invalidArgs("not an object path: \(text.prefix(80))")
        }
        self.text = text
    }

    /// A literal in the program; one that is no path ends the program.
    public init(stringLiteral text: StaticString) {
        self.text = text.description
        precondition(dbus_validate_path(self.text, nil) != 0, "not an object path: \(text)")
    }

    /// One that libdbus has checked.
    init(checked text: String) {
        self.text = text
    }

    public var description: String { text }

    public static func < (left: ObjectPath, right: ObjectPath) -> Bool {
        left.text < right.text
    }

    /// Whether this path is below the other, at any depth.
    public func isBelow(_ other: ObjectPath) -> Bool {
        other.text == "/" ? text != "/" : text.hasPrefix(other.text + "/")
    }

    /// The path of a child; its name must be of letters, digits and "_".
    public func child(_ name: String) throws(BusError) -> ObjectPath {
        try ObjectPath(text == "/" ? "/\(name)" : "\(text)/\(name)")
    }
}
