// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import EventLoops
import TestBench
import Testing

@testable import DesktopService

/// The watch for logind's signals; the test plays logind on a private bus.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct SessionWatchTests {
    @Test func withoutASystemBusNothingIsWatched() async {
        let scheduler = ManualScheduler()
        let without = SessionWatch(nil, scheduler: scheduler)
        without.start {}
        await without.stop()
        let unreachable = SessionWatch({ nil }, scheduler: scheduler)
        unreachable.start {}
        await scheduler.settle()
        await unreachable.stop()
    }

    @Test func aSessionThatChangesIsHeardUntilTheWatchEnds() async throws {
        let bus = try await PrivateBus.start()
        let logind = Connection(on: ServiceLoop.loop)
        try await logind.open(.address(bus.address))
        _ = try await logind.requestName("org.freedesktop.login1")
        let session: ObjectPath = "/org/freedesktop/login1/session/_1"
        try await logind.perform { bus in
            let properties = Interface(TokenInterface.self) { _, value in value.string("") }
            try bus.export(at: session, [properties])
        }
        let watch = SessionWatch(
            {
                let connection = Connection(on: ServiceLoop.loop)
                try? await connection.open(.address(bus.address))
                return connection
            }, scheduler: ManualScheduler())
        var heard = 0
        watch.start { heard += 1 }
        // A second start changes nothing.
        watch.start { heard += 1000 }
        // Logind signals until the watch's rule has reached the bus.
        while heard == 0 {
            await logind.perform { $0.propertiesChanged([.label], of: TokenInterface.self, at: session) }
            _ = try await logind.call(
                "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId")
        }
        #expect(heard < 1000)
        await watch.stop()
        await logind.close()
        await bus.stop()
    }
}
