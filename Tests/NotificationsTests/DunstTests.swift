// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

/// With a real notification server on a real (if invisible) screen.
@Suite(.timeLimit(.minutes(1)))
struct DunstTests {
    @Test func anActionChosenInDunstArrives() async throws {
        let desktop = try await DunstDesktop()
        desktop.show("a", actions: "renew=Yenile", "later=Sonra hatırlat")
        try await desktop.event("shown a")
        try await desktop.run("dunstctl", "action", "0")
        try await desktop.event("action a renew")
    }

    @Test func aClickOnTheNotificationArrivesAndItIsDismissed() async throws {
        let desktop = try await DunstDesktop()
        desktop.show("a", actions: "default=Aç")
        try await desktop.run("xdotool", "search", "--sync", "--onlyvisible", "--class", "^Dunst$")
        try await desktop.run("xdotool", "mousemove", "700", "40", "click", "1")
        try await desktop.event("action a default")
        try await desktop.event("closed a dismissed")
    }

    @Test func newContentReplacesAndNothingIsStacked() async throws {
        let desktop = try await DunstDesktop()
        for text in ["bir", "iki", "üç"] {
            desktop.show("a", summary: text)
            try await desktop.event("shown a")
        }
        desktop.show("b")
        try await desktop.event("shown b")
        #expect(try await desktop.run("dunstctl", "count", "displayed") == "2\n")
        desktop.notifier.closeInput()
        try await desktop.event("stopped")
    }

    @Test func aNotificationExpiresWhenItWasToldTo() async throws {
        let desktop = try await DunstDesktop()
        desktop.show("a", lifetime: "50")
        try await desktop.event("closed a expired")
    }

    @Test func aPictureOfItCanBeTaken() async throws {
        let desktop = try await DunstDesktop()
        let folder = try TemporaryFolder()
        desktop.show("a", summary: "Süre doluyor", body: "Ş & <b>ğ</b>: 3 gün", urgency: "critical")
        try await desktop.run(DunstDesktop.scripts + "/screenshot-notification", folder.file("a.png"))
        let colours = try await desktop.run("identify", "-format", "%w %k", folder.file("a.png"))
            .split(separator: " ").compactMap { Int($0) }
        #expect(colours.count == 2 && colours[0] > 100 && colours[1] > 10, "\(colours)")
    }
}

/// scripts/notification-desktop with a notifier on it.
struct DunstDesktop {
    static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scripts").path

    let notifier: ChildProcess
    private let environment: [String: String]

    init() async throws {
        for (program, package) in [("dunst", "dunst"), ("Xvfb", "xvfb"), ("gdbus", "libglib2.0-bin")] {
            _ = try Programs.find(program, package: package)
        }
        notifier = try await ChildProcess.start(
            Self.scripts + "/notification-desktop", [Programs.built("notifier")])
        let line = try await notifier.lines.next { $0.text.hasPrefix("desktop ") }.text
        environment = Dictionary(
            uniqueKeysWithValues: line.split(separator: " ").dropFirst().map { variable in
                let parts = variable.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], parts[1])
            })
        try await event("ready")
    }

    func show(
        _ key: String, summary: String = "Kart takıldı", body: String = "", urgency: String = "normal",
        lifetime: String = "dismissed", actions: String...
    ) {
        notifier.write(line: (["show", key, summary, body, urgency, lifetime] + actions).joined(separator: "\t"))
    }

    func event(_ text: String) async throws { try await notifier.lines.next { $0.text == text } }

    /// Runs a program on the desktop and gives back what it printed.
    @discardableResult
    func run(_ program: String, _ arguments: String...) async throws -> String {
        let packages = ["dunstctl": "dunst", "xdotool": "xdotool", "identify": "imagemagick"]
        let path = program.contains("/") ? program : try Programs.find(program, package: packages[program] ?? program)
        return try await TestBench.run(path, arguments, environment: environment).check().text
    }
}
