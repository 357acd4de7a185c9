// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import BusContract
import Foundation
import Glibc
import TestBench
import Testing
import VirtualCard

/// The menu's entry as desktops use it: by the desktop file, GLib's own client of `org.freedesktop.Application`, and a real bus and screen.
@Suite(.timeLimit(.minutes(2))) struct ApplicationOnTheBusTests {
    private func gapplication(_ arguments: String..., on desktop: Desktop) async throws -> Finished {
        try await TestBench.run(
            Programs.find("gapplication", package: "libglib2.0-bin"), arguments, environment: desktop.environment)
    }

    @Test func launchingItStartsTheServiceWhichShowsWhatToDo() async throws {
        let desktop = try await Desktop()
        let screen = try await Screen(on: desktop)
        let bus = try await SessionBus(desktop)
        try await desktop.installService(bus)
        try await gapplication("launch", SessionBus.name, on: desktop).check()
        try await screen.shows("Henüz bilinen bir sertifika yok")
        // A desktop that does not call the bus runs the command, and the notice takes the place of the first.
        let card = try await desktop.pcscd.insert(desktop.card())
        try await screen.shows("Kart takıldı")
        try await desktop.run("eonay", "open").check()
        try await screen.shows("Bu bilgisayarda E-Onay verilmemiş.")
        try await screen.waitFor(count: 2)
        try await bus.endService()
        try await card.remove()
    }

    /// The second by the command that stands in the desktop file.
    @Test(arguments: [true, false])
    func anActionGivesEOnayOnceItsPersonHasEnteredThePIN(byTheBus: Bool) async throws {
        let (desktop, portal, pinentry) = try await FakePinentry.desktopWithPortal()
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await bench.token()
        let end =
            byTheBus
            ? try await gapplication("action", SessionBus.name, "approve", on: desktop)
            : try await desktop.run("eonayd", "--action", "approve")
        try end.check()
        try await pinentry.asked()
        // Its person sees what is signed, and which program asked.
        #expect(pinentry.shown.contains { $0.contains("KABUL EDİYORUM") })
        pinentry.type(card.pin)
        try await screen.shows("E-Onayınız kaydedildi")
        #expect(try await bench.bus.objects("Approval").first?.value["Result"]?.string == "recorded")
        await portal.process.kill()
    }

    @Test func aWrongActionIsRefusedByName() async throws {
        let bench = try await ServiceBench()
        for words in [["nonsense"], ["approve", "7"], ["snooze", "'nonsense'"]] {
            let end = try await TestBench.run(
                Programs.find("gapplication", package: "libglib2.0-bin"), ["action", SessionBus.name] + words,
                environment: bench.desktop.environment)
            #expect(end.status == .exited(1))
            #expect(end.lines.contains { $0.text.contains("org.eonay.EOnay1.Error.InvalidArgument") }, "\(end)")
        }
        #expect(try await bench.desktop.run("eonayd", "--action", "nonsense").status == .exited(1))
        #expect(try await bench.bus.objects("Approval").isEmpty)
    }

    @Test func theDesktopFileNamesTheActionsInBothLanguages() async throws {
        let desktop = try await Desktop()
        let file = try desktop.installDesktopFile()
        let check = try await TestBench.run(
            Programs.find("desktop-file-validate", package: "desktop-file-utils"), ["--warn-kde", file])
        #expect(check.succeeded && check.lines.isEmpty, "\(check)")
        let listed = try await gapplication("list-actions", SessionBus.name, on: desktop).check().text
        #expect(listed.split(separator: "\n").map(String.init) == ApplicationAction.allCases.map(\.rawValue))
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for action in ApplicationAction.allCases {
            let group = try #require(
                text.split(separator: "\n\n").first { $0.hasPrefix("[Desktop Action \(action.rawValue)]") })
            #expect(group.contains("\nName=") && group.contains("\nName[tr]="))
            #expect(
                group.hasSuffix("eonayd --action \(action.rawValue)") || group.contains("--action \(action.rawValue)\n")
            )
        }
        for key in ["DBusActivatable=true", "Comment[tr]=", "GenericName[tr]=", "Keywords[tr]="] {
            #expect(text.contains("\n\(key)"))
        }
    }
}

extension Desktop {
    /// Writes the desktop file where this session's programs look for it, with our programs where they were built, and has it open `eonay:`
    /// addresses. Returns its path.
    func installDesktopFile() throws -> String {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let built = URL(filePath: try Programs.built("eonayd")).deletingLastPathComponent().path
        _ = try folder.makeFolder("data/applications")
        _ = try folder.write(
            "data/applications/mimeapps.list",
            "[Default Applications]\nx-scheme-handler/eonay=org.eonay.EOnay1.desktop\n")
        return try folder.write(
            "data/applications/org.eonay.EOnay1.desktop",
            String(contentsOf: sources.appending(path: "dbus/org.eonay.EOnay1.desktop.in"), encoding: .utf8)
                .replacing("@LIBEXECDIR@", with: built).replacing("@BINDIR@", with: built))
    }

    /// Has the bus start the service when it is called, as an installed one.
    func installService(_ bus: SessionBus) async throws {
        let variables = environment.map { "'\($0.key)=\($0.value)'" }.sorted().joined(separator: " ")
        let starter = try folder.write(
            "start", "#!/bin/sh\nexec env \(variables) '\(try Programs.built("eonayd"))'\n")
        chmod(starter, 0o755)
        try self.bus.addService(SessionBus.name, command: starter)
        _ = try await bus.connection.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReloadConfig")
    }
}

extension SessionBus {
    /// Ends a service that the bus has started.
    func endService() async throws {
        if let process = try await connection.credentials(of: Self.name).process { kill(process, SIGTERM) }
    }
}
