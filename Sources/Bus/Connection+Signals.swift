// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

extension Connection {
    /// Calls `handler` on the loop for each signal that fits, until the subscription is cancelled. For the loop's thread.
    ///
    /// It misses signals that are sent before the bus has noted the match, or before the owner of a well-known sender is known. Use
    /// ``signals(_:)``, which waits for both, where a call made next leads to the signal.
    public nonisolated func subscribe(
        _ match: SignalMatch, handler: @escaping @Sendable (Signal) -> Void
    ) -> Subscription {
        loop.checkIsolated()
        let subscription = Subscription(core, match, handler: handler)
        core.add(subscription)
        return subscription
    }

    /// The signals that fit, for one reader; the subscription ends with the stream.
    ///
    /// From the return on nothing is missed, up to 1024 that nobody has read yet (then the oldest go). The stream finishes when the
    /// connection closes.
    public func signals(_ match: SignalMatch) async throws -> AsyncStream<Signal> {
        let (stream, continuation) = AsyncStream<Signal>.makeStream(bufferingPolicy: .bufferingNewest(1024))
        let subscription = Subscription(
            core, match, onEnd: { continuation.finish() }, handler: { continuation.yield($0) })
        continuation.onTermination = { _ in subscription.cancel() }
        do {
            _ = try await withCheckedThrowingContinuation { waiting in
                core.add(subscription) { waiting.resume(with: $0.mapError { $0 as any Error }) }
            }
        } catch {
            subscription.cancel()
            throw error
        }
        return stream
    }

    /// The bus' own id: another one after the bus was started anew. Throws what the bus says.
    public func id() async throws -> String { try await callBus("GetId").first?.string ?? "" }

    func callBus(_ member: String, _ arguments: [Value] = []) async throws -> [Value] {
        try await call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", member, arguments)
    }
}
