// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import TestBench

/// Stands in for logind on a system bus of a test's own: owns its name, and tells that a session's state has changed.
final class Logind: Sendable {
    private let connection: Connection
    private let loop: EventLoop

    init(on bus: PrivateBus) async throws {
        loop = try EventLoop(name: "logind")
        try loop.start()
        connection = Connection(on: loop)
        try await connection.open(.address(bus.address))
        _ = try await connection.requestName("org.freedesktop.login1")
    }

    deinit {
        let (connection, loop) = (connection, loop)
        Task {
            await connection.close()
            loop.stop()
        }
    }

    func tellThatTheSessionIsActive() async throws {
        try await connection.perform { bus in
            try bus.emit(
                .propertiesChanged, of: PropertiesInterface.self, from: "/org/freedesktop/login1/session/_31"
            ) { message in
                message.string("org.freedesktop.login1.Session")
                message.value(.options(["Active": .bool(true)]))
                message.strings([])
            }
        }
    }
}
