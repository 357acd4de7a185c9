// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Foundation
import TestBench
import Testing
import VirtualCard

/// E-Onay given: card, portal, PIN and bus, from the call to the record.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalTests {
    @Test(arguments: [CardKeyType.rsa2048, .p256, .p384], ["accept", "decline"])
    func anApprovalIsRecorded(with key: CardKeyType, decision: String) async throws {
        let bench = try await ApprovalBench(
            key == .rsa2048 ? .akis : .piv, [CertificateRequest(keyType: key)])
        let approval = try await bench.approve(decision)
        #expect(try await bench.end(of: approval) == End("recorded"))
        // One PIN for both signatures.
        #expect(bench.verifications == 1)
        #expect(try await bench.records() == 1)

        let facts = try await bench.facts(approval)
        #expect(facts["State"]?.string == "done")
        #expect(facts["Decision"]?.string == decision)
        #expect(facts["Portal"]?.string == bench.origin)
        #expect(facts["Certificate"]?.string == bench.certificate)
        #expect(facts["Step"]?.members == [.uint32(2), .uint32(2)])
        #expect(facts["Deadline"]?.int64 == 0)
        let reference = try #require(facts["Reference"]?.string)
        #expect(!reference.isEmpty)
        let status = try await bench.bus.call("Status").first?.elements?.first?.members
        #expect(status?[2].string == (decision == "accept" ? "accepted" : "declined"))
        #expect(status?[4].string == bench.origin)
        let history = try await bench.bus.call("History", .uint32(0)).first?.elements
        #expect(history?.count == 1)
        #expect(
            history?.first?.members?.dropFirst().map(\.string) == [
                bench.certificate, decision, "recorded", bench.origin, reference,
            ])

        try await checkSignatures(of: approval, bench, decision)
        await bench.stop()
    }

    /// The answer of `Signatures` holds the contract's text, byte for byte, and is CAdES to OpenSSL.
    private func checkSignatures(of approval: ObjectPath, _ bench: ApprovalBench, _ decision: String) async throws {
        let signatures = try await bench.signatures(of: approval)
        #expect(signatures.map(\.step) == ["login", "consent"])
        let web = try Web(bench.origin)
        let statement = try await web.get("/statement")
        let version = try #require(statement["version"] as? String)
        let words = try #require(statement[decision] as? String)
        for (step, cms) in signatures {
            let content = try await OpenSSL(bench.desktop).content(of: cms)
            let code = try #require(content.firstMatch(of: /kodu: (\d{15})\n/)?.output.1)
            var expected =
                "E-ONAY/1\nPortal: \(bench.origin)\nAmaç: \(step == "login" ? "giriş" : "onay")\n"
                + "T.C. Kimlik No: 10000000146\nDoğrulama kodu: \(code)\n"
            if step == "consent" {
                let karar = decision == "accept" ? "KABUL EDİYORUM" : "KABUL ETMİYORUM"
                expected += "Karar: \(karar)\nBeyan sürümü: \(version)\n\n\(words)\n"
            }
            #expect(Array(content.utf8) == Array(expected.utf8))
        }
    }

    @Test func thePortalsRecordIsWhatWasSigned() async throws {
        let bench = try await ApprovalBench()
        let approval = try await bench.approve("decline")
        #expect(try await bench.end(of: approval) == End("recorded"))
        let reference = try #require(try await bench.facts(approval)["Reference"]?.string)
        let consent = try #require(try await bench.signatures(of: approval).last?.cms)

        let web = try Web(bench.origin)
        try await web.signIn(bench)
        let record = try await web.get("/consents/\(reference)")
        #expect(record["decision"] as? String == "decline")
        #expect(record["signature"] as? String == Data(consent).base64EncodedString())
        let content = try await OpenSSL(bench.desktop).content(of: consent)
        #expect(record["text"] as? String == content)
        #expect(try await web.get("/status")["consent"] as? String == "declined")
        await bench.stop()
    }

    @Test func aSignInCodeIsSignedAndGivesTheNumber() async throws {
        let bench = try await ApprovalBench()
        let web = try Web(bench.origin)
        let code = try await web.openSession()
        // As a person may copy it.
        let spaced = " \(code.prefix(5)) \(code.dropFirst(5).prefix(5))-\(code.suffix(5))"
        let approval = try await bench.sign(spaced)
        #expect(try await bench.end(of: approval) == End("signed"))
        let facts = try await bench.facts(approval)
        let number = try #require(facts["ConfirmationNumber"]?.string)
        #expect(number.count == 6 && number.allSatisfy(\.isNumber))
        #expect(facts["Decision"]?.string == "")
        #expect(facts["Reference"]?.string == "")
        #expect(facts["Step"]?.members == [.uint32(1), .uint32(1)])
        #expect(try await bench.signatures(of: approval).map(\.step) == ["login"])
        // A sign-in is no decision.
        #expect(try await bench.history() == [])
        #expect(try await web.get("/session")["state"] as? String == "confirm")
        #expect(try await web.post("/session/confirm", ["number": number])["state"] as? String == "logged-in")
        await bench.stop()
    }

    @Test func aConsentsCodeIsSignedAndRecorded() async throws {
        let bench = try await ApprovalBench()
        let web = try Web(bench.origin)
        try await web.signIn(bench)
        let version = try #require(try await web.get("/statement")["version"] as? String)
        let challenge = try await web.post("/decision", ["decision": "accept", "statementVersion": version])
        let approval = try await bench.sign(try #require(challenge["code"] as? String))
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.facts(approval)["Decision"]?.string == "accept")
        #expect(try await bench.signatures(of: approval).map(\.step) == ["consent"])
        #expect(try await bench.history() == ["recorded"])
        #expect(try await bench.records() == 1)
        await bench.stop()
    }
}
