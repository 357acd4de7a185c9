// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops
import Glibc

/// `eonayd --activate`: what a desktop runs at login. It asks the bus to start the service where it does not run, and ends; who starts it
/// (systemd by the unit, or the bus itself) is for the bus' own activation file to say. `eonayd --action NAME`: what a menu runs that
/// does not call the bus itself.
enum Activation {
    /// - Parameter action: to be begun, once the service runs.
    /// - Returns: 0 where the service runs now and has begun it, 1 where it could not.
    static func run(_ action: String? = nil) -> Int32 {
        do {
            let loop = try EventLoop(name: "eonayd")
            let outcome = Outcome()
            Task(executorPreference: loop.tasks) {
                do { try await ask(for: action, on: loop) } catch { outcome.failure = "\(error)" }
                loop.stop()
            }
            loop.run()
            guard let failure = outcome.failure else { return 0 }
            say("eonayd: \(action ?? Contract.busName) could not be started: \(failure)\n")
        } catch {
            say("eonayd: \(error)\n")
        }
        return 1
    }

    private static func ask(for action: String?, on loop: EventLoop) async throws {
        let bus = Connection(on: loop)
        try await bus.open(.session)
        if let action {
            // A call starts the service, too.
            _ = try await bus.call(
                Contract.busName, Contract.root, ApplicationInterface.self, .activateAction,
                [.string(action), .array(of: "v", []), .options([:])], timeout: .seconds(60))
        } else {
            // 1: it has been started, 2: it ran already (D-Bus specification, "org.freedesktop.DBus.StartServiceByName").
            _ = try await bus.call(
                "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "StartServiceByName",
                [.string(Contract.busName), .uint32(0)], timeout: .seconds(60))
        }
        await bus.close()
    }

    private static func say(_ text: String) {
        _ = text.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
    }

    private final class Outcome: Sendable {
        // Unsafe: written on the loop's thread, read after the loop has ended; both are the main thread.
        nonisolated(unsafe) var failure: String?
    }
}
