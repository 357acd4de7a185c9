// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import TestBench
import Testing
import TokenBench
import VirtualCard

/// The program against a real service with a card in its reader.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ServiceTests {
    /// A session whose service has read a card with these certificates.
    static func desktop(
        _ requests: [CertificateRequest] = [CertificateRequest()], locale: String = "C"
    ) async throws -> (Desktop, ChildProcess, TestCard) {
        let desktop = try await Desktop(locale: locale)
        let service = try await desktop.startService()
        let watch = try await desktop.start("eonay", ["watch", "--json"])
        try await watch.lines.next { $0.text.contains(#""event":"service""#) }
        let card = try TestCard(try desktop.card(.akis, requests), in: desktop.pcscd.readers[0])
        try await card.insert()
        try await watch.lines.next { $0.text.contains(#""event":"card-read""#) }
        await watch.kill()
        return (desktop, service, card)
    }

    private func object(_ finished: Finished) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(finished.output)) as? [String: Any])
    }

    private func rows(_ finished: Finished, _ name: String) throws -> [[String: Any]] {
        try #require(try object(finished)[name] as? [[String: Any]])
    }

    @Test func everyListHasItsDocumentedForm() async throws {
        let (desktop, service, card) = try await Self.desktop()
        let forms: [([String], String, Set<String>)] = [
            (["status"], "certificates", ["id", "holder", "approval", "since", "portal"]),
            (["expiry"], "certificates", ["id", "holder", "not_after", "days_left", "phase"]),
            (
                ["tokens"], "tokens",
                [
                    "reader", "label", "manufacturer", "model", "atr", "pin_state", "keypad", "certificates", "error",
                    "held_by", "module_problems", "family", "driver", "driver_page",
                ]
            ),
            (
                ["certificates"], "certificates",
                [
                    "id", "holder", "masked_identity", "issuer", "serial_number", "not_before", "not_after", "phase",
                    "qualified", "hindrances", "key_type", "present", "reader", "approval", "snoozed_until", "kind",
                    "successor", "revocation", "revocation_since", "revocation_reason", "revocation_asked",
                ]
            ),
        ]
        for (arguments, list, members) in forms {
            let finished = try await desktop.run("eonay", arguments[0], "--json").check()
            let rows = try rows(finished, list)
            #expect(rows.count == 1 && Set(rows[0].keys) == members, "\(arguments)")
        }
        let history = try await desktop.run("eonay", "history", "--json").check()
        #expect(history.text == "{\"decisions\":[]}\n")

        let certificate = try #require(
            try rows(try await desktop.run("eonay", "certificates", "--json"), "certificates").first)
        let id = try #require(certificate["id"] as? String)
        #expect(certificate["holder"] as? String == "Şükrü İğdırlı")
        #expect(certificate["masked_identity"] as? String == "100********")
        let one = try await desktop.run("eonay", "certificates", String(id.prefix(8)).uppercased()).check().text
        #expect(one.contains("Certificate      \(id)\n") && one.contains("Holder           Şükrü İğdırlı\n"))
        #expect(try await desktop.run("eonay", "certificates", "1234").status == .exited(10))
        #expect(try await desktop.run("eonay", "certificates", "00000000").status == .exited(11))
        await service.kill()
        _ = card
    }

    @Test func snoozeHoldsUntilItIsEndedAndIsShortenedToTheDayBeforeTheEnd() async throws {
        let (desktop, service, card) = try await Self.desktop()
        let days = try object(try await desktop.run("eonay", "snooze", "--days", "3", "--json").check())
        let until = try #require(days["snoozed_until"] as? Int64)
        #expect((until - Desktop.now() - 3 * 86_400).magnitude < 60)
        let long = try await desktop.run("eonay", "snooze", "--until", "31.12.2035").check()
        #expect(long.lines.count == 2)
        let off = try object(try await desktop.run("eonay", "snooze", "--off", "--json").check())
        #expect(off["snoozed_until"] is NSNull)
        await service.kill()
        _ = card
    }

    @Test func aTerminalGetsColoursAndItsOwnWidthAPipeNeither() async throws {
        let (desktop, service, card) = try await Self.desktop()
        let piped = try await desktop.run("eonay", "expiry").check().text
        #expect(!piped.contains("\u{1B}"))

        func onTerminal(_ environment: [String: String]) async throws -> String {
            let child = try await desktop.start(
                "script", ["-qec", "\(Programs.built("eonay")) certificates", "/dev/null"], package: "bsdutils",
                environment: environment.merging(["TERM": "xterm", "NO_COLOR": ""]) { own, _ in own })
            #expect(await child.end() == .exited(0))
            return String(decoding: child.output, as: UTF8.self)
        }
        #expect(try await onTerminal(["COLUMNS": "200"]).contains("\u{1B}[32m"))
        let plain = try await onTerminal(["COLUMNS": "100", "NO_COLOR": "1"])
        #expect(!plain.contains("\u{1B}"))
        let lines = plain.split(whereSeparator: \.isNewline)
        #expect(lines.count == 2 && lines.allSatisfy { $0.count <= 100 })
        #expect(try await onTerminal(["COLUMNS": "200", "TERM": "dumb"]).isEmpty == false)
        await service.kill()
        _ = card
    }

    @Test func aReaderThatGoesEndsTheProgramSilently() async throws {
        let (desktop, service, card) = try await Self.desktop()
        let eonay = try Programs.built("eonay")
        let end = try await desktop.run(
            "bash", "-c", "set -o pipefail; \(eonay) tokens --json | true; echo ${PIPESTATUS[0]}", package: "bash")
        // 141: ended by SIGPIPE; 0: was faster than its reader's end.
        #expect(["141", "0"].contains(end.lines.last?.text))
        #expect(end.lines.count == 1)
        await service.kill()
        _ = card
    }

    @Test func watchTellsCardsAndFindsTheServiceAgain() async throws {
        let desktop = try await Desktop(locale: "tr_TR.UTF-8")
        let watch = try await desktop.start("eonay", ["watch"])
        try await watch.lines.next { $0.text.contains("servis çalışmıyor; bekleniyor") }
        let service = try await desktop.startService()
        try await watch.lines.next { $0.text.contains("servis \(Release.version)") }
        let card = try TestCard(try desktop.card(), in: desktop.pcscd.readers[0])
        try await card.insert()
        try await watch.lines.next { $0.text.contains("kart takıldı: E-Onay Reader 1") }
        try await watch.lines.next { $0.text.hasSuffix("Şükrü İğdırlı") }
        try await card.remove()
        try await watch.lines.next { $0.text.contains("kart çıkarıldı") }
        await service.kill()
        try await watch.lines.next { $0.text.contains("servis çalışmıyor; bekleniyor") }
        let again = try await desktop.startService()
        try await watch.lines.next { $0.text.contains("servis \(Release.version)") }
        watch.send(signal: SIGINT)
        #expect(await watch.end() == .exited(0))
        await again.kill()
    }

    @Test func withoutPCSCDTheRemedyIsTold() async throws {
        let desktop = try await Desktop(pcscdRuns: false, locale: "C")
        let service = try await desktop.startService()
        let watch = try await desktop.start("eonay", ["watch", "--json"])
        try await watch.lines.next { $0.text.contains("no-service") }
        let tokens = try await desktop.run("eonay", "tokens").check()
        #expect(tokens.text.contains("pcscd is not running") && tokens.text.contains("systemctl start pcscd"))
        #expect(try await desktop.run("eonay", "approve", "--accept").status == .exited(15))
        await watch.kill()
        await service.kill()
    }
}
