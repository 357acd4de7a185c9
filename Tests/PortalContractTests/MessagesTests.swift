// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalContract
import Testing

@Suite(.timeLimit(.minutes(1))) struct MessagesTests {
    private let login = PortalChallenge(
        code: "638856212993845", purpose: .login, portal: "https://portal.example.org", issuedAt: 1_795_352_136,
        expiresAt: 1_795_352_436, expiresIn: 300, declared: nil)
    private let consent = PortalChallenge(
        code: "112233445566778", purpose: .consent, portal: "https://portal.example.org", issuedAt: 1_795_352_136,
        expiresAt: 1_795_352_436, expiresIn: 299,
        declared: PortalChallenge.Declared(decision: .decline, version: "2026-01", statement: "KABUL\nETMİYORUM."))

    private func comesBack<Value: WireValue & Equatable>(_ value: Value) throws {
        #expect(try Value(utf8: value.json.utf8) == value)
    }

    @Test func eachMessageIsReadBackAsItWasWritten() throws {
        try comesBack(login)
        try comesBack(consent)
        try comesBack(PortalStatement(version: "2026-01", accept: "Evet", decline: "Hayır"))
        try comesBack(SessionRequest(identity: "10000000146"))
        try comesBack(ConfirmRequest(number: "004711"))
        try comesBack(DecisionRequest(decision: "accept", statementVersion: "2026-01"))
        try comesBack(ApplicationRequest(kind: .renewal))
        try comesBack(OpenedSession(session: "token", challenge: login))
        try comesBack(SubmissionAnswer(purpose: .login, result: .signed, number: "123456", reference: nil))
        try comesBack(SubmissionAnswer(purpose: .consent, result: .recorded, number: nil, reference: "R"))
        try comesBack(SessionStatus(state: .consent, challenge: consent, reference: nil))
        try comesBack(SessionStatus(state: .recorded, challenge: nil, reference: "R"))
        let refusal = SessionStatus.Refusal(
            type: ProblemName.certificateRevoked.urn, reason: ProblemDetails.onHold, count: 2)
        try comesBack(SessionStatus(state: .login, challenge: login, reference: nil, refusal: refusal))
        try comesBack(ConfirmAnswer(state: .loggedIn))
        try comesBack(ConsentStanding(consent: .none, since: nil, reference: nil))
        try comesBack(ConsentStanding(consent: .accepted, since: 1_795_352_136, reference: "R"))
        try comesBack(
            ConsentDocument(
                reference: "R", decision: .accept, at: 1_795_352_136, statementVersion: "1", text: "a\n",
                signature: [0x30, 0]))
        try comesBack(FiledApplication(reference: "A", kind: .new, consent: "R", at: 1_795_352_136))
        try comesBack(ProblemDetails(type: ProblemName.codeUsed.urn, title: "used", status: 410))
    }

    @Test func aLoginChallengeHasTheMembersOfTheContractAndNoOthers() {
        #expect(
            String(decoding: login.json.utf8, as: UTF8.self)
                == #"{"code":"638856212993845","purpose":"login","portal":"https://portal.example.org","#
                + #""issuedAt":"2026-11-22T12:55:36Z","expiresAt":"2026-11-22T13:00:36Z","expiresIn":300}"#)
    }

    @Test func aMissingMemberIsNamed() {
        #expect(throws: InvalidMessage(field: "statement")) {
            try PortalChallenge(
                utf8: #"""
                    {"code":"1","purpose":"consent","portal":"p","issuedAt":"2026-11-22T12:55:36Z",
                    "expiresAt":"2026-11-22T13:00:36Z","expiresIn":300,"decision":"accept","statementVersion":"1"}
                    """#.utf8)
        }
        #expect(throws: InvalidMessage(field: "identity")) { try SessionRequest(utf8: "{}".utf8) }
        #expect(throws: InvalidMessage(field: "signing")) {
            try ApplicationRequest(utf8: #"{"kind":"new","signing":"paper"}"#.utf8)
        }
    }

    @Test func aMemberThatALaterVersionAddsIsPassedOver() throws {
        #expect(try SessionRequest(utf8: #"{"identity":"1","later":{"x":[]}}"#.utf8).identity == "1")
    }

    @Test func aProblemOutsideTheContractHasNoName() {
        #expect(ProblemDetails(type: "about:blank", title: "", status: 500).name == nil)
        #expect(ProblemDetails(type: "urn:eonay:problem:text-mismatch", title: "", status: 422).name == .textMismatch)
    }
}
