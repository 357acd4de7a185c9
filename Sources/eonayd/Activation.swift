// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops
import Glibc

/// `eonayd --activate`: what a desktop runs at login. It asks the bus to start the service where it does not run, and ends; who starts it
/// (systemd by the unit, or the bus itself) is for the bus' own activation file to say.
enum Activation {
    /// 0 where the service runs now, 1 where it could not be started.
    static func run() -> Int32 {
        do {
            let loop = try EventLoop(name: "eonayd")
            let outcome = Outcome()
            Task(executorPreference: loop.tasks) {
                do { try await ask(on: loop) } catch { outcome.failure = "\(error)" }
                loop.stop()
            }
            loop.run()
            guard let failure = outcome.failure else { return 0 }
            say("eonayd: \(Contract.busName) could not be started: \(failure)\n")
        } catch {
            say("eonayd: \(error)\n")
        }
        return 1
    }

    private static func ask(on loop: EventLoop) async throws {
        let bus = Connection(on: loop)
        try await bus.open(.session)
        // 1: it has been started, 2: it ran already (D-Bus specification, "org.freedesktop.DBus.StartServiceByName").
        _ = try await bus.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "StartServiceByName",
            [.string(Contract.busName), .uint32(0)], timeout: .seconds(60))
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
