// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// A desktop with the service on it, and a test's own place on its bus.
final class ServiceBench: Sendable {
    let desktop: Desktop
    let service: ChildProcess
    let bus: SessionBus

    /// - Parameters:
    ///   - configuration: what stands in eonay.conf besides OpenSC's module; it begins in the group [Tokens].
    ///   - environment: for the service alone.
    init(
        _ readers: PrivatePCSCD.Readers = .own(1), pcscdRuns: Bool = true, configuration: String = "",
        locale: String = "tr_TR.UTF-8", environment: [String: String] = [:]
    ) async throws {
        desktop = try await Desktop(readers, pcscdRuns: pcscdRuns, locale: locale)
        if !configuration.isEmpty { try desktop.configure(configuration) }
        bus = try await SessionBus(desktop)
        service = try await desktop.startService(environment: environment)
    }

    /// Takes the place of a service that has ended, or stands on a desktop that is prepared.
    init(on desktop: Desktop, environment: [String: String] = [:]) async throws {
        self.desktop = desktop
        bus = try await SessionBus(desktop)
        service = try await desktop.startService(environment: environment)
    }

    deinit { service.send(signal: SIGKILL) }

    var reader: TestReader { desktop.pcscd.readers[0] }

    /// Makes a card and puts it in; the service may not know yet.
    func insert(_ card: CardDescription? = nil, into reader: TestReader? = nil) async throws -> TestCard {
        try await desktop.pcscd.insert(card ?? desktop.card(), into: reader ?? self.reader)
    }

    func waitFor(watcher state: String) async throws {
        try await bus.until { try await $0.properties("", of: SessionBus.root)["WatcherState"]?.string == state }
    }

    /// Waits until there are so many cards, each read or given up.
    @discardableResult
    func tokens(_ count: Int = 1) async throws -> [ObjectPath: [String: Value]] {
        var found: [ObjectPath: [String: Value]] = [:]
        try await bus.until { bus in
            found = try await bus.objects("Token")
            return found.count == count && found.values.allSatisfy(\.isLookedAt)
        }
        return found
    }

    /// Waits until there is one card, read or given up, and it is as described.
    @discardableResult
    func token(where isRight: @escaping (ObjectPath, [String: Value]) -> Bool = { _, _ in true }) async throws
        -> (path: ObjectPath, facts: [String: Value])
    {
        var found: (ObjectPath, [String: Value])?
        try await bus.until { bus in
            let tokens = try await bus.objects("Token")
            found = tokens.first.map { ($0.key, $0.value) }
            return tokens.count == 1 && found.map { $0.1.isLookedAt && isRight($0.0, $0.1) } == true
        }
        return try #require(found)
    }
}

extension [String: Value] {
    /// Whether these facts of a Token say what is on it, or why that is not known.
    var isLookedAt: Bool { self["Certificates"]?.elements?.isEmpty == false || errorName?.isEmpty == false }

    /// The name in a Token's `Error`.
    var errorName: String? { self["Error"]?.members?.first?.string }
}

extension SessionBus {
    /// Waits until something is so, asking again after each signal of the service.
    func until(_ isSo: (SessionBus) async throws -> Bool) async throws {
        while true {
            signals.skip()
            if try await isSo(self) { return }
            _ = try await signals.next { _ in true }
        }
    }
}
