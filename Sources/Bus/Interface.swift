// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Answers one method: reads `call.arguments`, appends the results to `reply`, or throws the ``BusError`` to answer instead.
///
/// Called on the connection's loop, once the arguments' signature has been found right. It must not block: while it runs, the whole
/// bus waits. Any other error than ``BusError`` is answered as `…DBus.Error.Failed` without its text.
public typealias MethodHandler = @Sendable (_ call: inout MethodCall, _ reply: inout MessageWriter) throws -> Void

/// Appends a property's present value. Called on the connection's loop.
public typealias PropertyGetter = @Sendable (_ value: inout MessageWriter) -> Void

/// An interface of one object: its description, with what answers each method and property.
///
///     Interface(description)
///         .method("Status") { _, reply in reply.array { … } }
///         .property("Version") { $0.string("1.0") }
public struct Interface: Sendable {
    public let description: InterfaceDescription
    private(set) var methods: [String: MethodHandler] = [:]
    private(set) var properties: [String: PropertyGetter] = [:]

    public init(_ description: InterfaceDescription) {
        self.description = description
    }

    /// Gives a method its handler. A name that is not in the description ends the program.
    public consuming func method(_ name: String, _ handler: @escaping MethodHandler) -> Interface {
        precondition(description.methods.contains { $0.name == name }, "\(description.name) has no method \(name)")
        methods[name] = handler
        return self
    }

    /// Gives a property its getter. A name that is not in the description ends the program.
    public consuming func property(_ name: String, _ getter: @escaping PropertyGetter) -> Interface {
        precondition(description.properties.contains { $0.name == name }, "\(description.name) has no property \(name)")
        properties[name] = getter
        return self
    }
}
