// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EventLoops

// A connection to a message bus in thirty lines.
//
//     let loop = try EventLoop(name: "bus")
//     let bus = Connection(on: loop)
//     try loop.start()                                   // or loop.run() at the end of main
//     try await bus.open(.session)
//
// A service: describe the interface by enums, give it handlers, export the object, then own the name. Handlers run on the loop,
// synchronously; an actor that lives on the same loop is entered by assumeIsolated.
//
//     enum Counter: BusInterface {
//         static let name = "org.example.Counter"
//         enum Method: String, BusMethod {
//             case add = "Add"
//             var arguments: Arguments { ["amount": "i"] }
//             var results: Arguments { ["sum": "x"] }
//         }
//         enum Property: String, BusProperty {
//             case sum = "Sum"
//             var type: Signature { "x" }
//         }
//     }
//     try await bus.perform { bus in
//         let counter = Interface(
//             Counter.self,
//             methods: { method, call, reply in
//                 switch method {
//                 case .add:
//                     let amount = try call.arguments.int32()
//                     guard amount > 0 else { throw BusError(name: "org.example.Error.Amount", message: "not positive") }
//                     reply.int64(model.assumeIsolated { $0.add(amount) })
//                     bus.propertiesChanged([.sum], of: Counter.self, at: "/org/example/Counter")
//                 }
//             },
//             properties: { property, value in
//                 switch property {
//                 case .sum: value.int64(model.assumeIsolated { $0.sum })
//                 }
//             })
//         try bus.export(at: "/org/example/Counter", [counter])
//     }
//     guard case .acquired = try await bus.requestName("org.example.Counter") else { … }
//     for await event in bus.events { … }                // .disconnected, .nameLost
//
// A client:
//
//     let values = try await bus.call("org.example.Counter", "/org/example/Counter", Counter.self, .add, [.int32(3)])
//     let properties = try await bus.properties(of: Counter.self, at: "/org/example/Counter", from: "org.example.Counter")
//     let sum = properties[.sum]?.int64

/// An event that ends a service.
public enum ConnectionEvent: Sendable, Equatable {
    /// The bus has closed the connection, or is gone. All waiting calls have ended with `…DBus.Error.Disconnected`.
    case disconnected
    /// The bus has taken a name from us, or given it back at our wish.
    case nameLost(String)
}

/// A private connection to a message bus, whose work is all done on one `EventLoop`.
///
/// Methods that are `async` may be called from anywhere. Those that are not are for the loop's thread, which they check: for
/// handlers, for actors that live on the same loop, and for the closure of ``perform(_:)``.
/// (libdbus sets SIGPIPE to ignored in the process when it first connects; children inherit that.)
public actor Connection {
    public nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// The events that end a service, for one reader; finished when the connection is closed.
    public nonisolated let events: AsyncStream<ConnectionEvent>
    private let continuation: AsyncStream<ConnectionEvent>.Continuation
    nonisolated let core: BusCore

    /// Makes a connection that is not open yet.
    ///
    /// - Parameters:
    ///   - loop: where it lives.
    ///   - spareDescriptors: how many descriptors are kept, so that a message that brings some can be answered also when the
    ///     process has no other left.
    public init(on loop: EventLoop, spareDescriptors: Int = 0) {
        self.loop = loop
        core = BusCore(loop, spareDescriptors: spareDescriptors)
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16))
    }

    /// The number of spare descriptors that have made way for the message being handled, and will be taken back after it.
    /// For the loop's thread.
    public nonisolated var lentDescriptors: Int {
        loop.checkIsolated()
        return core.reserve.lent
    }

    // Not `isolated deinit`: in an optimised build, Swift 6.3.1 then refuses the targets that use this one ("circular reference").
    deinit {
        core.onLoop { [core] in core.close() }
        continuation.finish()
    }

    /// Connects and introduces itself to the bus; the loop stands still for that round trip.
    public func open(_ address: BusAddress) throws(BusError) {
        core.onEvent = { [continuation] event in
            continuation.yield(event)
            if event == .disconnected { continuation.finish() }
        }
        try core.open(address)
    }

    /// Sends what is still to be sent, ends all waiting calls with `…DBus.Error.Disconnected`, closes, and lets go of the exported
    /// objects with their handlers.
    public func close() {
        core.close()
        continuation.finish()
    }

    /// Runs `body` on the loop's thread, where the synchronous methods may be called.
    public func perform<Result: Sendable, Failure: Error>(
        _ body: @Sendable (Connection) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(self)
    }

    /// Our own unique name, such as `:1.42`; "" while not connected. For the loop's thread.
    public nonisolated var uniqueName: String {
        loop.checkIsolated()
        return core.connection == nil ? "" : core.uniqueName
    }
}
