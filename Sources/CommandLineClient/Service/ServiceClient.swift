// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops

/// The service as a client sees it: its calls as Swift functions. Errors are `Failure`s.
struct ServiceClient: Sendable {
    let bus: Connection

    /// Connects to the session bus; nothing is asked of the service yet.
    init(on loop: EventLoop) async throws {
        bus = Connection(on: loop)
        do throws(BusError) {
            try await bus.open(.session)
        } catch {
            throw Failure(.noBus, detail: error.message)
        }
    }

    /// Calls a method of the service's own object; the bus starts the service where it does not run.
    func call(_ member: String, _ arguments: [Value] = [], startsService: Bool = true) async throws -> [Value] {
        try await Failure.mapping {
            try await bus.call(
                Contract.busName, Contract.root, ServiceInterface.name, member, arguments, startsService: startsService)
        }
    }

    func status() async throws -> [StatusRow] { try await rows("Status") { StatusRow($0) } }

    func expiry() async throws -> [ExpiryRow] { try await rows("Expiry") { ExpiryRow($0) } }

    func history(limit: UInt32) async throws -> [HistoryRow] {
        try await rows("History", [.uint32(limit)]) { HistoryRow($0) }
    }

    /// Everything that the service shows: its cards, certificates and approvals.
    func objects(startsService: Bool = true) async throws -> ServiceObjects {
        let answer = try await Failure.mapping {
            try await bus.call(
                Contract.busName, Contract.root, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
                startsService: startsService)
        }
        guard let objects = answer.first.flatMap({ ServiceObjects($0) }) else { throw Failure.foreignAnswer }
        return objects
    }

    /// How the watcher of cards is.
    func watcher(startsService: Bool = true) async throws -> WatcherStatus {
        WatcherStatus(try await properties(of: ServiceInterface.name, at: Contract.root, startsService: startsService))
    }

    func properties(
        of interface: String, at path: ObjectPath, startsService: Bool = true
    ) async throws -> [String: Value] {
        try await Failure.mapping {
            let answer = try await bus.call(
                Contract.busName, path, "org.freedesktop.DBus.Properties", "GetAll", [.string(interface)],
                startsService: startsService)
            return Value.properties(answer.first)
        }
    }

    private func rows<Row>(
        _ member: String, _ arguments: [Value] = [], _ read: (Value) -> Row?
    ) async throws -> [Row] {
        guard let elements = try await call(member, arguments).first?.elements else { throw Failure.foreignAnswer }
        return try elements.map {
            guard let row = read($0) else { throw Failure.foreignAnswer }
            return row
        }
    }
}

extension Failure {
    static let foreignAnswer = Failure(.serviceForeign)
}

extension Value {
    /// `a{sv}` as a dictionary.
    static func properties(_ value: Value?) -> [String: Value] {
        var properties: [String: Value] = [:]
        for entry in value?.entries ?? [] {
            if let name = entry.key.string { properties[name] = entry.value.unwrapped }
        }
        return properties
    }

    /// An array of texts; other elements are passed over.
    var strings: [String] { elements?.compactMap(\.string) ?? [] }
}
