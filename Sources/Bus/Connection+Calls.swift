// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

extension Connection {
    /// Calls a method and waits for its answer.
    ///
    /// - Parameters:
    ///   - destination: the name of who is called.
    ///   - path: the object.
    ///   - interface: the method's interface.
    ///   - member: the method.
    ///   - arguments: its arguments, of the types that it takes.
    ///   - timeout: how long to wait, then `…DBus.Error.NoReply`; nil: for ever.
    ///   - startsService: whether the bus may start a service that owns the destination.
    /// - Returns: the answer's values.
    /// - Throws: the ``BusError`` that was answered; `CancellationError` when the task is cancelled (the call has been sent all the
    ///   same); `…DBus.Error.Disconnected`; `InvalidArgs` for a name that is none; `LimitsExceeded` if 256 calls are waiting.
    public func call(
        _ destination: String, _ path: ObjectPath, _ interface: String, _ member: String, _ arguments: [Value] = [],
        timeout: Duration? = .seconds(25), startsService: Bool = true
    ) async throws -> [Value] {
        let call = OutgoingCall(
            destination: destination, path: path, interface: interface, member: member, arguments: arguments,
            timeout: timeout, startsService: startsService)
        try Task.checkCancellation()
        let waiter = CallWaiter()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                do {
                    waiter.token = try core.call(call) { result in
                        continuation.resume(
                            with: result.mapError { waiter.isCancelled ? CancellationError() as any Error : $0 })
                    }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: { [core] in
            // The body above runs on the loop and suspends only once the call is registered, so this comes after it.
            core.loop.post {
                waiter.isCancelled = true
                if let token = waiter.token { core.giveUp(token, .notConnected) }
            }
        }
    }

    /// Calls a method of a described interface; otherwise as above.
    public func call<I: BusInterface>(
        _ destination: String, _ path: ObjectPath, _ interface: I.Type, _ method: I.Method, _ arguments: [Value] = [],
        timeout: Duration? = .seconds(25), startsService: Bool = true
    ) async throws -> [Value] {
        try await call(
            destination, path, I.name, method.rawValue, arguments, timeout: timeout, startsService: startsService)
    }

    /// A property's present value, of an interface that is described nowhere here.
    public func property(
        _ name: String, of interface: String, at path: ObjectPath, from destination: String,
        timeout: Duration? = .seconds(25)
    ) async throws -> Value {
        let values = try await call(
            destination, path, PropertiesInterface.self, .get, [.string(interface), .string(name)], timeout: timeout)
        guard case .variant(let value)? = values.first else { throw BusError.invalidArgs("the answer is no variant") }
        return value
    }

    /// All properties of an interface with their present values.
    public func properties<I: BusInterface>(
        of interface: I.Type, at path: ObjectPath, from destination: String, timeout: Duration? = .seconds(25),
        startsService: Bool = true
    ) async throws -> PropertyValues<I> {
        let values = try await call(
            destination, path, PropertiesInterface.self, .getAll, [.string(I.name)], timeout: timeout,
            startsService: startsService)
        return PropertyValues(values.first)
    }
}

/// One call that a task waits for.
private final class CallWaiter: Sendable {
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) var token: UInt64?
    nonisolated(unsafe) var isCancelled = false
}
