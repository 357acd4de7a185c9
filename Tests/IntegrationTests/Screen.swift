// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench

/// A screen that nobody sees, with a real notification server (dunst) on a desktop's bus.
final class Screen: Sendable {
    private let display: ChildProcess
    private let server: ChildProcess
    private let folder: TemporaryFolder
    private let environment: [String: String]
    private let connection: Connection
    /// The numbers of notifications that went from the screen, with the reason: 1 expired, 2 dismissed, 3 withdrawn.
    let closed: EventLog<Signal>

    init(on desktop: Desktop, _ bus: SessionBus) async throws {
        folder = try TemporaryFolder()
        // The menu program is asked which action is meant; it takes the one that a test has written into the file.
        let choose = try folder.write("choose", "#!/bin/sh\nexec grep -m 1 -F \"$(cat \(folder.file("choice")))\"\n")
        try await TestBench.run("/bin/chmod", ["755", choose]).check()
        let configuration = try folder.write(
            "dunstrc",
            """
            [global]
                idle_threshold = 0
                history_length = 20
                markup = full
                dmenu = \(choose)
            [urgency_low]
                timeout = 0
            [urgency_normal]
                timeout = 0
            [urgency_critical]
                timeout = 0

            """)
        display = try await ChildProcess.start(
            Programs.find("Xvfb", package: "xvfb"),
            ["-displayfd", "1", "-screen", "0", "800x480x24", "-nolisten", "tcp"])
        let number = try await display.lines.next { $0.stream == .output }.text
        environment = desktop.environment.merging(["DISPLAY": ":\(number)"]) { $1 }
        let closed = EventLog<Signal>("notifications that were closed")
        self.closed = closed
        connection = bus.connection
        await connection.perform { bus in
            let match = SignalMatch(interface: Self.name, member: "NotificationClosed")
            _ = bus.subscribe(match) { closed.append($0) }
        }
        server = try await ChildProcess.start(
            Programs.find("dunst", package: "dunst"), ["-conf", configuration, "-print"], environment: environment)
        try await TestBench.run(
            Programs.find("gdbus", package: "libglib2.0-bin"), ["wait", "--session", "--timeout", "20", Self.name],
            environment: environment
        ).check()
    }

    private static let name = "org.freedesktop.Notifications"

    /// Waits until it shows something with these words, in its summary, its body or on a button.
    func shows(_ words: String) async throws {
        _ = try await server.lines.next { $0.text.contains(words) }
    }

    /// How many notifications are on the screen now.
    func count() async throws -> Int {
        Int(try await control("count", "displayed").filter(\.isNumber)) ?? -1
    }

    /// Presses a button of the newest notification.
    func press(_ label: String) async throws {
        _ = try folder.write("choice", label)
        _ = try await control("action", "0")
    }

    /// Brings the notification that went last back to the screen.
    func popHistory() async throws { _ = try await control("history-pop") }

    /// Stops answering, as a server that hangs does.
    func hang() { server.send(signal: SIGSTOP) }

    private func control(_ arguments: String...) async throws -> String {
        try await TestBench.run(
            Programs.find("dunstctl", package: "dunst"), arguments, environment: environment
        ).check().text
    }
}
