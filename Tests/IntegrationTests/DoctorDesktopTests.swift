// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import Foundation
import Glibc
import PortalBench
import TestBench
import Testing
import TokenBench
import VirtualCard

/// `eonay doctor` from the PIN's prompt to the portal and the responder, and where all is well.
@Suite(.timeLimit(.minutes(3)))
struct DoctorDesktopTests {
    private static let statement = Step.json(
        #"{"version": "2026-01", "accept": "KABUL EDİYORUM.", "decline": "KABUL ETMİYORUM."}"#)

    /// A desktop on which an approval could be given, its card in.
    private func ready(
        addresses: AuthorityAddresses = AuthorityAddresses()
    ) async throws -> (desktop: Desktop, card: TestCard, parts: [Any]) {
        let desktop = try await Desktop(environment: ["DISPLAY": ":99"], addresses: addresses)
        let portal = try await desktop.startPortal()
        let pinentry = try await FakePinentry(in: desktop)
        try desktop.configure(
            "[Prompt]\nPinentry=\(pinentry.path)\n\n[Portal \"deneme\"]\nOrigin=\(portal.origin)\n")
        let screen = try await Screen(on: desktop)
        let service = try await desktop.startService()
        let card = try await desktop.pcscd.insert(desktop.card())
        return (desktop, card, [portal, pinentry, screen, service])
    }

    @Test func allIsWell() async throws {
        let responder = try ScriptedPortal([String](repeating: Step.json("{}", status: 405), count: 8))
        let (desktop, card, parts) = try await ready(
            addresses: AuthorityAddresses(ocsp: "http://127.0.0.1:\(responder.port)/"))
        let autostart = try desktop.folder.makeFolder("config/autostart")
        try Data().write(to: URL(filePath: autostart + "/org.eonay.EOnay1.autostart.desktop"))
        let answer = try await desktop.diagnosis()
        let needed = [
            "pcscd.running", "reader.connected", "card.in", "driver.reads", "certificate.good", "prompt.works",
            "notifications.shown", "configuration.good", "record.good", "service.running", "portal.reached",
            "responder.reached",
        ]
        for code in needed { #expect(answer.lines.contains(code + " fine"), "\(code): \(answer.lines)") }
        #expect(answer.isApprovable)
        #expect(!answer.lines.contains { $0.hasPrefix("service.no-autostart") })
        try await card.remove()
        withExtendedLifetime(parts) {}
    }

    @Test func aReportNamesNobodyAndReplacesNothing() async throws {
        let (desktop, card, parts) = try await ready()
        try desktop.configure("[Portal \"Ali Veli\"]\nOrigin=http://127.0.0.1:9\n[Nobody 10000000146]\n")
        let file = desktop.folder.file("report")
        let first = try await desktop.doctor(["--report", file])
        #expect(first.status == .exited(8), "\(first)")
        let report = try String(contentsOfFile: file, encoding: .utf8)
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        for word in ["[driver.reads]", "[certificate.good]", "[portal.unreachable]", "[configuration.line]", "3B "] {
            #expect(report.contains(word), "\(word): \(report)")
        }
        let certificate = try await TestBench.run(
            Programs.find("openssl", package: "openssl"), ["x509", "-inform", "DER", "-noout", "-serial"],
            input: card.description.contents[0].certificate
        ).check().text.trimmingCharacters(in: .whitespacesAndNewlines).replacing("serial=", with: "")
        let secrets =
            [Holder.sukru.identity, card.pin, certificate, desktop.folder.path, desktop.pcscd.readers[0].name, "Veli"]
            + Holder.sukru.name.split(separator: " ").map(String.init)
        for secret in secrets {
            #expect(!report.lowercased().contains(secret.lowercased()), "\(secret): \(report)")
        }
        // A number that could be a person's stands nowhere.
        #expect(report.firstMatch(of: /[0-9]{8}/) == nil, "\(report)")
        let before = try Data(contentsOf: URL(filePath: file))
        #expect(try await desktop.doctor(["--report", file]).status == .exited(4))
        #expect(try Data(contentsOf: URL(filePath: file)) == before)
        // What is a link to something is not written through.
        let target = try desktop.folder.write("precious", "precious")
        let link = desktop.folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(try await desktop.doctor(["--report", link, "--force"]).status == .exited(8))
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "precious")
        #expect(try await desktop.doctor(["--report", desktop.folder.path, "--force"]).status == .exited(4))
        try await card.remove()
        withExtendedLifetime(parts) {}
    }

    // MARK: - Prompt and notifications

    @Test func noDisplayNoPinentryAndAPinentryThatFails() async throws {
        let desktop = try await Desktop()
        #expect(try await desktop.diagnosis().about("prompt") == ["prompt.no-display fault"])
        let none = try await desktop.diagnosis(
            environment: ["DISPLAY": ":99"],
            after: "for file in /usr/bin/pinentry*; do mount --bind /dev/null \"$file\"; done")
        #expect(none.about("prompt") == ["prompt.no-pinentry fault"])
        #expect(none.text(of: "prompt.no-pinentry").hasSuffix("sudo apt install pinentry-gnome3"))
        try desktop.configure("[Prompt]\nPinentry=/bin/true\n")
        #expect(
            try await desktop.diagnosis(environment: ["DISPLAY": ":99"]).about("prompt") == ["prompt.failed fault"])
    }

    @Test func withoutADisplayATerminalIsLeft() async throws {
        let terminal = try PseudoTerminal()
        let answer = try await Desktop().diagnosis(after: "exec <\"$1\"", terminal.path)
        #expect(answer.about("prompt") == ["prompt.terminal-only warning"])
        withExtendedLifetime(terminal) {}
    }

    @Test func aNotificationServerWithoutButtons() async throws {
        let desktop = try await Desktop()
        // Debian's interpreter is the one that sees Debian's module (python3-dbusmock), whatever comes first in PATH.
        let server = try await ChildProcess.start(
            "/usr/bin/python3",
            ["-m", "dbusmock", "--template", "notification_daemon", "--parameters", #"{"capabilities": "body"}"#],
            environment: desktop.environment)
        let name = "org.freedesktop.Notifications"
        try await desktop.run("gdbus", "wait", "--session", "--timeout", "20", name, package: "libglib2.0-bin").check()
        let answer = try await desktop.diagnosis()
        #expect(answer.about("notifications") == ["notifications.no-buttons warning"])
        await server.kill()
    }

    @Test func noNotificationServerAndOneThatHangs() async throws {
        let desktop = try await Desktop()
        #expect(try await desktop.diagnosis().about("notifications") == ["notifications.none warning"])
        let screen = try await Screen(on: desktop)
        #expect(try await desktop.diagnosis().about("notifications") == ["notifications.shown fine"])
        screen.hang()
        #expect(try await desktop.diagnosis().about("notifications") == ["notifications.no-answer unknown"])
        try desktop.configure("[Notifications]\nEnabled=false\n")
        #expect(try await desktop.diagnosis().about("notifications") == ["notifications.off warning"])
    }

    // MARK: - Files

    @Test func eachBadLineIsNamed() async throws {
        let desktop = try await Desktop()
        try desktop.configure("[Reminders]\nRenewalDays=soon\n[Tokenz]\n")
        let answer = try await desktop.diagnosis()
        #expect(answer.about("configuration") == ["configuration.line warning", "configuration.line warning"])
        #expect(answer.text(of: "configuration.line").contains("eonay.conf:6: RenewalDays in [Reminders]"))
        // A file of something else altogether: ten of its lines, and where the others are shown.
        try desktop.configure((1...14).map { "[Group\($0)]\n" }.joined())
        let long = try await desktop.diagnosis()
        #expect(long.about("configuration").count == 11)
        #expect(long.findings.contains { $0["sentence"] as? String == "Further lines that do not count: 4" })
    }

    @Test(arguments: ["read-only", "full", "unwritable", "open-to-others"])
    func aRecordThatCannotBeKept(_ kind: String) async throws {
        let desktop = try await Desktop()
        let folder = desktop.folder.file("state/eonay")
        #expect(try await desktop.diagnosis().about("record") == ["record.good fine"])
        #expect(!FileManager.default.fileExists(atPath: folder), "nothing is made")
        _ = try desktop.folder.makeFolder("state/eonay")
        chmod(folder, kind == "open-to-others" ? 0o755 : 0o700)
        let script =
            switch kind {
            case "read-only": "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\""
            case "full":
                // cat ends with an error, since that is what a full disk gives it.
                "mount -t tmpfs -o size=64k,mode=700 tmpfs \"$1\"; cat /dev/zero >\"$1/ballast\" 2>/dev/null || true"
            case "unwritable": "mount -t tmpfs -o mode=700,uid=65534 tmpfs \"$1\""
            default: ":"
            }
        let answer = try await desktop.diagnosis(after: script, folder)
        #expect(answer.about("record") == ["record.\(kind) \(kind == "open-to-others" ? "warning" : "fault")"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    /// As an NFS server without locks answers.
    @Test(arguments: ["ENOLCK", "EOPNOTSUPP"])
    func aFileSystemWithoutLocks(_ error: String) async throws {
        let strace = try Programs.find("strace", package: "strace")
        let script = "exec \"$1\" -f -o /dev/null -e trace=flock -e inject=flock:error=\(error) \"$0\" doctor --json"
        let answer = try await Desktop().diagnosis(after: script, strace)
        #expect(answer.about("record") == ["record.no-locks fault"])
    }

    @Test func aRecordThatAnotherServiceKeeps() async throws {
        let bench = try await ServiceBench()
        let other = try await PrivateBus.start()
        let words = bench.desktop.environment.merging(other.environment) { $1 }.map { "\($0.key)=\($0.value)" }
        try other.addService(
            SessionBus.name,
            command: "/usr/bin/env \(words.sorted().joined(separator: " ")) \(Programs.built("eonayd"))")
        let bus = try await SessionBus(address: other.address)
        let daemon = "org.freedesktop.DBus"
        _ = try await bus.connection.call(daemon, "/org/freedesktop/DBus", daemon, "ReloadConfig")
        _ = try await bus.call("Status")
        #expect(try await bench.desktop.diagnosis().about("record") == ["record.good fine"])
        let answer = try await bench.desktop.diagnosis(environment: other.environment)
        #expect(answer.about("record") == ["record.unkept fault"])
        #expect(answer.text(of: "record.unkept").hasSuffix("journalctl --user -u eonayd"))
        #expect(!answer.isApprovable)
        kill(try #require(try await bus.connection.credentials(of: SessionBus.name).process), SIGTERM)
    }

    @Test func aServiceThatHangs() async throws {
        let bench = try await ServiceBench()
        bench.service.send(signal: SIGSTOP)
        let answer = try await bench.desktop.diagnosis()
        #expect(answer.about("service") == ["service.silent fault"])
        #expect(answer.text(of: "service.silent").hasSuffix("systemctl --user restart eonayd"))
        bench.service.send(signal: SIGCONT)
        #expect(try await bench.desktop.diagnosis().about("service").first == "service.running fine")
    }

    @Test func activationAutostartAndNoBus() async throws {
        let desktop = try await Desktop()
        let before = try await desktop.diagnosis()
        #expect(before.about("service").prefix(1) == ["service.no-activation fault"])
        #expect(before.lines.contains("service.no-autostart warning"))
        try desktop.bus.addService("org.eonay.EOnay1", command: Programs.built("eonayd"))
        try await TestBench.run(
            Programs.find("busctl", package: "systemd"),
            [
                "--user", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                "ReloadConfig",
            ],
            environment: desktop.environment
        ).check()
        let autostart = try desktop.folder.makeFolder("config/autostart")
        try Data().write(to: URL(filePath: autostart + "/org.eonay.EOnay1.autostart.desktop"))
        let after = try await desktop.diagnosis()
        #expect(after.about("service").prefix(1) == ["service.startable fine"])
        #expect(!after.lines.contains("service.no-autostart warning"))
        let noBus = try await desktop.diagnosis(environment: ["DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"])
        #expect(noBus.about("service") == ["service.no-bus fault"])
        #expect(noBus.about("notifications") == ["notifications.not-looked-at unknown"])
    }

    // MARK: - Portal and responder

    private func portal(_ desktop: Desktop, _ origin: String, _ more: String = "") async throws -> DoctorAnswer {
        try desktop.configure("[Portal \"deneme\"]\nOrigin=\(origin)\n\(more)\n")
        return try await desktop.diagnosis()
    }

    @Test func aPortalThatIsNotThereOrIsNone() async throws {
        let desktop = try await Desktop()
        #expect(try await desktop.diagnosis().about("portal") == ["portal.none fault"])
        #expect(try await portal(desktop, "http://127.0.0.1:9").about("portal") == ["portal.unreachable fault"])
        let foreign = try ScriptedPortal([Step.json("[]", type: "text/html")])
        #expect(try await portal(desktop, foreign.origin.text).about("portal") == ["portal.foreign fault"])
    }

    @Test func aPortalThatHangs() async throws {
        let hanging = try ScriptedPortal([Step.hang])
        #expect(try await portal(Desktop(), hanging.origin.text).about("portal") == ["portal.silent fault"])
    }

    @Test func aPortalWhoseCertificateIsNotTrusted() async throws {
        let desktop = try await Desktop()
        let identity = desktop.folder.file("identity.pem")
        try await TestBench.run(
            Programs.find("openssl", package: "openssl"),
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", identity,
                "-subj", "/CN=portal", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-out",
                identity + ".crt",
            ]
        ).check()
        let certificate = try String(contentsOfFile: identity + ".crt", encoding: .utf8)
        try (String(contentsOfFile: identity, encoding: .utf8) + certificate).write(
            toFile: identity, atomically: true, encoding: .utf8)
        let server = try ScriptedPortal([Self.statement, Self.statement], identity: identity)
        let origin = "https://127.0.0.1:\(server.port)"
        #expect(try await portal(desktop, origin).about("portal") == ["portal.tls fault"])
        #expect(
            try await portal(desktop, origin, "CAFile=\(identity).crt").about("portal") == ["portal.reached fine"])
    }

    @Test(arguments: [(-3600, "fault"), (100, "warning"), (0, nil)] as [(Int64, String?)])
    func aClockThatIsOff(by seconds: Int64, state: String?) async throws {
        var time = time_t(Desktop.now() + seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        let date = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let server = try ScriptedPortal([
            Self.statement, #"{"status": 404, "body": "", "headers": {"Date": "\#(date)"}}"#,
        ])
        let answer = try await portal(Desktop(), server.origin.text)
        #expect(answer.about("portal") == ["portal.reached fine"] + (state.map { ["portal.clock-off \($0)"] } ?? []))
        #expect(state != "fault" || answer.text(of: "portal.clock-off").contains("ahead"))
    }

    @Test func noResponderIsNamed() async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card())
        #expect(try await desktop.diagnosis().about("responder") == ["responder.none fine"])
        try await card.remove()
    }

    @Test func aResponderThatDoesNotAnswer() async throws {
        let hanging = try ScriptedPortal([Step.hang])
        for address in ["http://127.0.0.1:9/", "http://127.0.0.1:\(hanging.port)/"] {
            let desktop = try await Desktop(addresses: AuthorityAddresses(ocsp: address))
            let card = try await desktop.pcscd.insert(desktop.card())
            #expect(try await desktop.diagnosis().about("responder") == ["responder.unreachable warning"])
            try await card.remove()
        }
    }
}
