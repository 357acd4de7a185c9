// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemBasics

/// All readers and cards at one moment, for a program that does not watch them.
public struct CardOverview: Sendable {
    /// Never `.starting`.
    public let snapshot: CardSnapshot
    /// Whether there is a smart-card service on this computer, running or not.
    public let isServiceInstalled: Bool
    /// The other programs with a connection to it, as "name (pid)", our own left out; none where the system does not show them.
    public let clients: [String]

    /// How often a `pcscd` that may be about to begin or to end is asked, and the milliseconds in between.
    private static let (mostAttempts, pause): (Int, Int32) = (40, 20)

    /// Our programs, which are never in each other's way.
    private static let own = ["eonayd", "eonay-token"]

    /// Asks. Blocks for as long as `pcscd` does: for ever, where that hangs.
    public static func now() -> CardOverview {
        let service = PCSCService.current
        // Asked first: the answer is about others, and not about the connection that is made below.
        let clients = service.clients().filter { !own.contains($0.name) }.map(\.description)
        var absence = PCSCAbsence()
        for _ in 0..<mostAttempts {
            do throws(PCSCError) {
                return CardOverview(snapshot: try snapshot(), isServiceInstalled: true, clients: clients)
            } catch {
                switch absence.failed(error.code, isListening: service.isListening) {
                case .denied:
                    return CardOverview(
                        snapshot: CardSnapshot(service: .denied), isServiceInstalled: true, clients: clients)
                case .absent:
                    return CardOverview(
                        snapshot: CardSnapshot(service: .noService), isServiceInstalled: service.isInstalled(),
                        clients: [])
                case .undecided: _ = poll(nil, 0, pause)
                }
            }
        }
        return CardOverview(
            snapshot: CardSnapshot(service: .noService), isServiceInstalled: service.isInstalled(), clients: [])
    }

    private static func snapshot() throws(PCSCError) -> CardSnapshot {
        let context = try PCSCContext()
        let states = ReaderStates()
        var ledger = InsertionLedger()
        _ = states.update(to: try context.readers())
        do throws(PCSCError) { try context.wait(for: states, milliseconds: 0) } catch {
            // Nothing to wait for: there is no reader.
            guard error.code == .timeout else { throw error }
        }
        let readers = ledger.readers(states.observations)
        return CardSnapshot(service: readers.isEmpty ? .noReader : .watching, readers: readers)
    }
}
