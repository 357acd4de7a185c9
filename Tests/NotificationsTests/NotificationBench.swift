// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestBench

/// A session bus, a notifier in a process of its own, which starts its job, and python3-dbusmock's notification server where wanted.
struct NotificationBench {
    let bus: PrivateBus
    let notifier: ChildProcess

    /// - Parameters:
    ///   - deadline: how many seconds a server may take.
    ///   - patience: how many seconds more the job may take.
    ///   - program: the job's program, if not the real one.
    init(deadline: Double = 5, patience: Double = 30, program: String? = nil) async throws {
        bus = try await PrivateBus.start()
        let program = try program ?? Programs.built("eonay-notify")
        notifier = try await ChildProcess.start(
            try Programs.built("notifier"), ["\(deadline)", "\(patience)", program], environment: bus.environment)
        try await event("ready")
    }

    /// The processes that the notifier has started.
    var jobs: [Int32] {
        let folder = "/proc/\(notifier.pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return threads.flatMap { thread in
            let children = try? String(contentsOfFile: "\(folder)/\(thread)/children", encoding: .utf8)
            return (children ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Kills the job as a crash would, and returns when it has ended.
    func killJob() async throws {
        // Those that there are now: the next one is begun at once.
        let jobs = jobs
        for job in jobs { kill(job, SIGKILL) }
        try await jobsEnd(jobs)
    }

    /// Returns when these processes have ended.
    func jobsEnd(_ jobs: [Int32]) async throws {
        for job in jobs {
            try await run(
                Programs.find("tail", package: "coreutils"), ["--pid=\(job)", "-s", "0.05", "-f", "/dev/null"]
            ).check()
        }
    }

    func unavailable(_ reason: String = "") async throws {
        try await notifier.lines.next { $0.text.hasPrefix("unavailable") && $0.text.contains(reason) }
    }

    func show(
        _ key: String, summary: String = "Kart takıldı", body: String = "", urgency: String = "normal",
        lifetime: String = "server", actions: String...
    ) {
        notifier.write(line: (["show", key, summary, body, urgency, lifetime] + actions).joined(separator: "\t"))
    }

    func withdraw(_ key: String) { notifier.write(line: "withdraw\t\(key)") }

    func event(_ text: String) async throws { try await notifier.lines.next { $0.text == text } }

    /// The notifier's events so far, without those about shown bubbles and its answers to commands.
    var events: [String] {
        notifier.lines.all.map(\.text).filter { !["ready", "asked"].contains($0) && !$0.hasPrefix("shown") }
    }

    /// A mock server that owns the name when this returns.
    func startServer(capabilities: String = "body body-markup actions") async throws -> MockServer {
        // Debian's interpreter is the one that sees Debian's module, whatever comes first in PATH.
        guard FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/dbusmock") else {
            throw MissingProgram("dbusmock", package: "python3-dbusmock")
        }
        let process = try await ChildProcess.start(
            "/usr/bin/python3",
            [
                "-u", "-m", "dbusmock", "--template", "notification_daemon", "--parameters",
                "{\"capabilities\": \"\(capabilities)\"}",
            ], environment: bus.environment)
        try await waitForServer()
        return MockServer(process: process, bus: bus)
    }

    func waitForServer() async throws {
        try await run(
            Programs.find("gdbus", package: "libglib2.0-bin"),
            ["wait", "--session", "--timeout", "20", "org.freedesktop.Notifications"], environment: bus.environment
        ).check()
    }
}

/// python3-dbusmock's notification server: records what it is asked, and says what it is told to say.
struct MockServer {
    let process: ChildProcess
    let bus: PrivateBus

    /// The next call of Notify, as the mock prints it.
    func notified(containing text: String = "") async throws -> String {
        try await process.lines.next { $0.text.contains(" Notify ") && (text.isEmpty || $0.text.contains(text)) }.text
    }

    func invoke(_ action: String, of id: Int) async throws {
        try await emit("ActionInvoked", "us", "[<uint32 \(id)>, <\"\(action)\">]")
    }

    func close(_ id: Int, reason: Int) async throws {
        try await emit("NotificationClosed", "uu", "[<uint32 \(id)>, <uint32 \(reason)>]")
    }

    private func emit(_ signal: String, _ signature: String, _ arguments: String) async throws {
        try await run(
            Programs.find("gdbus", package: "libglib2.0-bin"),
            [
                "call", "--session", "-d", "org.freedesktop.Notifications", "-o", "/org/freedesktop/Notifications",
                "-m", "org.freedesktop.DBus.Mock.EmitSignal", "org.freedesktop.Notifications", signal, signature,
                arguments,
            ], environment: bus.environment
        ).check()
    }
}
