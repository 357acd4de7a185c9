// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import Glibc
import TestBench
import Testing
import VirtualCard

/// A certificate's state by OpenSSL's own responder, as the service learns it without an approval.
@Suite(.timeLimit(.minutes(2)))
struct RevocationWatchTests {
    @Test func aCertificateIsGoodSuspendedGoodAndRevoked() async throws {
        let responder = try Responder()
        let bench = try await ApprovalBench(portal: .none, addresses: responder.addresses, asksResponders: true)
        let path = try #require(try await bench.bus.objects("Certificate").keys.first)
        // Nobody listens at the responder's address yet.
        _ = try await bench.service.lines.next { $0.text.contains("could not be asked: issuer: connect") }
        let untold = try await bench.bus.properties("Certificate", of: path)
        #expect(untold["Revocation"]?.string == "unknown" && untold["RevocationAsked"]?.int64 == 0)

        let states = [("", false, "good", ""), (",certificateHold", true, "suspended", "certificateHold")]
        let last = [("", false, "good", ""), (",keyCompromise", true, "revoked", "keyCompromise")]
        for (word, isRevoked, state, reason) in states + last {
            try await Self.ageRecord(of: bench)
            let servers = try await responder.start(for: bench, revoked: isRevoked, reason: word)
            try await bench.restartService()
            try await Self.expect(state, reason, path, bench)
            for server in servers { await server.kill() }
        }

        // It is for ever, so nobody is asked again; the record has it.
        try await Self.ageRecord(of: bench)
        try await bench.restartService()
        try await Self.expect("revoked", "keyCompromise", path, bench)
        #expect(!bench.service.lines.all.contains { $0.text.contains("could not be asked") })
        let shown = try await bench.desktop.run("eonay", "certificates", "--json").check().text
        #expect(shown.contains("\"revocation\":\"revoked\",\"revocation_since\":1735787045"))
        let list = try await bench.desktop.run("eonay", "certificates").check().text
        #expect(list.contains("iptal edilmiş"))
        await bench.stop()
    }

    @Test func whereThereWasNoAnswerTheCardThatComesAgainIsAskedAbout() async throws {
        let responder = try Responder()
        let bench = try await ApprovalBench(portal: .none, addresses: responder.addresses, asksResponders: true)
        let path = try #require(try await bench.bus.objects("Certificate").keys.first)
        _ = try await bench.service.lines.next { $0.text.contains("could not be asked") }
        let servers = try await responder.start(for: bench, revoked: false)
        try await bench.card.remove()
        try await bench.card.insert()
        try await bench.bus.until { try await $0.properties("Certificate", of: path)["Revocation"]?.string == "good" }
        for server in servers { await server.kill() }
        await bench.stop()
    }

    /// Ends the service, and lets a day pass for its record.
    private static func ageRecord(of bench: ApprovalBench) async throws {
        bench.service.send(signal: SIGTERM)
        #expect(await bench.service.end() == .exited(0))
        try await Database(bench.desktop.folder.file("state/eonay/eonay.db")).change(
            "UPDATE revocation SET asked_at = asked_at - 86400, this_update = this_update - 86400")
    }

    private static func expect(
        _ state: String, _ reason: String, _ path: ObjectPath, _ bench: ApprovalBench
    ) async throws {
        try await bench.bus.until { try await $0.properties("Certificate", of: path)["Revocation"]?.string == state }
        let facts = try await bench.bus.properties("Certificate", of: path)
        #expect(facts["RevocationReason"]?.string == reason)
        #expect(facts["RevocationSince"]?.int64 == (state == "good" ? 0 : 1_735_787_045))
        let asked = facts["RevocationAsked"]?.int64 ?? 0
        #expect(state == "revoked" || abs(asked - Int64(Date().timeIntervalSince1970)) < 120)
    }
}
