// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing

@Suite(.timeLimit(.minutes(1)))
struct NotifierTests {
    @Test func aNotificationReachesTheServerAsItWasAsked() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show(
            "card", summary: "Süre doluyor", body: "3 gün", urgency: "critical", actions: "renew=Yenile", "later=Sonra")
        let call = try await server.notified()
        #expect(call.contains(#""E-Onay" 0"#))
        #expect(call.contains(#""Süre doluyor" "3 gün" ["renew", "Yenile", "later", "Sonra"]"#))
        #expect(call.contains(#""urgency": 2"#))
        #expect(call.contains(#""desktop-entry": "org.eonay.EOnay1""#))
        #expect(call.hasSuffix(" -1"))
    }

    @Test func sameKeyIsReplacedInPlace() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", summary: "bir")
        _ = try await server.notified(containing: "bir")
        bench.show("b", summary: "iki")
        bench.show("a", summary: "üç")
        #expect(try await server.notified(containing: "iki").contains(#""E-Onay" 0"#))
        #expect(try await server.notified(containing: "üç").contains(#""E-Onay" 1"#))
    }

    @Test func namesWithMarkupCharactersAreSafe() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", body: "Ş & <b>İ</b>")
        #expect(try await server.notified().contains("\"Ş &amp; &lt;b&gt;İ&lt;/b&gt;\""))
    }

    @Test func aServerWithoutMarkupGetsPlainText() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer(capabilities: "body actions")
        bench.show("a", body: "Ş & <b>İ</b>")
        #expect(try await server.notified().contains("\"Ş & <b>İ</b>\""))
    }

    @Test func aServerWithoutActionsGetsNoneAndThatIsToldOnce() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer(capabilities: "body")
        bench.show("a", actions: "renew=Yenile")
        bench.show("b", actions: "renew=Yenile")
        #expect(try await server.notified().contains(" [] "))
        _ = try await server.notified()
        try await bench.event("shown b")
        #expect(bench.events == ["without-actions"])
    }

    @Test func anActionComesBackWithItsKey() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", actions: "renew=Yenile")
        bench.show("b", actions: "renew=Yenile")
        _ = try await server.notified()
        _ = try await server.notified()
        try await server.invoke("renew", of: 2)
        try await bench.event("action b renew")
        try await server.invoke("renew", of: 7)
        try await server.invoke("renew", of: 1)
        try await bench.event("action a renew")
        #expect(bench.events == ["action b renew", "action a renew"])
    }

    @Test(arguments: [(1, "expired"), (2, "dismissed"), (4, "undefined"), (99, "undefined")])
    func aClosedNotificationSaysWhy(number: Int, reason: String) async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a")
        _ = try await server.notified()
        try await server.close(1, reason: number)
        try await bench.event("closed a \(reason)")
    }

    /// Plasma's history does this. Dunst's does not: it invokes nothing once it has told of a close.
    @Test func anActionWorksFromTheServersHistory() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", actions: "renew=Yenile")
        _ = try await server.notified()
        try await server.close(1, reason: 1)
        try await bench.event("closed a expired")
        try await server.invoke("renew", of: 1)
        try await bench.event("action a renew")
        bench.show("a", summary: "yeni")
        #expect(try await server.notified(containing: "yeni").contains(#""E-Onay" 1"#))
    }

    @Test func whatIsWithdrawnIsGoneWithItsActions() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", actions: "renew=Yenile")
        bench.show("b", actions: "renew=Yenile")
        _ = try await server.notified()
        _ = try await server.notified()
        bench.withdraw("a")
        try await bench.event("closed a withdrawn")
        try await server.process.lines.next { $0.text.contains("CloseNotification 1") }
        bench.withdraw("a")
        bench.withdraw("never")
        try await server.invoke("renew", of: 1)
        try await server.invoke("renew", of: 2)
        try await bench.event("action b renew")
        bench.show("a", summary: "yeni")
        #expect(try await server.notified(containing: "yeni").contains(#""E-Onay" 0"#))
        #expect(bench.events == ["closed a withdrawn", "action b renew"])
    }

    @Test func theEndWithdrawsWhatIsShown() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a")
        _ = try await server.notified()
        bench.notifier.closeInput()
        try await server.process.lines.next { $0.text.contains("CloseNotification 1") }
        #expect(await bench.notifier.end() == .exited(0))
    }

    @Test func anEndWithNothingShownIsQuick() async throws {
        let bench = try await NotificationBench()
        bench.withdraw("a")
        bench.notifier.closeInput()
        try await bench.event("stopped")
        #expect(await bench.notifier.end() == .exited(0))
    }
}
