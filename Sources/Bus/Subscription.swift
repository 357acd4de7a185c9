// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

/// An interest in signals or in a name's owner, until ``cancel()``; dropping this value does not end it.
public final class Subscription: Sendable {
    let match: SignalMatch
    private let core: BusCore
    // Unsafe: touched on the loop's thread only.
    nonisolated(unsafe) private var handler: (@Sendable (Signal) -> Void)?
    nonisolated(unsafe) private var onEnd: (@Sendable () -> Void)?

    init(
        _ core: BusCore, _ match: SignalMatch, onEnd: (@Sendable () -> Void)? = nil,
        handler: @escaping @Sendable (Signal) -> Void
    ) {
        self.core = core
        self.match = match
        self.handler = handler
        self.onEnd = onEnd
    }

    /// Ends the subscription: the handler is not called again. May be called from any thread.
    public func cancel() {
        core.onLoop { [self] in
            guard handler != nil else { return }
            core.remove(self)
            end()
        }
    }

    func deliver(_ signal: Signal) {
        handler?(signal)
    }

    /// Lets go of the handler, also because the connection has ended.
    func end() {
        handler = nil
        let onEnd = onEnd
        self.onEnd = nil
        onEnd?()
    }
}
