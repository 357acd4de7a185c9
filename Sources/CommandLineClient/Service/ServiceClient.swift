// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops

/// The service as a client sees it: its calls as Swift functions. Errors are `Failure`s.
struct ServiceClient: Sendable {
    let bus: Connection

    /// Connects to the session bus; nothing is asked of the service yet.
    init(on loop: EventLoop, at address: BusAddress = .session) async throws {
        bus = Connection(on: loop)
        do throws(BusError) {
            try await bus.open(address)
        } catch {
            throw Failure(.noBus, detail: error.message)
        }
    }

    /// Calls a method of the service's own object; the bus starts the service where it does not run.
    func call(_ method: ServiceInterface.Method, _ arguments: [Value] = []) async throws -> [Value] {
        try await Failure.mapping {
            try await bus.call(Contract.busName, Contract.root, ServiceInterface.self, method, arguments)
        }
    }

    /// The rows of a method's answer. Throws `Failure` where one is not of the form that this program knows.
    func rows<Row: ServiceRow>(
        _ method: ServiceInterface.Method, _ arguments: [Value] = []
    ) async throws -> [Row] {
        guard let elements = try await call(method, arguments).first?.elements else { throw Failure(.serviceForeign) }
        return try elements.map {
            guard let row = Row($0.members ?? []) else { throw Failure(.serviceForeign) }
            return row
        }
    }

    /// Everything that the service shows: its cards, certificates and approvals.
    func objects(startsService: Bool = true) async throws -> ServiceSnapshot {
        let answer = try await Failure.mapping {
            try await bus.call(
                Contract.busName, Contract.root, ObjectManagerInterface.self, .getManagedObjects,
                startsService: startsService)
        }
        guard let objects = answer.first.flatMap({ ServiceSnapshot($0) }) else { throw Failure(.serviceForeign) }
        return objects
    }

    /// The state of the watcher of cards.
    func watcher(startsService: Bool = true) async throws -> WatcherStatus {
        WatcherStatus(try await properties(of: ServiceInterface.self, at: Contract.root, startsService: startsService))
    }

    func properties<I: BusInterface>(
        of interface: I.Type, at path: ObjectPath, startsService: Bool = true
    ) async throws -> PropertyValues<I> {
        try await Failure.mapping {
            try await bus.properties(of: interface, at: path, from: Contract.busName, startsService: startsService)
        }
    }
}

extension ServiceClient {
    /// The time that a command waits for cards to be read, and the time after which it says so.
    private static let patience: Duration = .seconds(10)
    private static let moment: Duration = .milliseconds(700)

    /// Waits until the service has looked at every card: one that the call has started knows of none yet.
    ///
    /// - Parameter waiting: called once where it takes longer than a moment.
    /// - Returns: false where the time was over before; what is known then may not be all.
    func settled(waiting: () -> Void = {}) async throws -> Bool {
        if try await isReady() { return true }
        let news = ServiceEvents(on: bus.loop)
        let changes = SignalMatch(
            PropertiesInterface.self, .propertiesChanged, sender: Contract.busName, path: Contract.root)
        try await news.addSignals(of: self, changes)
        // It may have become ready before the bus took note of the match.
        if try await isReady() { return true }
        news.add(.tick, after: Self.moment)
        news.end(after: Self.patience)
        for await event in news.events {
            switch event {
            case .signal(let signal) where signal.arguments.count > 1:
                if PropertyValues<ServiceInterface>(signal.arguments[1])[.ready]?.bool == true { return true }
            case .tick: waiting()
            default: break
            }
        }
        return try await isReady()
    }

    /// A service of an earlier version does not say; there is nothing to wait for, then.
    private func isReady() async throws -> Bool {
        try await properties(of: ServiceInterface.self, at: Contract.root)[.ready]?.bool ?? true
    }
}

extension Value {
    /// An array of texts; other elements are passed over.
    var strings: [String] { elements?.compactMap(\.string) ?? [] }
}
