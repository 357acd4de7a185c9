// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import TestBench
import VirtualCard

/// A running monitor and everything it has told. It stops with its last reference.
final class Watch: Sendable {
    let monitor: CardMonitor
    let told: EventLog<CardSnapshot>

    init() throws {
        monitor = try CardMonitor()
        let told = EventLog<CardSnapshot>("card monitor")
        self.told = told
        let snapshots = monitor.snapshots
        Task {
            for await snapshot in snapshots { told.append(snapshot) }
            told.end("the stream has ended")
        }
        monitor.start()
    }

    deinit { monitor.stop() }

    /// Waits for this state of the service.
    @discardableResult
    func next(_ service: CardSnapshot.Service) async throws -> CardSnapshot {
        try await told.next { $0.service == service }
    }

    /// Waits until the card in the reader is as described.
    @discardableResult
    func next(reader: Int = 0, _ matches: @escaping @Sendable (CardPresence) -> Bool) async throws -> CardPresence {
        let found = try await told.next { $0.readers.count > reader && matches($0.readers[reader].card) }
        return found.readers[reader].card
    }
}

extension CardPresence {
    var isPresent: Bool {
        if case .present = self { return true }
        return false
    }

    var isMute: Bool {
        if case .mute = self { return true }
        return false
    }

    var isExclusive: Bool {
        if case .exclusive = self { return true }
        return false
    }
}
