// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EventLoops
import Foundation
import Glibc
import TestBench
import Testing
import VirtualCard

/// Where the window that asks for the PIN opens, when the service was started before there was a desktop.
@Suite(.timeLimit(.minutes(2))) struct PromptDisplayTests {
    /// A card, a portal that is not reached before the prompt, and a service without DISPLAY; the pinentry writes down what it was given.
    private func bench() async throws -> (ServiceBench, TestCard, TestPortal, RecordingPinentry) {
        let desktop = try await Desktop(environment: ["DISPLAY": "", "WAYLAND_DISPLAY": "", "XAUTHORITY": ""])
        let portal = try await desktop.startPortal()
        let pinentry = try await FakePinentry(in: desktop)
        let said = desktop.folder.file("pinentry-environment")
        let wrapper = try desktop.folder.write(
            "pinentry-and-environment",
            "#!/bin/sh\nenv >'\(said).part'; mv '\(said).part' '\(said)'\nexec '\(pinentry.path)'\n")
        chmod(wrapper, 0o700)
        try desktop.configure("[Prompt]\nPinentry=\(wrapper)\n\n[Portal \"deneme\"]\nOrigin=\(portal.origin)\n")
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await bench.token { $1.errorName == "" }
        return (bench, card, portal, RecordingPinentry(pinentry: pinentry, environment: said))
    }

    /// A pinentry that waits for the person, and the file in which it wrote down its environment. It waits as long as this is kept: without
    /// a reader of its words it hangs, and the prompt fails.
    private struct RecordingPinentry {
        let pinentry: FakePinentry
        let environment: String
    }

    /// The three variables as the pinentry saw them.
    private func variables(_ recording: RecordingPinentry) -> [String: String] {
        let text = String(
            decoding: FileManager.default.contents(atPath: recording.environment) ?? Data(), as: UTF8.self)
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"].contains(parts[0]) {
                found[parts[0]] = parts.count > 1 ? parts[1] : ""
            }
        }
        return found
    }

    private func approve(_ bench: ServiceBench, _ options: [String: Value] = [:]) async throws -> ObjectPath {
        let answer = try await bench.bus.call("Approve", .string(""), .string("accept"), .options(options))
        return try #require(answer.first?.objectPath)
    }

    private func wait(_ bench: ServiceBench, _ approval: ObjectPath) async throws {
        try await bench.bus.wait(for: "State", of: "Approval", at: approval) {
            ["waiting-for-pin", "failed"].contains($0.string)
        }
    }

    @Test func withoutADisplayNobodyCanBeAsked() async throws {
        let (bench, card, portal, _) = try await bench()
        let approval = try await approve(bench)
        try await bench.bus.wait(for: "Result", of: "Approval", at: approval) { $0.string == "failed" }
        let error = try await bench.bus.properties("Approval", of: approval)["Error"]?.members?.first?.string
        #expect(error == "org.eonay.EOnay1.Error.PinPromptUnavailable")
        try await card.remove()
        await portal.process.kill()
    }

    @Test func systemdsEnvironmentIsAskedWhenThePromptIsNeeded() async throws {
        let (bench, card, portal, said) = try await bench()
        // The desktop comes after the service.
        let manager = try await UserManager(
            on: bench.desktop.bus.address,
            environment: ["PATH=/usr/bin", "DISPLAY=:7", "WAYLAND_DISPLAY=wayland-7", "XAUTHORITY=/run/xauth_7"])
        let first = try await approve(bench)
        try await wait(bench, first)
        #expect(variables(said) == ["DISPLAY": ":7", "WAYLAND_DISPLAY": "wayland-7", "XAUTHORITY": "/run/xauth_7"])
        // A program that took its own prompt away would have to wait before the next one.
        said.pinentry.type(card.pin)
        try await bench.bus.wait(for: "Result", of: "Approval", at: first) { $0.string?.isEmpty == false }
        // Another session has followed, and what is no display is nobody's.
        await manager.set(["DISPLAY=:8", "WAYLAND_DISPLAY=../x", "XAUTHORITY=x"])
        let second = try await approve(bench)
        try await wait(bench, second)
        #expect(variables(said) == ["DISPLAY": ":8"])
        _ = try await bench.bus.connection.call(SessionBus.name, second, "\(SessionBus.name).Approval", "Cancel")
        try await card.remove()
        withExtendedLifetime(said) {}
        await portal.process.kill()
    }

    @Test func theCallersDisplayGoesFirstAndToThePinentryAlone() async throws {
        let (bench, card, portal, said) = try await bench()
        let manager = try await UserManager(
            on: bench.desktop.bus.address, environment: ["DISPLAY=:7", "XAUTHORITY=/run/xauth_7"])
        let approval = try await approve(bench, ["display": .string("localhost:10.0")])
        try await wait(bench, approval)
        #expect(variables(said) == ["DISPLAY": "localhost:10.0"])
        let jobs = Processes.children(of: bench.service.pid).filter { $0.name == "eonay-token" }
        #expect(!jobs.isEmpty)
        for job in jobs { #expect(!Processes.visible(of: job.pid).contains("localhost:10.0")) }
        _ = try await bench.bus.connection.call(SessionBus.name, approval, "\(SessionBus.name).Approval", "Cancel")
        _ = manager
        try await card.remove()
        withExtendedLifetime(said) {}
        await portal.process.kill()
    }

    @Test func whatIsNoDisplayIsRefusedAtOnce() async throws {
        let (bench, card, portal, _) = try await bench()
        for (option, value) in [
            ("display", ""), ("display", "zero"), ("display", ":0\nX=1"), ("wayland-display", "a/b"),
            ("xauthority", "x"),
        ] {
            await #expect(throws: BusError(name: "org.eonay.EOnay1.Error.InvalidArgument", message: "")) {
                try await approve(bench, [option: .string(value)])
            }
        }
        await #expect(throws: BusError(name: "org.eonay.EOnay1.Error.InvalidArgument", message: "")) {
            try await approve(bench, ["display": .uint32(0)])
        }
        try await card.remove()
        await portal.process.kill()
    }

    /// The whole way, with a window that somebody types into.
    @Test func aRealPinentryOpensItsWindowOnTheDesktopThatCameLater() async throws {
        let desktop = try await Desktop(environment: ["DISPLAY": "", "WAYLAND_DISPLAY": ""])
        let portal = try await desktop.startPortal()
        let pinentry = try Programs.find("pinentry-gtk-2", package: "pinentry-gtk2")
        try desktop.configure("[Prompt]\nPinentry=\(pinentry)\n\n[Portal \"deneme\"]\nOrigin=\(portal.origin)\n")
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await bench.token { $1.errorName == "" }
        let xvfb = try await ChildProcess.start(
            Programs.find("Xvfb", package: "xvfb"),
            ["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"])
        let number = try await xvfb.lines.next { $0.stream == .output }.text
        let manager = try await UserManager(on: desktop.bus.address, environment: ["DISPLAY=:\(number)"])

        let approval = try await approve(bench)
        let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts/browser").path
        _ = try Programs.find("xdotool", package: "xdotool")
        _ = try Programs.find("import", package: "imagemagick")
        try await run(
            Programs.find("python3", package: "python3"),
            [
                "-c",
                "import sys; sys.path.insert(0, sys.argv[1]); from pin_window import PINWindow; PINWindow().enter(sys.argv[2])",
                scripts, card.pin,
            ],
            environment: desktop.environment.merging(["DISPLAY": ":\(number)", "PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        ).check()
        try await bench.bus.wait(for: "Result", of: "Approval", at: approval) { $0.string?.isEmpty == false }
        #expect(try await bench.bus.properties("Approval", of: approval)["Result"]?.string == "recorded")
        _ = manager
        try await card.remove()
        await portal.process.kill()
        await xvfb.kill()
    }
}

/// Stands in for systemd's user manager: owns its name and has its property Environment.
private final class UserManager: Sendable {
    private let connection: Connection
    private let loop: EventLoop
    private let state: Environment

    private enum Manager: BusInterface {
        static let name = "org.freedesktop.systemd1.Manager"

        enum Property: String, BusProperty {
            case environment = "Environment"
            var type: Signature { "as" }
        }
    }

    private final class Environment: Sendable {
        // Unsafe: touched on the connection's loop only.
        nonisolated(unsafe) var lines: [String]
        init(_ lines: [String]) { self.lines = lines }
    }

    init(on address: String, environment: [String]) async throws {
        loop = try EventLoop(name: "systemd")
        try loop.start()
        connection = Connection(on: loop)
        let state = Environment(environment)
        self.state = state
        try await connection.open(.address(address))
        try await connection.perform { bus in
            let manager = Interface(Manager.self) { property, value in
                switch property {
                case .environment: value.strings(state.lines)
                }
            }
            try bus.export(at: "/org/freedesktop/systemd1", [manager])
        }
        #expect(try await connection.requestName("org.freedesktop.systemd1") == .acquired)
    }

    func set(_ environment: [String]) async { await connection.perform { _ in state.lines = environment } }

    deinit {
        let (connection, loop) = (connection, loop)
        Task {
            await connection.close()
            loop.stop()
        }
    }
}
