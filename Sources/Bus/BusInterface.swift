// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An interface as service and client share it: its members are enums, so a name that is not in it does not compile.
///
///     enum Counter: BusInterface {
///         static let name = "org.example.Counter"
///         enum Property: String, BusProperty {
///             case count = "Count"
///             var type: Signature { "u" }
///         }
///     }
///
/// The introspection XML is made from it.
public protocol BusInterface: SendableMetatype {
    associatedtype Method: BusMethod = NoMember
    associatedtype Signal: BusSignal = NoMember
    associatedtype Property: BusProperty = NoMember

    static var name: String { get }
    /// Names of C++ types for signatures that QtDBus has no type for. Introspection has them as annotations, which qdbusxml2cpp demands.
    static var qtTypes: [String: String] { get }
}

extension BusInterface {
    public static var qtTypes: [String: String] { [:] }
}

/// The members of one kind: the raw value is the name on the bus.
public protocol BusMember: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

public protocol BusMethod: BusMember {
    var arguments: Arguments { get }
    var results: Arguments { get }
}

public protocol BusSignal: BusMember {
    var arguments: Arguments { get }
}

/// Properties that can be read, and whose changes are signalled with the new value.
public protocol BusProperty: BusMember {
    /// One complete type.
    var type: Signature { get }
    /// Whether it stays as it is while its object stands. Introspection says so, and a client may keep the value. False unless said.
    var isConstant: Bool { get }
}

extension BusProperty {
    public var isConstant: Bool { false }
}

/// Named, typed arguments in their order, such as `["certificate": "s", "until": "x"]`: each has one complete type.
public struct Arguments: Sendable, ExpressibleByDictionaryLiteral {
    let list: [(name: String, type: Signature)]

    public init(dictionaryLiteral elements: (String, Signature)...) {
        list = elements
    }

    /// The signature of the arguments together.
    public var signature: Signature {
        Signature(checked: list.map(\.type.text).joined())
    }
}

/// The members of a kind that an interface has none of.
public enum NoMember: BusMethod, BusSignal, BusProperty {
    public init?(rawValue: String) { nil }

    public static var allCases: [NoMember] { [] }
    public var rawValue: String { switch self {} }
    public var arguments: Arguments { switch self {} }
    public var results: Arguments { switch self {} }
    public var type: Signature { switch self {} }
}
