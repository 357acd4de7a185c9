// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct OfferedCodeTests {
    private let portal = try! Origin("https://portal.example.org")

    private func made(
        code: String = "638856212993845", purpose: String = "login",
        portal claimed: String = "https://portal.example.org",
        expiresIn: UInt32 = 300, decision: String = "", version: String = "", statement: String = ""
    ) throws(ApprovalFailure) -> OfferedCode {
        try OfferedCode(
            code: code, purpose: purpose, portal: claimed, expiresIn: expiresIn, decision: decision,
            statementVersion: version, statement: statement, from: portal)
    }

    private func untrusted(_ detail: String) -> ApprovalFailure { ApprovalFailure(.portalUntrusted, detail: detail) }

    @Test func aChallengeOfThePortalIsTaken() throws {
        #expect(try made().declaration == nil)
        let consent = try made(purpose: "consent", decision: "decline", version: "1", statement: "RET.")
        #expect(consent.declaration == (try Declaration(decision: .decline, version: "1", statement: "RET.")))
    }

    @Test(arguments: [
        "https://portal.example.org/", "https://PORTAL.example.org", "https://portal.example.org:443",
        "http://portal.example.org", "https://other.example.org", "",
    ])
    func aChallengeOfAnotherPortalIsNot(claimed: String) {
        #expect(throws: untrusted("challenge-portal")) { try made(portal: claimed) }
    }

    @Test func aFieldThatBreaksARuleIsNamed() {
        #expect(throws: untrusted("challenge-code")) { try made(code: "63885-62129-93845") }
        #expect(throws: untrusted("challenge-code")) { try made(code: "1") }
        #expect(throws: untrusted("challenge-purpose")) { try made(purpose: "giriş") }
        #expect(throws: untrusted("challenge-expiresIn")) { try made(expiresIn: 86_401) }
        #expect(throws: untrusted("challenge-decision")) { try made(decision: "accept") }
        #expect(throws: untrusted("challenge-decision")) {
            try made(purpose: "consent", decision: "KABUL", version: "1", statement: "a")
        }
        #expect(throws: untrusted("challenge-statement-character")) {
            try made(purpose: "consent", decision: "accept", version: "1", statement: "a\u{202E}b")
        }
        #expect(throws: untrusted("statement-notNormalised")) {
            try OfferedStatement(version: "1", accept: "a", decline: "s\u{327}")
        }
    }

    @Test func aReceiptFitsItsPurpose() throws {
        func receipt(_ purpose: String, _ result: String, _ number: String, _ reference: String) throws -> PortalReceipt
        {
            try PortalReceipt(purpose: purpose, result: result, number: number, reference: reference)
        }
        #expect(try receipt("login", "signed", "012345", "") == .signedIn(number: "012345"))
        #expect(try receipt("consent", "recorded", "", "EO-2026-1") == .recorded(reference: "EO-2026-1"))
        for number in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            #expect(throws: untrusted("answer-number")) { try receipt("login", "signed", number, "") }
        }
        for reference in ["", "a/b", "a b", "ş", "a\n", String(repeating: "a", count: 65)] {
            #expect(throws: untrusted("answer-reference")) { try receipt("consent", "recorded", "", reference) }
        }
        #expect(throws: untrusted("answer-result")) { try receipt("login", "recorded", "012345", "EO-1") }
    }
}
