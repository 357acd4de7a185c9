// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

extension Connection {
    /// Calls a method and waits for its answer.
    ///
    /// - Parameters:
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

    /// A property's present value.
    public func property(
        _ name: String, of interface: String, at path: ObjectPath, from destination: String,
        timeout: Duration? = .seconds(25)
    ) async throws -> Value {
        let values = try await call(
            destination, path, "org.freedesktop.DBus.Properties", "Get", [.string(interface), .string(name)],
            timeout: timeout)
        guard case .variant(let value)? = values.first else { throw BusError.invalidArgs("the answer is no variant") }
        return value
    }

    /// All properties of an interface with their present values.
    public func properties(
        of interface: String, at path: ObjectPath, from destination: String, timeout: Duration? = .seconds(25)
    ) async throws -> [String: Value] {
        let values = try await call(
            destination, path, "org.freedesktop.DBus.Properties", "GetAll", [.string(interface)], timeout: timeout)
        var properties: [String: Value] = [:]
        for entry in values.first?.entries ?? [] {
            if let name = entry.key.string { properties[name] = entry.value.unwrapped }
        }
        return properties
    }
}

/// One call that a task waits for.
private final class CallWaiter: Sendable {
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) var token: UInt64?
    nonisolated(unsafe) var isCancelled = false
}
