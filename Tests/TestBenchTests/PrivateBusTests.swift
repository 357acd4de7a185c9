// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@Suite(.timeLimit(.minutes(1))) struct PrivateBusTests {
    @Test func aClientReachesIt() async throws {
        let bus = try await PrivateBus.start()
        let send = try Programs.find("dbus-send", package: "dbus-bin")
        let answer = try await run(
            send,
            [
                "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames",
            ], environment: bus.environment)
        #expect(answer.text.contains("org.freedesktop.DBus"))
    }

    @Test func itEndsWhenItIsStopped() async throws {
        let bus = try await PrivateBus.start()
        let monitor = try await ChildProcess.start(
            Programs.find("dbus-monitor", package: "dbus-bin"), environment: bus.environment)
        try await monitor.lines.next { $0.text.contains("NameAcquired") || $0.text.contains("member=") }
        await bus.stop()
        _ = await monitor.end()
    }
}
