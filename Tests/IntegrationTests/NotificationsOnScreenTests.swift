// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// Point 6: what a person sees and presses, with a real notification server.
@Suite(.timeLimit(.minutes(1)))
struct NotificationsOnScreenTests {
    private func desktop(locale: String = "tr_TR.UTF-8", configuration: String = "") async throws -> Desktop {
        let desktop = try await Desktop(locale: locale)
        try desktop.configure(configuration)
        return desktop
    }

    /// A certificate that has so many whole days left.
    private func card(on desktop: Desktop, daysLeft: Int64) throws -> CardDescription {
        let end = Desktop.now() + daysLeft * 86_400 + 3600
        return try desktop.card(.akis, [CertificateRequest(notBefore: end - 1095 * 86_400, notAfter: end)])
    }

    @Test(arguments: [
        ("tr_TR.UTF-8", "Kart takıldı: Şükrü İğdırlı", "gün kaldı"),
        ("en_GB.UTF-8", "Card in: Şükrü İğdırlı", "days left"),
    ])
    func aCardIsShownUntilItIsPulled(_ locale: String, _ summary: String, _ body: String) async throws {
        let desktop = try await desktop(locale: locale)
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await screen.shows(summary)
        try await screen.shows(body)
        try await card.remove()
        try await screen.withdraws()
        try await screen.waitFor(count: 0)
    }

    @Test func aReminderHasItsButtonsAndTheyWork() async throws {
        let desktop = try await desktop(
            configuration: """
                [Renewal]
                E-Onay Deneme=https://yenileme.example/basla

                """)
        let screen = try await Screen(on: desktop)
        let opener = try await Opener()
        let bench = try await ServiceBench(on: desktop, environment: opener.environment)
        let card = try await bench.insert(card(on: desktop, daysLeft: 2))
        try await screen.shows("E-imzanız 2 gün sonra bitiyor")

        // A card whose reminder is due is one notice.
        try await screen.waitFor(count: 1)
        try await screen.press("Yenile")
        let (page, group) = try await opener.opened()
        #expect(page == "https://yenileme.example/basla")
        // The browser outlives the job that opened it: it is in no process group of ours.
        #expect(group != opener.groupOf(bench.service.pid))

        // This server leaves a notification where it is when a button was pressed.
        let certificate = try #require(try await bench.bus.objects("Certificate").first?.key)
        try await screen.press("Sonra hatırlat")
        try await bench.bus.until {
            let until = try await $0.properties("Certificate", of: certificate)["SnoozedUntil"]?.int64 ?? 0
            return abs(until - Desktop.now() - 86_400) < 60
        }
        try await card.remove()
    }

    @Test func eOnayIsGivenFromAReminderAndItsProgressIsReplacedByTheResult() async throws {
        let (desktop, portal, pinentry) = try await FakePinentry.desktopWithPortal()
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert(card(on: desktop, daysLeft: 2))
        try await screen.shows("Sonra hatırlat")
        try await screen.waitFor(count: 1)
        try await screen.press("E-Onay ver")
        try await pinentry.asked()
        try await screen.shows("Açılan pencereye PIN’inizi girin.")
        // The reminder, which this server leaves where it is, and the approval.
        try await screen.waitFor(count: 2)
        pinentry.type(card.pin)
        try await screen.shows("E-Onayınız kaydedildi")
        try await screen.waitFor(count: 2)
        #expect(try await bench.bus.objects("Approval").first?.value["Result"]?.string == "recorded")
        // The reminder has stayed, without what has been done.
        #expect(screen.printed("E-Onay ver") == 1)
        #expect(screen.printed("Sonra hatırlat") == 2)

        // The reminder's other button files the renewal under it, and is not offered again.
        try await screen.press("Yenile")
        try await pinentry.asked()
        pinentry.type(card.pin)
        try await screen.shows("Yenileme başvurunuz alındı.")
        let results = try await bench.bus.objects("Approval").compactMap { $0.value["Result"]?.string }
        #expect(results == ["recorded", "recorded"])
        try await card.remove()
        await portal.process.kill()
    }

    @Test func withoutAServerItIsSaidOnceAndShownWhenOneComes() async throws {
        let desktop = try await desktop()
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        _ = try await bench.service.lines.next { $0.text.contains("notifications cannot be shown") }
        let path = try await bench.token().path
        try await card.remove()
        try await bench.tokens(0)
        try await card.insert()
        try await bench.token { here, _ in here != path }
        let screen = try await Screen(on: desktop)
        try await screen.shows("Kart takıldı")
        #expect(bench.service.lines.all.filter { $0.text.contains("notifications cannot be shown") }.count == 1)
        try await card.remove()
    }

    @Test func aJobThatIsKilledLeavesNothingTwiceOnTheScreenAndTheButtonsWork() async throws {
        let desktop = try await desktop(
            configuration: "[Renewal]\nE-Onay Deneme=https://yenileme.example/basla\n")
        let screen = try await Screen(on: desktop)
        let opener = try await Opener()
        let bench = try await ServiceBench(on: desktop, environment: opener.environment)
        let card = try await bench.insert(card(on: desktop, daysLeft: 2))
        // The server prints a notification's buttons once, each time that it takes one.
        try await screen.shows("Sonra hatırlat")
        try await screen.waitFor(count: 1)

        try Processes.killChild("eonay-notify", of: bench.service.pid)
        _ = try await bench.service.lines.next { $0.text.contains("notifications cannot be shown: eonay-notify") }
        try await screen.shows("Sonra hatırlat")
        try await screen.waitFor(count: 1)
        try await screen.press("Yenile")
        #expect(try await opener.opened().page == "https://yenileme.example/basla")
        try await card.remove()
    }

    /// Killed, it leaves a bubble whose buttons nobody hears; told to end, it takes the reminder from a person who has not answered it.
    @Test(arguments: [SIGKILL, SIGTERM])
    func aReminderOutlivesItsServiceAndSoDoItsButtons(signal: Int32) async throws {
        let desktop = try await desktop()
        let screen = try await Screen(on: desktop)
        let first = try await ServiceBench(on: desktop)
        let card = try await first.insert(card(on: desktop, daysLeft: 2))
        // The server prints a notification's buttons once, each time that it takes one.
        try await screen.shows("Sonra hatırlat")
        try await screen.waitFor(count: 1)
        try await card.remove()
        try await screen.waitFor(count: 1)
        first.service.send(signal: signal)
        _ = await first.service.end()
        try await screen.waitFor(count: signal == SIGKILL ? 1 : 0)

        let second = try await ServiceBench(on: desktop)
        try await screen.shows("Sonra hatırlat")
        try await screen.waitFor(count: 1)
        try await screen.press("Sonra hatırlat")
        let certificate = try #require(try await second.bus.objects("Certificate").first?.key)
        try await second.bus.until {
            let until = try await $0.properties("Certificate", of: certificate)["SnoozedUntil"]?.int64 ?? 0
            return abs(until - Desktop.now() - 86_400) < 60
        }
        try await screen.waitFor(count: 0)
        second.service.send(signal: SIGTERM)
        _ = await second.service.end()
        // The person has answered it, so it does not come again.
        let third = try await ServiceBench(on: desktop)
        try await card.insert()
        try await third.token()
        try await screen.shows("Kart takıldı")
        try await screen.waitFor(count: 1)
        try await card.remove()
    }

    @Test func aServiceThatEndsTakesItsNotificationsAndTheirJobAlong() async throws {
        let desktop = try await desktop()
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        try await screen.shows("Kart takıldı")
        let job = try #require(Processes.children(of: bench.service.pid).first { $0.name == "eonay-notify" })
        bench.service.send(signal: SIGTERM)
        #expect(await bench.service.end() == .exited(0))
        try await Processes.ended(job.pid)
        try await screen.waitFor(count: 0)
        try await card.remove()
    }

    @Test func aServerThatHangsHoldsNothingUp() async throws {
        let desktop = try await desktop()
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        screen.hang()
        let card = try await bench.insert()
        try await bench.token { $1.errorName == "" }
        #expect(try await bench.bus.call("Expiry").first?.elements?.count == 1)
        try await card.remove()
        try await bench.tokens(0)
        bench.service.send(signal: SIGTERM)
        #expect(await bench.service.end() == .exited(0))
    }

    @Test func whatABusyCardShowsNamesTheProgram() async throws {
        let desktop = try await desktop()
        let screen = try await Screen(on: desktop)
        let card = try await desktop.pcscd.insert(desktop.card())
        let holder = try await CardHolder(of: desktop.pcscd.readers[0], on: desktop)
        let bench = try await ServiceBench(on: desktop)
        try await screen.shows("Kartı kullanan program: \(holder.description)")
        await holder.letGo()
        try await screen.shows("Kart takıldı")
        try await screen.waitFor(count: 1)
        try await card.remove()
        _ = bench
    }
}
