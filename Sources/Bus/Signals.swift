// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import EventLoops

/// The signals that a subscription wants; nil parts match anything.
public struct SignalMatch: Sendable, Hashable {
    /// A unique name, or a well-known one, whose owner is then followed as it changes.
    public var sender: String?
    public var path: ObjectPath?
    /// This path and all below it.
    public var pathNamespace: ObjectPath?
    public var interface: String?
    public var member: String?
    /// The first argument, a text.
    public var firstArgument: String?

    public init(
        sender: String? = nil, path: ObjectPath? = nil, pathNamespace: ObjectPath? = nil, interface: String? = nil,
        member: String? = nil, firstArgument: String? = nil
    ) {
        self.sender = sender
        self.path = path
        self.pathNamespace = pathNamespace
        self.interface = interface
        self.member = member
        self.firstArgument = firstArgument
    }

    /// One signal of a described interface.
    public init<I: BusInterface>(
        _ interface: I.Type, _ signal: I.Signal, sender: String? = nil, path: ObjectPath? = nil
    ) {
        self.init(sender: sender, path: path, interface: I.name, member: signal.rawValue)
    }

    /// The rule in the bus' syntax.
    var rule: String {
        var rule = "type='signal'"
        func add(_ key: String, _ value: String?) {
            // In the rules' syntax an apostrophe is written outside the quotes, after a backslash.
            if let value {
                rule +=
                    ",\(key)='\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
            }
        }
        add("sender", sender)
        add("path", path?.text)
        add("path_namespace", pathNamespace?.text)
        add("interface", interface)
        add("member", member)
        add("arg0", firstArgument)
        return rule
    }

    /// Whether the sender is a name whose owner may change. (The bus itself signs its signals with its well-known name.)
    var followedSender: String? {
        guard let sender, !sender.hasPrefix(":"), sender != "org.freedesktop.DBus" else { return nil }
        return sender
    }

    /// Whether a signal fits, its sender apart.
    func fits(_ signal: Signal) -> Bool {
        if let interface, interface != signal.interface { return false }
        if let member, member != signal.member { return false }
        if let path, path != signal.path { return false }
        if let pathNamespace, signal.path != pathNamespace, !signal.path.isBelow(pathNamespace) { return false }
        if let firstArgument, signal.arguments.first?.string != firstArgument { return false }
        return true
    }
}

/// A signal that has arrived.
public struct Signal: Sendable, Hashable {
    /// The sender's unique name; `org.freedesktop.DBus` for the bus itself.
    public let sender: String
    public let path: ObjectPath
    public let interface: String
    public let member: String
    public let arguments: [Value]

    /// The signal of a described interface that it is; nil for one of another interface.
    public func of<I: BusInterface>(_ interface: I.Type) -> I.Signal? {
        self.interface == I.name ? I.Signal(rawValue: member) : nil
    }
}

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
