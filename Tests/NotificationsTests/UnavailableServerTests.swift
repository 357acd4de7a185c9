// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench
import Testing

@Suite(.timeLimit(.minutes(1)))
struct UnavailableServerTests {
    @Test func aMissingServerIsToldOnceAndWhatWasAskedIsShownWhenOneComes() async throws {
        let bench = try await NotificationBench()
        bench.show("a", summary: "bir")
        bench.show("b", summary: "iki")
        bench.show("a", summary: "üç")
        bench.show("gone", summary: "dört")
        bench.withdraw("gone")
        try await bench.notifier.lines.next { $0.text.hasPrefix("unavailable") && $0.text.contains("ServiceUnknown") }
        let server = try await bench.startServer()
        _ = try await server.notified(containing: "iki")
        _ = try await server.notified(containing: "üç")
        #expect(bench.events.count == 1)
        #expect(!server.process.lines.all.contains { $0.text.contains("bir") || $0.text.contains("dört") })
    }

    @Test func aServerThatHangsIsToldAtTheDeadlineAndServedWhenItAnswersAgain() async throws {
        let bench = try await NotificationBench(deadline: 1)
        let server = try await bench.startServer()
        server.process.send(signal: SIGSTOP)
        bench.show("a", summary: "bir")
        try await bench.event("asked")
        try await bench.notifier.lines.next { $0.text.hasPrefix("unavailable") && $0.text.contains("Timeout") }
        bench.show("b", summary: "iki")
        server.process.send(signal: SIGCONT)
        _ = try await server.notified(containing: "iki")
        _ = try await server.notified(containing: "bir")
        #expect(bench.events.count == 1)
    }

    @Test func aServerThatHangsKeepsNobodyAtTheEnd() async throws {
        let bench = try await NotificationBench(deadline: 20)
        let server = try await bench.startServer()
        bench.show("a")
        try await bench.event("shown a")
        server.process.send(signal: SIGSTOP)
        let start = ContinuousClock.now
        bench.notifier.closeInput()
        try await bench.event("stopped")
        #expect(await bench.notifier.end() == .exited(0))
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test func aServerThatDiesTakesItsNotificationsAndTheNextOneGetsFreshIds() async throws {
        let bench = try await NotificationBench()
        let first = try await bench.startServer()
        bench.show("a", summary: "bir")
        try await bench.event("shown a")
        await first.process.kill()
        try await bench.event("closed a server-gone")
        let second = try await bench.startServer()
        bench.show("a", summary: "iki")
        #expect(try await second.notified(containing: "iki").contains(#""E-Onay" 0"#))
        #expect(bench.events == ["closed a server-gone"])
    }

    @Test func whatWasToStayIsShownOnceByTheNextServer() async throws {
        let bench = try await NotificationBench()
        let first = try await bench.startServer()
        bench.show("stays", summary: "duran", lifetime: "dismissed")
        bench.show("goes", summary: "giden")
        bench.show("moot", summary: "boşuna", lifetime: "dismissed")
        try await bench.event("shown moot")
        await first.process.kill()
        try await bench.event("closed goes server-gone")
        bench.withdraw("moot")
        let second = try await bench.startServer()
        _ = try await second.notified(containing: "duran")
        try await bench.event("shown stays")
        await second.process.kill()
        // And once more by the one after it; what is shown last proves that nothing else was.
        let third = try await bench.startServer()
        _ = try await third.notified(containing: "duran")
        bench.show("stays", summary: "yeni", lifetime: "dismissed")
        bench.show("last", summary: "son")
        _ = try await third.notified(containing: "son")
        #expect(third.process.lines.all.filter { $0.text.contains(" Notify ") }.count == 3)
        #expect(second.process.lines.all.filter { $0.text.contains(" Notify ") }.count == 1)
        #expect(bench.events == ["closed goes server-gone"])
    }

    @Test func newerContentForTheNextServerTakesThePlaceOfWhatStood() async throws {
        let bench = try await NotificationBench()
        let first = try await bench.startServer()
        bench.show("a", summary: "eski", lifetime: "dismissed")
        try await bench.event("shown a")
        await first.process.kill()
        bench.show("a", summary: "yeni", lifetime: "dismissed")
        try await bench.notifier.lines.next { $0.text.hasPrefix("unavailable") }
        let second = try await bench.startServer()
        _ = try await second.notified(containing: "yeni")
        bench.show("b", summary: "son")
        _ = try await second.notified(containing: "son")
        #expect(!second.process.lines.all.contains { $0.text.contains("eski") })
    }

    @Test func aServerThatComesAndGoesIsToldAgain() async throws {
        let bench = try await NotificationBench()
        bench.show("a", summary: "bir")
        try await bench.notifier.lines.next { $0.text.hasPrefix("unavailable") }
        let server = try await bench.startServer()
        try await bench.event("shown a")
        await server.process.kill()
        try await bench.event("closed a server-gone")
        bench.show("a", summary: "iki")
        try await bench.notifier.lines.next { $0.text.hasPrefix("unavailable") }
    }

    @Test func theEndOfTheBusIsNotTheEndOfTheProcess() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", summary: "bir")
        try await bench.event("shown a")
        await bench.bus.stop()
        await server.process.kill()
        bench.show("b", summary: "iki")
        try await bench.notifier.lines.next { $0.text.hasPrefix("unavailable") }
        bench.notifier.closeInput()
        #expect(await bench.notifier.end() == .exited(0))
    }
}
