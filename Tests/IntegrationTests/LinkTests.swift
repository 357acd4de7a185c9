// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// `eonay open`: what happens when the button on a portal's page is pressed, and when somebody else pretends that it was.
@Suite(.timeLimit(.minutes(1)))
struct LinkTests {
    /// A browser that only tells what it was told to open.
    private final class FakeBrowser: Sendable {
        let path: String
        let opened: ChildProcess

        init(in desktop: Desktop) async throws {
            let folder = try desktop.folder.makeFolder("browser")
            let told = desktop.folder.file("browser/told")
            try #require(mkfifo(told, 0o600) == 0)
            let program = try desktop.folder.write("browser/xdg-open", "#!/bin/sh\necho \"$# $1\" >'\(told)'\n")
            chmod(program, 0o700)
            path = "\(folder):/usr/bin:/bin"
            opened = try await ChildProcess.start("/bin/sh", ["-c", "exec cat <>'\(told)'"])
        }
    }

    private func open(
        _ address: String, _ bench: ApprovalBench, _ browser: FakeBrowser, options: [String] = []
    ) async throws -> ChildProcess {
        try await bench.desktop.start("eonay", ["open"] + options + [address], environment: ["PATH": browser.path])
    }

    private func link(_ code: String, _ portal: String) -> String {
        "eonay://sign?code=\(code)&portal=\(portal.replacing(":", with: "%3A").replacing("/", with: "%2F"))"
    }

    @Test func aPressedButtonSignsAndTheBrowserGoesOn() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        let pinentry = try #require(bench.pinentry)
        let web = try Web(bench.origin)
        let program = try await open(link(try await web.openSession(), bench.origin), bench, browser)
        pinentry.type("yes")
        pinentry.type(bench.card.pin)
        let page = try await browser.opened.lines.next { $0.text.hasPrefix("1 ") }.text.dropFirst(2)
        #expect(page.hasPrefix("\(bench.origin)/continue#"))
        let number = String(page.suffix(6))
        #expect(await program.end() == .exited(0))
        // The desktop runs it without a terminal: what it writes ends up in the session's log.
        #expect(!program.lines.all.contains { $0.text.contains(number) })
        // First whether at all, then the PIN; both show who asks what.
        #expect(pinentry.questions == ["CONFIRM", "GETPIN"])
        #expect(pinentry.shown.contains { $0.contains(bench.origin) })
        #expect(try await web.post("/session/confirm", ["number": number])["state"] as? String == "logged-in")
        await bench.stop()
    }

    @Test func whoDoesNotGoOnIsNotAskedForAPIN() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        let web = try Web(bench.origin)
        let program = try await open(link(try await web.openSession(), bench.origin), bench, browser)
        bench.pinentry?.cancel()
        #expect(await program.end() != .exited(0))
        #expect(bench.pinentry?.questions == ["CONFIRM"])
        #expect(bench.pinentry?.shown.contains { $0.contains("web sayfası") || $0.contains("web page") } == true)
        #expect(bench.verifications == 0)
        #expect(try await web.get("/session")["state"] as? String == "login")
        #expect(browser.opened.lines.all.isEmpty)
        await bench.stop()
    }

    /// As desktops do that read `DBusActivatable`: GLib's opener calls the bus, and runs no program of ours.
    @Test func anAddressThatComesByTheBusIsAskedAboutAsWell() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        try await bench.restartService(signal: SIGTERM, environment: ["PATH": browser.path])
        _ = try bench.desktop.installDesktopFile()
        let web = try Web(bench.origin)
        let address = link(try await web.openSession(), bench.origin)
        try await bench.desktop.run("gio", "open", address, package: "libglib2.0-bin").check()
        bench.pinentry?.type("yes")
        bench.pinentry?.type(bench.card.pin)
        let page = try await browser.opened.lines.next { $0.text.hasPrefix("1 ") }.text.dropFirst(2)
        #expect(page.hasPrefix("\(bench.origin)/continue#"))
        #expect(bench.pinentry?.questions == ["CONFIRM", "GETPIN"])
        #expect(bench.pinentry?.shown.contains { $0.contains(bench.origin) } == true)
        let number = String(page.suffix(6))
        #expect(try await web.post("/session/confirm", ["number": number])["state"] as? String == "logged-in")
        await bench.stop()
    }

    @Test func aHostileAddressThatComesByTheBusDoesNothing() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let good = link("638856212993845", bench.origin)
        for address in ["\(good)&pin-fd=0", "\(good)#1", "https://evil.example/?\(good)", "eonay:--accept"] {
            let end = try await bench.desktop.run(
                "gapplication", "launch", SessionBus.name, address, package: "libglib2.0-bin")
            #expect(end.status == .exited(1), "\(address)")
            #expect(end.lines.contains { $0.text.contains("org.eonay.EOnay1.Error.InvalidArgument") }, "\(end)")
        }
        #expect(bench.pinentry?.questions.isEmpty == true)
        #expect(try await bench.bus.objects("Approval").isEmpty)
        await bench.stop()
    }

    @Test func aHostileAddressDoesNothing() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        let code = try await Web(bench.origin).openSession()
        let good = link(code, bench.origin)
        for (address, word) in [
            ("\(good)&portal=https://evil.example", "repetition"), ("\(good)&pin-fd=0", "parameter"),
            ("\(good)#\(code)", "form"), ("\(good)%0A", "escape"), ("\(good) --terminal", "character"),
            ("https://evil.example/?\(good)", "scheme"), ("eonay://sign?code=1&portal=\(bench.origin)", "code"),
            ("eonay://sign?code=\(code)&portal=http://evil.example", "portal"),
            (link(code, "https://evil.example"), ""), (link(code, "http://127.0.0.1:1"), ""),
        ] {
            // The word for it is a program's, so no sentence says it.
            let program = try await open(address, bench, browser, options: word.isEmpty ? [] : ["--json"])
            let end = await program.end()
            if word.isEmpty {
                #expect(end != .exited(0) && end != .exited(2))
                #expect(program.lines.all.contains { $0.text.contains("portal") })
            } else {
                #expect(end == .exited(2), "\(word)")
                #expect(program.lines.all.contains { $0.text.contains("\"\(word)\"") }, "\(word)")
            }
        }
        for address in ["--certificate=00112233", "-c", "--pin-fd"] {
            #expect(await (try open(address, bench, browser)).end() == .exited(2))
        }
        #expect(bench.pinentry?.questions.isEmpty == true)
        #expect(bench.verifications == 0)
        #expect(try await bench.bus.objects("Approval").isEmpty)
        #expect(browser.opened.lines.all.isEmpty)
        await bench.stop()
    }

    /// The attack that the number is for (contract/portal.md, "Who may go on with a signed login").
    @Test func aCodeThatAStrangerAskedForDoesNotSignTheStrangerIn() async throws {
        let bench = try await ApprovalBench()
        let (stranger, owner) = (try Web(bench.origin), try Web(bench.origin))
        // The stranger knows my number, asks for a code with it, and talks me into signing it.
        let approval = try await bench.sign(try await stranger.openSession())
        #expect(try await bench.end(of: approval) == End("signed"))
        let number = try #require(try await bench.facts(approval)["ConfirmationNumber"]?.string)

        #expect(try await stranger.get("/session")["state"] as? String == "confirm")
        #expect(try await stranger.get("/status")["type"] as? String == "urn:eonay:problem:not-logged-in")
        // My own browser has the number, and another session.
        _ = try await owner.openSession()
        #expect(try await owner.post("/session/confirm", ["number": number])["state"] == nil)
        #expect(try await owner.get("/status")["type"] as? String == "urn:eonay:problem:not-logged-in")
        // Three guesses, and the session is over, for the right number, too.
        let wrong = (1...3).map { String(String((Int(number) ?? 0) + 1_000_000 + $0).suffix(6)) }
        for guess in wrong {
            let problem = try await stranger.post("/session/confirm", ["number": guess])["type"] as? String
            #expect(["wrong-number", "no-session"].map { "urn:eonay:problem:\($0)" }.contains(problem ?? ""))
        }
        #expect(try await stranger.post("/session/confirm", ["number": number])["state"] == nil)
        #expect(try await stranger.get("/status")["consent"] == nil)
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test func aQuestionThatNobodyCanAnswerIsRefusedAtOnce() async throws {
        let bench = try await ApprovalBench()
        for options in [["confirm": Value.bool(true), "interactive": .bool(false)]] {
            #expect(await bench.refusal("SignCode", "", "638856212993845", options) == "InvalidArgument")
        }
        await bench.stop()
    }

    /// The same attack by a link: it is my desktop's browser that is handed the number, and that has another session.
    @Test func aStrangersLinkSignsNobodyIn() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        let stranger = try Web(bench.origin)
        let program = try await open(link(try await stranger.openSession(), bench.origin), bench, browser)
        bench.pinentry?.type("yes")
        bench.pinentry?.type(bench.card.pin)
        _ = try await browser.opened.lines.next { $0.text.contains("/continue#") }
        #expect(await program.end() == .exited(0))
        #expect(try await stranger.get("/session")["state"] as? String == "confirm")
        #expect(try await stranger.get("/status")["type"] as? String == "urn:eonay:problem:not-logged-in")
        await bench.stop()
    }

    @Test func aConsentIsSignedByALinkAndNeedsNoNumber() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        let pinentry = try #require(bench.pinentry)
        let web = try Web(bench.origin)
        try await web.signIn(bench)
        let challenge = try await web.post("/decision", ["decision": "accept", "statementVersion": "2026-01"])
        let code = try #require(challenge["code"] as? String)
        let program = try await open(link(code, bench.origin), bench, browser)
        pinentry.type("yes")
        pinentry.type(bench.card.pin)
        #expect(await program.end() == .exited(0))
        // The person sees the declaration before the PIN is asked.
        #expect(pinentry.shown.contains { $0.contains("KABUL EDİYORUM") })
        #expect(try await web.get("/session")["state"] as? String == "recorded")
        #expect(browser.opened.lines.all.isEmpty)
        await bench.stop()
    }

    @Test func theCardMayComeAfterTheClick() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        try await bench.card.remove()
        try await bench.bus.until { try await $0.objects("Token").isEmpty }
        let web = try Web(bench.origin)
        let program = try await open(link(try await web.openSession(), bench.origin), bench, browser)
        try await bench.bus.until {
            try await $0.objects("Approval").contains { $0.value["State"]?.string == "waiting-for-token" }
        }
        try await bench.card.insert()
        bench.pinentry?.type("yes")
        bench.pinentry?.type(bench.card.pin)
        #expect(await program.end() == .exited(0))
        await bench.stop()
    }

    /// The old card and the new one are both known, and neither is in: the one that is put in is meant.
    @Test func ofTwoCardsTheOneThatIsPutInSigns() async throws {
        let bench = try await ApprovalBench(withPinentry: true, readers: 2)
        let browser = try await FakeBrowser(in: bench.desktop)
        let other = try TestCard(
            try bench.desktop.card(.piv, [CertificateRequest(keyType: .p256)]), in: bench.desktop.pcscd.readers[1])
        try await other.insert()
        _ = try await ApprovalBench.certificate(on: bench.bus)
        try await bench.card.remove()
        try await other.remove()
        try await bench.bus.until { try await $0.objects("Token").isEmpty }
        let web = try Web(bench.origin)
        let program = try await open(link(try await web.openSession(), bench.origin), bench, browser)
        try await other.insert()
        bench.pinentry?.type("yes")
        bench.pinentry?.type(other.pin)
        #expect(await program.end() == .exited(0))
        #expect(bench.verifications == 0)
        await bench.stop()
    }

    @Test func aSecondClickIsToldThatTheFirstGoesOn() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let browser = try await FakeBrowser(in: bench.desktop)
        let address = link(try await Web(bench.origin).openSession(), bench.origin)
        let first = try await open(address, bench, browser)
        try await bench.bus.until {
            try await $0.objects("Approval").contains { $0.value["State"]?.string == "waiting-for-pin" }
        }
        let second = try await open(address, bench, browser)
        #expect(await second.end() != .exited(0))
        #expect(second.lines.all.contains { $0.text.contains("going on already") || $0.text.contains("zaten sürüyor") })
        bench.pinentry?.cancel()
        #expect(await first.end() != .exited(0))
        #expect(bench.pinentry?.questions == ["CONFIRM"])
        await bench.stop()
    }
}
