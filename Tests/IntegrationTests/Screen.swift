// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench
import Testing

/// A screen that nobody sees, with a real notification server (dunst) on a desktop's bus.
final class Screen: Sendable {
    private let display: ChildProcess
    private let server: ChildProcess
    private let folder: TemporaryFolder
    private let environment: [String: String]
    /// The messages between server and service: dunst's signals go to its client alone.
    private let monitor: ChildProcess

    init(on desktop: Desktop) async throws {
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
        monitor = try await ChildProcess.start(
            Programs.find("dbus-monitor", package: "dbus-bin"),
            ["--session", "type='signal',interface='\(Self.name)'"],
            environment: environment)
        _ = try await monitor.lines.next { $0.text.contains("member=NameLost") }
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

    /// The number of times that these words have been shown so far.
    func printed(_ words: String) -> Int { server.lines.all.count { $0.text.contains(words) } }

    /// The number of notifications on the screen now.
    func count() async throws -> Int {
        Int(try await control("count", "displayed").filter(\.isNumber)) ?? -1
    }

    /// Waits until a notification is gone because it was withdrawn, and not because somebody closed it.
    func withdraws() async throws {
        _ = try await monitor.lines.next { $0.text.contains("member=NotificationClosed") }
        _ = try await monitor.lines.next { $0.text.contains("uint32") }
        let reason = try await monitor.lines.next { $0.text.contains("uint32") }
        #expect(reason.text.hasSuffix("uint32 3"))
    }

    /// Waits until so many notifications are on the screen: one that was taken is drawn a moment later, which no event tells.
    func waitFor(count: Int) async throws {
        for _ in 0..<200 where try await self.count() == count { return }
        #expect(try await self.count() == count)
    }

    /// Presses a button of the notification that stands on top: the most urgent one, of those the oldest.
    func press(_ label: String) async throws {
        _ = try folder.write("choice", label)
        _ = try await control("action", "0")
    }

    /// Presses the first button of this name, on whichever notification it is.
    func press(anywhere label: String) async throws {
        _ = try folder.write("choice", "#\(label) ")
        _ = try await control("context")
    }

    /// Stops answering, as a server that hangs does.
    func hang() { server.send(signal: SIGSTOP) }

    private func control(_ arguments: String...) async throws -> String {
        try await TestBench.run(
            Programs.find("dunstctl", package: "dunst"), arguments, environment: environment
        ).check().text
    }
}
