// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What an interface looks like from outside: its members and their types, without any behaviour.
///
/// Service and client share it; the introspection XML is made from it.
public struct InterfaceDescription: Sendable, Equatable {
    public let name: String
    public let methods: [Method]
    public let signals: [Signal]
    public let properties: [Property]

    public init(_ name: String, methods: [Method] = [], signals: [Signal] = [], properties: [Property] = []) {
        self.name = name
        self.methods = methods
        self.signals = signals
        self.properties = properties
    }

    /// A named, typed argument: one complete type.
    public struct Argument: Sendable, Equatable {
        public let name: String
        public let type: Signature

        public init(_ name: String, _ type: Signature) {
            self.name = name
            self.type = type
        }
    }

    public struct Method: Sendable, Equatable {
        public let name: String
        public let arguments: [Argument]
        public let results: [Argument]

        public init(_ name: String, in arguments: [Argument] = [], out results: [Argument] = []) {
            self.name = name
            self.arguments = arguments
            self.results = results
        }
    }

    public struct Signal: Sendable, Equatable {
        public let name: String
        public let arguments: [Argument]

        public init(_ name: String, _ arguments: [Argument] = []) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// A property that can be read, and whose changes are told with the new value.
    public struct Property: Sendable, Equatable {
        public let name: String
        public let type: Signature

        public init(_ name: String, _ type: Signature) {
            self.name = name
            self.type = type
        }
    }
}

extension [InterfaceDescription.Argument] {
    /// The signature of the arguments together.
    public var signature: Signature {
        Signature(checked: map(\.type.text).joined())
    }
}
