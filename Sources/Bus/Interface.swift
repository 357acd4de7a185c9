// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The handlers of one interface of one object. Each is a `switch` over the interface's members, so one that is missing does
/// not compile.
///
///     Interface(Counter.self) { property, value in
///         switch property {
///         case .count: value.uint32(count)
///         }
///     }
public struct Interface: Sendable {
    typealias MethodHandler = @Sendable (Int, inout MethodCall, inout MessageWriter) throws -> Void
    typealias PropertyGetter = @Sendable (Int, inout MessageWriter) -> Void

    let type: any BusInterface.Type
    /// Both get the member's place among all of its kind.
    let handler: MethodHandler
    let getter: PropertyGetter

    /// Handlers are called on the connection's loop. They must not block: while one runs, the whole bus waits.
    ///
    /// - Parameters:
    ///   - interface: the description.
    ///   - methods: reads `call.arguments`, whose signature has been found right, and appends the results to `reply`; or throws the
    ///     ``BusError`` to answer instead. Any other error is answered as `…DBus.Error.Failed` without its text.
    ///   - properties: appends a property's present value.
    public init<I: BusInterface>(
        _ interface: I.Type,
        methods: @escaping @Sendable (I.Method, _ call: inout MethodCall, _ reply: inout MessageWriter) throws -> Void,
        properties: @escaping @Sendable (I.Property, _ value: inout MessageWriter) -> Void
    ) {
        let (allMethods, allProperties) = (Array(I.Method.allCases), Array(I.Property.allCases))
        type = interface
        handler = { try methods(allMethods[$0], &$1, &$2) }
        getter = { properties(allProperties[$0], &$1) }
    }

    /// An interface of properties alone.
    public init<I: BusInterface>(
        _ interface: I.Type, properties: @escaping @Sendable (I.Property, _ value: inout MessageWriter) -> Void
    ) where I.Method == NoMember {
        self.init(interface, methods: { _, _, _ in }, properties: properties)
    }

    /// An interface of methods alone.
    public init<I: BusInterface>(
        _ interface: I.Type,
        methods: @escaping @Sendable (I.Method, _ call: inout MethodCall, _ reply: inout MessageWriter) throws -> Void
    ) where I.Property == NoMember {
        self.init(interface, methods: methods, properties: { _, _ in })
    }
}
