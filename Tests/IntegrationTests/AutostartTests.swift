// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import Glibc
import TestBench
import Testing

/// The file that a desktop starts at login, and the unit that systemd makes of it.
@Suite(.timeLimit(.minutes(2))) struct AutostartTests {
    private func template(_ name: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: folder.appending(path: "dbus/\(name)"), encoding: .utf8)
    }

    /// The installed file's lines, with our programs where they were built.
    private func filled(_ name: String) throws -> String {
        let folder = URL(filePath: try Programs.built("eonayd")).deletingLastPathComponent().path
        return try template(name).replacing("@LIBEXECDIR@", with: folder).replacing("@BINDIR@", with: folder)
    }

    private func value(_ key: String, in file: String) throws -> String {
        try #require(
            file.split(separator: "\n").first { $0.hasPrefix("\(key)=") }.map {
                String($0.dropFirst(key.utf8.count + 1))
            })
    }

    /// Without systemd: the bus starts the service by its own file.
    @Test func theAutostartFileHasTheBusStartTheServiceAndEnds() async throws {
        let desktop = try await Desktop(.own(0))
        let observer = try await SessionBus(desktop)
        try await desktop.installService(observer)

        let command = try value("Exec", in: filled("org.eonay.EOnay1.autostart.desktop.in")).split(separator: " ").map(
            String.init)
        for _ in 0..<2 {
            // The second time it runs already, which is as good.
            let end = try await TestBench.run(command[0], Array(command.dropFirst()), environment: desktop.environment)
            #expect(end.status == .exited(0), "\(end)")
            let running = try await observer.connection.credentials(of: SessionBus.name)
            #expect(running.process != nil)
            #expect(try await observer.call("Expiry").first?.elements == [])
        }
        try await observer.endService()
    }

    @Test func whereTheBusCannotStartItTheAutostartFailsAndSaysSo() async throws {
        let desktop = try await Desktop(.own(0))
        let end = try await desktop.run("eonayd", "--activate")
        #expect(end.status == .exited(1))
        #expect(end.lines.contains { $0.text.contains("org.eonay.EOnay1 could not be started") })
    }

    /// Debian 12's generator passes over files with a startup phase; KDE and GNOME start nothing but what it makes.
    @Test func systemdsGeneratorMakesAUnitOfTheAutostartFile() async throws {
        let folder = try TemporaryFolder()
        for name in ["config/autostart", "normal", "early", "late", "none"] { _ = try folder.makeFolder(name) }
        _ = try folder.write(
            "config/autostart/org.eonay.EOnay1.desktop", filled("org.eonay.EOnay1.autostart.desktop.in"))
        let generator = "/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator"
        guard FileManager.default.isExecutableFile(atPath: generator) else {
            throw MissingProgram("systemd-xdg-autostart-generator", package: "systemd")
        }
        try await run(
            generator, ["normal", "early", "late"].map { folder.file($0) },
            environment: [
                "XDG_CONFIG_HOME": folder.file("config"), "XDG_CONFIG_DIRS": folder.file("none"), "HOME": folder.path,
            ]
        ).check()
        let unit = try String(
            contentsOfFile: folder.file("late/app-org.eonay.EOnay1@autostart.service"), encoding: .utf8)
        #expect(unit.contains("eonayd --activate"))
        #expect(
            FileManager.default.fileExists(
                atPath: folder.file("late/xdg-desktop-autostart.target.wants/app-org.eonay.EOnay1@autostart.service")))
    }

    /// A failure that another try would not change is not tried again.
    @Test func theUnitDoesNotRestartBesideAnotherInstanceNorForWrongArguments() async throws {
        let unit = try filled("eonayd.service.in")
        let statuses = try Set(value("RestartPreventExitStatus", in: unit).split(separator: " ").map(String.init))
        let bench = try await ServiceBench(.own(0))
        let second = try await bench.desktop.run("eonayd")
        let wrong = try await bench.desktop.run("eonayd", "--nonsense")
        for end in [second, wrong] {
            guard case .exited(let status) = end.status else { return #expect(Bool(false), "\(end)") }
            #expect(statuses.contains("\(status)"))
        }
        // And systemd reads all of it.
        let folder = try TemporaryFolder()
        let path = try folder.write("eonayd.service", unit)
        let check = try await run(
            Programs.find("systemd-analyze", package: "systemd"), ["verify", "--user", "--man=no", path],
            environment: ["HOME": folder.path, "XDG_RUNTIME_DIR": folder.path])
        #expect(!check.lines.contains { $0.text.contains("eonayd.service") }, "\(check)")
    }
}
