// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore

/// The values that the machine's tests speak of, and the ways to each of its stages.
enum Approvals {
    static let start: Int64 = 1_800_000_000
    static let portal = try! Origin("https://portal.example.org")
    static let holder = try! NationalIdentity(typed: "10000000146")
    static let loginCode = try! VerificationCode("638856212993845")
    static let consentCode = try! VerificationCode("112233445566778")
    static let facts = ApprovalFacts(
        validity: Validity(notBefore: start - 1000, notAfter: start + 1_000_000), hindrances: [], pinState: .ok)
    static let signer = ApprovalSigner(identity: holder, pinState: .ok)
    static let doubtedSigner = ApprovalSigner(identity: holder, pinState: .ok, namesResponder: true)
    static let statement = try! OfferedStatement(version: "2026-01", accept: "KABUL.", decline: "RET.")
    static let declaration = statement.acceptance
    static let login = offered(loginCode, "login")
    static let consent = offered(consentCode, "consent", decision: "accept", version: "2026-01", statement: "KABUL.")
    static let failure = ApprovalFailure(.portalUnreachable, detail: "connect")

    static func offered(
        _ code: VerificationCode, _ purpose: String, decision: String = "", version: String = "",
        statement: String = "", seconds: UInt32 = 300
    ) -> OfferedCode {
        try! OfferedCode(
            code: code.digits, purpose: purpose, portal: portal.text, expiresIn: seconds, decision: decision,
            statementVersion: version, statement: statement, from: portal)
    }

    static func request(
        _ kind: ApprovalRequest.Kind = .approve(.accept), identity: NationalIdentity? = nil, wait: UInt32 = 0,
        finalTry: Bool = false, bound: Bool = false
    ) -> ApprovalRequest {
        ApprovalRequest(
            kind: kind, certificate: String(repeating: "0", count: 64), portal: portal, identity: identity, wait: wait,
            finalTry: finalTry, isBound: bound)
    }

    /// The events of a whole E-Onay in which nothing goes wrong.
    static let course: [ApprovalEvent] = [
        .begin(facts), .prepared(signer), .statement(statement), .code(login), .promptShown, .pinAccepted,
        .signed([1]), .receipt(.signedIn(number: "123456")), .confirmed(isLoggedIn: true), .code(consent),
        .promptShown, .pinAccepted, .signed([2]), .stored, .receipt(.recorded(reference: "EO-1")), .stored,
    ]

    /// The events of `SignCode` under a login code.
    static let signCourse: [ApprovalEvent] = [
        .begin(facts), .code(login), .prepared(signer), .promptShown, .pinAccepted, .signed([1]), .stored,
        .receipt(.signedIn(number: "123456")), .stored,
    ]

    /// The events of `Renew` in which nothing goes wrong.
    static let renewalCourse: [ApprovalEvent] = [
        .begin(facts), .prepared(signer), .code(login), .promptShown, .pinAccepted, .signed([1]),
        .receipt(.signedIn(number: "123456")), .confirmed(isLoggedIn: true),
        .newestApplication(reference: "EO-2"), .stored, .filed(reference: "EO-3"),
        .stored,
    ]

    /// A machine that has met the first `count` events of a course.
    static func machine(
        _ request: ApprovalRequest = request(), after count: Int, of course: [ApprovalEvent] = course
    ) -> ApprovalMachine {
        var machine = ApprovalMachine(request)
        for event in course.prefix(count) { _ = machine.handle(event, at: start) }
        return machine
    }
}
