// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// The immediate answers of `Approve` and `SignCode`, from memory.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalCallTests {
    @Test func aWrongArgumentIsRefusedByItsName() async throws {
        let bench = try await ApprovalBench()
        let code = "638856212993845"
        let unknown = String(repeating: "0", count: 64)
        for (method, certificate, what, options, error) in [
            ("Approve", "", "maybe", [:], "InvalidDecision"), ("Approve", "", "", [:], "InvalidDecision"),
            ("SignCode", "", "12345678901234", [:], "InvalidCode"),
            ("SignCode", "", "63885621299384a", [:], "InvalidCode"),
            ("SignCode", "", "6388562129938451", [:], "InvalidCode"), ("SignCode", "", "", [:], "InvalidCode"),
            ("Approve", unknown, "accept", [:], "NoCertificate"), ("SignCode", unknown, code, [:], "NoCertificate"),
            // A prefix has at least eight digits.
            ("Approve", String(bench.certificate.prefix(7)), "accept", [:], "InvalidArgument"),
            ("Approve", "", "accept", ["colour": .string("red")], "InvalidArgument"),
            ("Approve", "", "accept", ["wait": .string("5")], "InvalidArgument"),
            ("Approve", "", "accept", ["wait": .int32(5)], "InvalidArgument"),
            ("Approve", "", "accept", ["wait": .uint32(86_401)], "InvalidArgument"),
            ("Approve", "", "accept", ["bound": .uint32(1)], "InvalidArgument"),
            ("Approve", "", "accept", ["interactive": .string("false")], "InvalidArgument"),
            ("Approve", "", "accept", ["final-try": .string("")], "InvalidArgument"),
            ("Approve", "", "accept", ["pin": .string("123456")], "InvalidArgument"),
            ("Approve", "", "accept", ["terminal": .uint32(0)], "InvalidArgument"),
            ("Approve", "", "accept", ["locale": .bool(true)], "InvalidArgument"),
            ("Approve", "", "accept", ["handle-token": .string("")], "InvalidArgument"),
            ("Approve", "", "accept", ["handle-token": .string("a-b")], "InvalidArgument"),
            ("Approve", "", "accept", ["handle-token": .string("a b")], "InvalidArgument"),
            ("Approve", "", "accept", ["handle-token": .string("ş")], "InvalidArgument"),
            ("Approve", "", "accept", ["handle-token": .string("a/b")], "InvalidArgument"),
            ("Approve", "", "accept", ["handle-token": .string(String(repeating: "a", count: 65))], "InvalidArgument"),
            ("Approve", "", "accept", ["handle-token": .uint32(1)], "InvalidArgument"),
            ("Approve", "", "accept", ["identity": .string("10000000145")], "InvalidIdentity"),
            ("Approve", "", "accept", ["identity": .string("1000000014")], "InvalidIdentity"),
            ("Approve", "", "accept", ["identity": .int64(10_000_000_146)], "InvalidArgument"),
            ("Approve", "", "accept", ["portal": .string("https://portal.example.org")], "PortalNotConfigured"),
            ("Approve", "", "accept", ["portal": .string("nonsense")], "PortalNotConfigured"),
        ] as [(String, String, String, [String: Value], String)] {
            #expect(await bench.refusal(method, certificate, what, options) == error, "\(method) \(what) \(options)")
        }
        #expect(try await bench.bus.objects("Approval").isEmpty)
        #expect(try await bench.bus.call("History", .uint32(0)).first?.elements == [])
        await bench.stop()
    }

    @Test func withoutAPortalThereIsNoApproval() async throws {
        let bench = try await ApprovalBench(portal: .none)
        #expect(try await bench.bus.properties("", of: SessionBus.root)["Portals"]?.elements == [])
        #expect(await bench.refusal("Approve", "", "accept") == "PortalNotConfigured")
        #expect(await bench.refusal("SignCode", "", "638856212993845") == "PortalNotConfigured")
        await bench.stop()
    }

    @Test func theSecondCardMakesNoNameAmbiguous() async throws {
        let bench = try await ApprovalBench(readers: 2)
        let other = try TestCard(
            bench.desktop.card(.piv, [CertificateRequest(for: .isil, keyType: .p256)]),
            in: bench.desktop.pcscd.readers[1])
        try await other.insert()
        let second = try await ApprovalBench.certificate(on: bench.bus)
        #expect(await bench.refusal("Approve", "", "accept") == "AmbiguousCertificate")
        #expect(await bench.refusal("SignCode", "", "638856212993845") == "AmbiguousCertificate")
        // Either goes by its name, or a part of it, and both at once: they are two cards.
        let first = try await bench.approve(certificate: String(bench.certificate.prefix(8)))
        let another = try await bench.approve("decline", certificate: second)
        #expect(try await bench.end(of: first) == End("recorded"))
        #expect(try await bench.outcome(of: another) == End("recorded"))
        let rows = try await bench.bus.call("Status").first?.elements ?? []
        #expect(Set(rows.map { $0.members?[2].string }) == ["accepted", "declined"])
        await bench.stop()
    }

    @Test func aCardIsUsedByOneApprovalAtATime() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let first = try await bench.ask("Approve", "", "accept", [:])
        #expect(await bench.refusal("Approve", "", "decline") == "TokenBusy")
        #expect(await bench.refusal("SignCode", bench.certificate, "638856212993845") == "TokenBusy")
        try await bench.pinentry?.asked()
        #expect(await bench.refusal("Approve", "", "decline") == "TokenBusy")
        try await bench.cancel(first)
        #expect(try await bench.end(of: first) == End("cancelled", "Cancelled"))
        let second = try await bench.approve("decline")
        #expect(try await bench.end(of: second) == End("recorded"))
        await bench.stop()
    }

    /// Seventeen certificates wait for their two cards.
    @Test func theSeventeenthUnfinishedApprovalIsOneTooMany() async throws {
        let key = try SigningKey.generate(.rsa2048)
        let bench = try await ApprovalBench(.akis, (0..<15).map { _ in CertificateRequest(key: key) }, readers: 2)
        let other = try TestCard(
            bench.desktop.card(.akis, [CertificateRequest(key: key), CertificateRequest(key: key)]),
            in: bench.desktop.pcscd.readers[1])
        try await other.insert()
        var certificates: [String] = []
        for token in 1...2 {
            let path = try ObjectPath("/org/eonay/EOnay1/token/\(token)")
            try await bench.bus.wait(for: "Certificates", of: "Token", at: path) { $0.elements?.isEmpty == false }
            certificates += try await bench.certificates(on: path)
        }
        #expect(certificates.count == 17)
        for card in [bench.card, other] { try await card.remove() }
        for certificate in [certificates[0], certificates[16]] {
            let path = try ObjectPath("/org/eonay/EOnay1/certificate/\(certificate)")
            try await bench.bus.wait(for: "Present", of: "Certificate", at: path) { $0.bool == false }
        }
        var waiting: [ObjectPath] = []
        for certificate in certificates.prefix(16) {
            waiting.append(try await bench.approve(certificate: certificate, options: ["wait": .uint32(60)]))
        }
        #expect(
            await bench.refusal("Approve", certificates[16], "accept", ["wait": .uint32(60)]) == "LimitExceeded")

        // The first that asked gets the card.
        try await bench.card.insert()
        #expect(try await bench.end(of: waiting[0]) == End("recorded"))
        for approval in waiting[1..<15] {
            #expect(try await bench.shownEnd(of: approval) == End("failed", "TokenBusy"))
        }
        #expect(try await bench.facts(waiting[15])["State"]?.string == "waiting-for-token")
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func anEndedApprovalsObjectStaysAndSixtyFourAtMost() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        try await bench.card.remove()
        try await bench.bus.wait(
            for: "Present", of: "Certificate",
            at: try #require(try await bench.bus.objects("Certificate").first?.key)
        ) { $0.bool == false }
        var paths: [ObjectPath] = []
        for _ in 0..<66 {
            let approval = try await bench.ask("Approve", bench.certificate, "accept", [:])
            #expect(try await bench.end(of: approval) == End("failed", "NoToken"))
            paths.append(approval)
        }
        let standing = try await bench.bus.objects("Approval")
        #expect(Set(standing.keys) == Set(paths.suffix(64)))
        // Also across a restart.
        try await bench.restartService(signal: SIGTERM)
        let recalled = try await bench.bus.objects("Approval")
        #expect(Set(recalled.keys) == Set(paths.suffix(64)))
        #expect(try await bench.shownEnd(of: paths[65]) == End("failed", "NoToken"))
        #expect(try await bench.history().count == 66)
        await bench.stop()
    }
}
