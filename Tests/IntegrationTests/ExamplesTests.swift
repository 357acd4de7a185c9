// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// The programs of docs/integrate.md, as they stand in docs/examples: each runs against the service with a card.
@Suite(.timeLimit(.minutes(2)))
struct ExamplesTests {
    private static let folder = InterfaceText.contract.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/examples")

    private func example(_ name: String) -> String { Self.folder.appending(path: name).path }

    /// The path of an example in Python. Throws where Debian's Python lacks what it imports.
    private func python(_ name: String, importing module: String, package: String) async throws -> String {
        guard try await TestBench.run(Python.debian, ["-c", "import \(module)"]).succeeded else {
            throw MissingProgram(module, package: package)
        }
        return example(name)
    }

    /// A service that has read a card whose certificate ends in so many days.
    private func bench(daysLeft: Int64 = 400) async throws -> (ServiceBench, TestCard) {
        let bench = try await ServiceBench()
        // An hour more, so that the number of days stays the same.
        let end = Desktop.now() + daysLeft * 86_400 + 3_600
        let card = try await bench.insert(bench.desktop.card(.akis, [CertificateRequest(notAfter: end)]))
        try await bench.token()
        return (bench, card)
    }

    private func run(_ path: String, _ arguments: String..., on desktop: Desktop) async throws -> Finished {
        try await TestBench.run(path, arguments, environment: desktop.environment)
    }

    @Test func busctl() async throws {
        let (bench, card) = try await bench()
        let end = try await run(example("busctl.sh"), on: bench.desktop)
        #expect(try end.check().text.hasPrefix("a(ssxis) 1 "))
        for part in [#""DaysLeft" : {"#, Holder.sukru.name, "b true", "/org/eonay/EOnay1/certificate/"] {
            #expect(end.text.contains(part), "\(part) in \(end)")
        }
        try await card.remove()
    }

    @Test func gdbus() async throws {
        let bench = try await ApprovalBench()
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        let end = try await run(example("gdbus.sh"), on: bench.desktop)
        #expect(try end.check().text.hasPrefix("([{'DecidedAt': <int64 "))
        #expect(end.text.contains("'Decision': <'accept'>"))
        await bench.stop()
    }

    @Test func shell() async throws {
        _ = try Programs.find("jq", package: "jq")
        let script = example("ending.sh")
        let (bench, card) = try await bench(daysLeft: 20)
        let ending = try await run(script, on: bench.desktop)
        #expect(ending.status == .exited(1))
        #expect(ending.text == "\(Holder.sukru.name): 20 days left\n")
        let later = try await run(script, "19", on: bench.desktop)
        #expect(later.succeeded && later.text.isEmpty, "\(later)")
        // Without a service it is not well.
        await bench.service.kill()
        #expect(try await !run(script, "19", on: bench.desktop).succeeded)
        try await card.remove()
    }

    @Test func dasbus() async throws {
        let script = try await python("certificates_dasbus.py", importing: "dasbus", package: "python3-dasbus")
        let (bench, card) = try await bench()
        let end = try await run(script, "3", on: bench.desktop)
        #expect(try end.check().text.hasSuffix(" \(Holder.sukru.name): valid, 400 days left, E-Onay: none\n"))
        let until = try await bench.bus.objects("Certificate").values.first?["SnoozedUntil"]?.int64
        #expect(abs((until ?? 0) - Desktop.now() - 3 * 86_400) < 120)
        try await card.remove()
        let empty = try await ServiceBench(.own(0))
        let refused = try await run(script, "3", on: empty.desktop)
        #expect(refused.status == .exited(1))
        #expect(refused.description.contains("org.eonay.EOnay1.Error.NoCertificate: "), "\(refused)")
    }

    @Test func dbusFast() async throws {
        let script = try await python("watch_dbus_fast.py", importing: "dbus_fast", package: "python3-dbus-fast")
        let bench = try await ServiceBench()
        let watcher = try await ChildProcess.start(script, environment: bench.desktop.environment)
        _ = try await watcher.lines.next { $0.text.hasPrefix("E-Onay 1.") }
        let end = Desktop.now() + 2 * 86_400 + 3_600
        let card = try await bench.insert(bench.desktop.card(.akis, [CertificateRequest(notAfter: end)]))
        _ = try await watcher.lines.next { $0.text.hasPrefix("card in: ") }
        _ = try await watcher.lines.next { $0.text.hasSuffix(" ends in 2 days") }
        try await card.remove()
        _ = try await watcher.lines.next { $0.text == "card out" }
        #expect(watcher.lines.all.allSatisfy { $0.stream == .output }, "\(watcher.lines.all)")
        await watcher.kill()
    }

    /// Gives an E-Onay, with a PIN that a person enters; without a portal it says why not.
    @Test func gio() async throws {
        let folder = try TemporaryFolder()
        let flags = try await TestBench.run(
            Programs.find("pkg-config", package: "pkg-config"), ["--cflags", "--libs", "gio-2.0"]
        ).check().text.split(whereSeparator: \.isWhitespace).map(String.init)
        let (source, program) = (example("approve_gio.c"), folder.file("approve"))
        try await TestBench.run(
            Programs.find("gcc", package: "gcc"), ["-Wall", "-Wextra", "-Werror", "-o", program, source] + flags
        ).check()
        let bench = try await ApprovalBench(withPinentry: true)
        bench.pinentry?.type(bench.card.pin)
        let end = try await run(program, on: bench.desktop)
        #expect(try end.check().text.hasPrefix("recorded "))
        #expect(try await bench.records() == 1)
        await bench.stop()
        let (without, card) = try await self.bench()
        let refused = try await run(program, on: without.desktop)
        #expect(refused.status == .exited(1))
        #expect(refused.description.contains("org.eonay.EOnay1.Error.PortalNotConfigured: "), "\(refused)")
        try await card.remove()
    }

    @Test func gtk4() async throws {
        let script = try await python(
            "window_gtk4.py", importing: "gi; gi.require_version('Gtk', '4.0')", package: "gir1.2-gtk-4.0")
        let (bench, card) = try await bench()
        let display = try await ChildProcess.start(
            Programs.find("Xvfb", package: "xvfb"),
            ["-displayfd", "1", "-screen", "0", "800x480x24", "-nolisten", "tcp"])
        let number = try await display.lines.next { $0.stream == .output }.text
        // The bench has neither Turkish messages of the C library nor a bus for screen readers, and GTK would say so.
        let screen = bench.desktop.environment.merging([
            "DISPLAY": ":\(number)", "GSK_RENDERER": "cairo", "GTK_A11Y": "none", "LC_ALL": "C.UTF-8",
        ]) { $1 }
        let window = try await ChildProcess.start(script, environment: screen)
        /// Waits until a window with that title is on the screen.
        func shows(_ title: String) async throws -> String {
            try await TestBench.run(
                Programs.find("xdotool", package: "xdotool"),
                ["search", "--sync", "--onlyvisible", "--name", "^\(title)$"], environment: screen
            ).check().text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let id = try await shows("E-Onay: 1 of 1 in a reader")
        // Letters are on it: many shades, where an empty window has a handful.
        let colours = try await TestBench.run(
            Programs.find("import", package: "imagemagick"), ["-window", id, "-format", "%k", "info:-"],
            environment: screen
        ).check().text
        #expect(try #require(Int(colours)) > 20)
        try await card.remove()
        _ = try await shows("E-Onay: 0 of 1 in a reader")
        #expect(window.lines.all.isEmpty, "\(window.lines.all)")
        await window.kill()
        await display.kill()
    }

    @Test func swift() async throws {
        let (bench, card) = try await bench()
        let end = try await run(Programs.built("example-certificates"), on: bench.desktop)
        #expect(try end.check().text == "\(Holder.sukru.name): valid, 400 days left\n")
        try await card.remove()
    }

    /// The document shows each example as it stands, without the two lines on its licence.
    @Test func theDocumentShowsTheExamplesAsTheyAre() throws {
        let document = try String(
            contentsOf: Self.folder.deletingLastPathComponent().appending(path: "integrate.md"), encoding: .utf8)
        let names = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path).filter { $0.contains(".") }
        #expect(names.count == 9)
        for name in names {
            let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
                .replacing(/^(#!.*\n)?(# |\/\/ )SPDX-FileCopyrightText.*\n.*SPDX-License.*\n\n?/) { $0.output.1 ?? "" }
            #expect(!text.contains("SPDX"), "\(name)")
            let isShown = document.contains("](examples/\(name))") && document.contains("\n\(text)```\n")
            #expect(isShown || name.hasSuffix(".h") && document.contains("](examples/\(name))"), "\(name)")
        }
    }
}
