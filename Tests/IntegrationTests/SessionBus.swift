// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import TestBench

/// A test's own connection to a desktop's bus: it hears every signal of the service from its first moment on.
final class SessionBus: Sendable {
    let connection: Connection
    /// The service's signals, in order.
    let signals: EventLog<Signal>
    private let loop: EventLoop

    static let name = "org.eonay.EOnay1"
    static let root: ObjectPath = "/org/eonay/EOnay1"

    /// Connects to the desktop's bus.
    convenience init(_ desktop: Desktop) async throws { try await self.init(address: desktop.bus.address) }

    init(address: String) async throws {
        loop = try EventLoop(name: "test-bus")
        try loop.start()
        connection = Connection(on: loop)
        signals = EventLog("the service's signals")
        try await connection.open(.address(address))
        let log = signals
        await connection.perform { bus in
            _ = bus.subscribe(SignalMatch(sender: Self.name)) { log.append($0) }
        }
        // The bus answers in order: with this answer it has the rule.
        _ = try await connection.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId")
    }

    deinit {
        let (connection, loop) = (connection, loop)
        Task {
            await connection.close()
            loop.stop()
        }
    }

    /// Calls a method of the service's own object.
    func call(_ member: String, _ arguments: Value...) async throws -> [Value] {
        try await connection.call(Self.name, Self.root, Self.name, member, arguments)
    }

    /// The properties of one of the service's objects: `Token`, `Certificate`, `Approval`, or "" for its own.
    func properties(_ kind: String, of path: ObjectPath) async throws -> [String: Value] {
        let interface = kind.isEmpty ? Self.name : "\(Self.name).\(kind)"
        let answer = try await connection.call(Self.name, path, PropertiesInterface.self, .getAll, [.string(interface)])
        return Self.properties(answer.first?.entries)
    }

    private static func properties(_ entries: [Value.Entry]?) -> [String: Value] {
        Dictionary(
            uniqueKeysWithValues: (entries ?? []).compactMap { entry in
                entry.key.string.map { ($0, entry.value.unwrapped) }
            })
    }

    /// Paths and properties of all objects of a kind.
    func objects(_ kind: String) async throws -> [ObjectPath: [String: Value]] {
        let answer = try await connection.call(
            Self.name, Self.root, ObjectManagerInterface.self, .getManagedObjects)
        var found: [ObjectPath: [String: Value]] = [:]
        for object in answer.first?.entries ?? [] {
            guard let path = object.key.objectPath, let properties = object.value["\(Self.name).\(kind)"]?.entries
            else {
                continue
            }
            found[path] = Self.properties(properties)
        }
        return found
    }

    /// Waits until a property has a value: it may have it already.
    func wait(
        for name: String, of kind: String, at path: ObjectPath, until isRight: @escaping @Sendable (Value) -> Bool
    ) async throws {
        let interface = kind.isEmpty ? Self.name : "\(Self.name).\(kind)"
        if let now = try? await connection.property(name, of: interface, at: path, from: Self.name),
            isRight(now.unwrapped)
        {
            return
        }
        _ = try await signals.next { signal in
            signal.member == "PropertiesChanged" && signal.path == path && signal.arguments.first?.string == interface
                && signal.arguments.count > 1 && signal.arguments[1][name].map(isRight) == true
        }
    }
}
