// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalBench
import PortalClient
import PortalContract
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct PortalClientTests {
    static let holder = try! NationalIdentity(typed: "10000000146")
    static let code = try! VerificationCode("638856212993845")
    static let token = "mF_9.B5f-4.1JqM-mF_9.B5f-4.1JqM"
    private static let times =
        "\"issuedAt\": \"2026-11-22T10:00:00Z\", \"expiresAt\": \"2026-11-22T10:05:00Z\", \"expiresIn\": 300"

    /// A challenge that names `portal`.
    static func challenge(_ purpose: String = "login", portal: String, more: String = "") -> String {
        "{\"code\": \"638856212993845\", \"purpose\": \"\(purpose)\", \"portal\": \"\(portal)\", \(times)\(more)}"
    }

    /// The scripted portal's own origin: its port is not known when the script is written, so the server fills it in.
    static let ownOrigin = "http://127.0.0.1:PORT"

    @Test func aStatementIsAskedForAndRead() throws {
        let portal = try ScriptedPortal([
            Step.json("{\"version\": \"1\", \"accept\": \"KABUL.\", \"decline\": \"RET.\"}")
        ])
        #expect(try portal.client().statement() == OfferedStatement(version: "1", accept: "KABUL.", decline: "RET."))
        let request = try portal.request()
        #expect(request.method == "GET" && request.path == "/api/v1/statement")
        #expect(request.headers["authorization"] == nil && request.headers["cookie"] == nil)
    }

    @Test func aWholeEOnayGoesByTheContract() throws {
        let declared = ", \"decision\": \"accept\", \"statementVersion\": \"1\", \"statement\": \"KABUL.\""
        let portal = try ScriptedPortal([
            Step.json(
                "{\"session\": \"\(Self.token)\", \"challenge\": \(Self.challenge(portal: Self.ownOrigin))}",
                status: 201),
            Step.json("{\"purpose\": \"login\", \"result\": \"signed\", \"number\": \"012345\"}"),
            Step.json("{\"state\": \"logged-in\"}"),
            Step.json(Self.challenge("consent", portal: Self.ownOrigin, more: declared), status: 201),
            Step.json("{\"purpose\": \"consent\", \"result\": \"recorded\", \"reference\": \"EO-1\"}"),
            Step.json("[]"),
            Step.json(
                "{\"reference\": \"A-1\", \"kind\": \"renewal\", \"consent\": \"EO-1\", \"at\": \"2026-11-22T10:01:00Z\"}",
                status: 201),
            "{\"status\": 204, \"type\": \"\"}",
        ])
        let client = try portal.client()
        #expect(try client.openSession(for: Self.holder).purpose == .login)
        #expect(try client.submit([0x30, 0x00], under: Self.code) == .signedIn(number: "012345"))
        #expect(try client.confirm(number: "012345") == .loggedIn)
        let consent = try client.decide(.accept, statementVersion: "1")
        #expect(consent.declaration?.statement == "KABUL.")
        #expect(try client.submit([0x30, 0x01], under: Self.code) == .recorded(reference: "EO-1"))
        #expect(try client.applications().isEmpty)
        #expect(try client.apply(.renewal).consent == "EO-1")
        try client.end()
        try client.end()

        let paths = [
            "/sessions", "/codes/638856212993845/signature", "/session/confirm", "/decision",
            "/codes/638856212993845/signature", "/applications", "/applications", "/session",
        ]
        for (index, path) in paths.enumerated() {
            let request = try portal.request()
            #expect(request.path == "/api/v1" + path)
            #expect(request.headers["authorization"] == (index == 0 ? nil : "Bearer \(Self.token)"))
            #expect(request.headers["expect"] == nil)
            switch index {
            case 0: #expect(request.text == "{\"identity\":\"10000000146\"}")
            case 1:
                #expect(
                    request.headers["content-type"] == "application/pkcs7-mime" && request.body == Data([0x30, 0x00]))
            case 2:
                #expect(
                    request.text == "{\"number\":\"012345\"}" && request.headers["content-type"] == "application/json")
            case 3: #expect(request.text == "{\"decision\":\"accept\",\"statementVersion\":\"1\"}")
            case 7: #expect(request.method == "DELETE")
            default: #expect(Bool(true))
            }
        }
    }

    @Test(arguments: ProblemName.allCases)
    func everyProblemIsReadByItsName(name: ProblemName) throws {
        let portal = try ScriptedPortal([Step.problem(name.rawValue, name.status)])
        #expect(throws: PortalFailure.problem(name)) { try portal.client().applications() }
    }

    @Test func aSuspensionIsReadFromTheProblemsReason() throws {
        func failure(_ reason: String) throws -> PortalFailure? {
            let text =
                "{\"type\":\"urn:eonay:problem:certificate-revoked\",\"title\":\"\",\"status\":422,\"reason\":\(reason)}"
            let portal = try ScriptedPortal([Step.json(text, status: 422, type: "application/problem+json")])
            return #expect(throws: PortalFailure.self) { try portal.client().applications() }
        }
        #expect(try failure("\"certificateHold\"") == .suspended)
        #expect(PortalFailure.suspended.error == .certificateSuspended)
        // Anybody's extension may have that name.
        for other in ["\"keyCompromise\"", "7", "null", "{}"] {
            #expect(try failure(other) == .problem(.certificateRevoked))
        }
    }

    @Test(arguments: [
        (Step.drop, PortalFailure.unreachable("answer-cut")),
        (Step.hang, .unreachable("timeout")),
        ("{\"body\": \"{\\\"version\\\"\", \"cut\": 4}", .unreachable("answer-cut")),
        ("{\"raw\": \"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\n\"}", .untrusted("answer-json")),
        ("{\"raw\": \"\\u0016\\u0003\\u0001 SSH-2.0\\r\\n\"}", .unreachable("curl-1")),
        ("{\"body\": \"{}\", \"type\": \"text/html; charset=utf-8\"}", .untrusted("content-type")),
        ("{\"body\": \"{}\", \"type\": \"\"}", .untrusted("content-type")),
        ("{\"body\": \"{}\", \"pad\": 131071}", .untrusted("answer-too-large")),
        ("{\"body\": \"not json\"}", .untrusted("answer-json")),
        ("{\"body\": \"{}\"}", .untrusted("answer-version")),
        ("{\"body\": \"{\\\"version\\\": 1}\"}", .untrusted("answer-version")),
        (
            Step.json("{\"version\": \"1\", \"accept\": \"a\", \"decline\": \"s\u{327}\"}"),
            .untrusted("statement-notNormalised")
        ),
        (Step.json("{\"version\": \"1\", \"accept\": \"a\", \"decline\": \"\"}"), .untrusted("statement-empty")),
        ("{\"status\": 302, \"headers\": {\"Location\": \"http://127.0.0.1:1/\"}}", .untrusted("http-302")),
        ("{\"status\": 204, \"type\": \"\"}", .untrusted("http-204")),
        ("{\"status\": 404, \"body\": \"{}\"}", .untrusted("http-404")),
        ("{\"status\": 502, \"type\": \"text/html\"}", .unreachable("http-502")),
        ("{\"status\": 429, \"type\": \"\"}", .unreachable("http-429")),
        (Step.problem("unheard-of", 422), .untrusted("http-422")),
    ])
    func whatIsNoAnswerOfTheContractIsNamed(step: String, failure: PortalFailure) throws {
        let portal = try ScriptedPortal([step])
        #expect(throws: failure) { try portal.client(total: 400).statement() }
    }

    @Test func aPortalThatIsNotThereIsUnreachable() throws {
        let origin = try Origin("http://127.0.0.1:1")
        #expect(throws: PortalFailure.unreachable("connect")) { try PortalClient(portal: origin).statement() }
        let nowhere = try Origin("https://portal.invalid")
        #expect(throws: PortalFailure.unreachable("resolve")) { try PortalClient(portal: nowhere).statement() }
    }

    @Test func aRedirectIsNotFollowed() throws {
        let elsewhere = try ScriptedPortal([Step.json("{}")])
        let portal = try ScriptedPortal([
            "{\"status\": 307, \"headers\": {\"Location\": \"http://127.0.0.1:\(elsewhere.port)/\"}}", Step.json("{}"),
        ])
        #expect(throws: PortalFailure.untrusted("http-307")) { try portal.client().statement() }
    }

    @Test(arguments: [
        (challenge(portal: "https://other.example.org"), "challenge-portal"),
        (challenge(portal: ownOrigin + "/"), "challenge-portal"),
        (challenge("consent", portal: ownOrigin), "answer-decision"),
        (challenge(portal: ownOrigin).replacing("638856212993845", with: "638856212993846"), "challenge-code"),
        (challenge(portal: ownOrigin).replacing("300", with: "90000"), "challenge-expiresIn"),
        (challenge(portal: ownOrigin).replacing("300", with: "9000000000"), "challenge-expiresIn"),
        (challenge("oath", portal: ownOrigin), "answer-purpose"),
    ])
    func aChallengeThatIsNotWhatItMustBeIsUntrusted(challenge: String, detail: String) throws {
        let portal = try ScriptedPortal([Step.json(challenge)])
        #expect(throws: PortalFailure.untrusted(detail)) { try portal.client().offer(of: Self.code) }
    }

    @Test func aSessionsCodeMustBeALogin() throws {
        let consent = Self.challenge(
            "consent", portal: Self.ownOrigin,
            more: ", \"decision\": \"accept\", \"statementVersion\": \"1\", \"statement\": \"KABUL.\"")
        let portal = try ScriptedPortal([
            Step.json("{\"session\": \"\(Self.token)\", \"challenge\": \(consent)}", status: 201)
        ])
        #expect(throws: PortalFailure.untrusted("challenge-purpose")) {
            try portal.client().openSession(for: Self.holder)
        }
    }

    @Test(arguments: ["short", "mF_9.B5f-4.1JqM\\r\\nX: 1", "mF_9 B5f-4 1JqM 4711"])
    func aTokenThatCouldEndItsLineIsUntrusted(token: String) throws {
        let portal = try ScriptedPortal([
            Step.json(
                "{\"session\": \"\(token)\", \"challenge\": \(Self.challenge(portal: Self.ownOrigin))}", status: 201)
        ])
        #expect(throws: PortalFailure.untrusted("answer-session")) {
            try portal.client().openSession(for: Self.holder)
        }
    }

    @Test(arguments: ["", "../session", "a b", "a?b"])
    func aReferenceThatCouldLeaveItsPathIsUntrusted(_ reference: String) throws {
        let filed = "{\"reference\": \"\(reference)\", \"kind\": \"renewal\", \"consent\": \"EO-1\", "
        let portal = try ScriptedPortal([Step.json("[\(filed)\"at\": \"2026-11-22T10:01:00Z\"}]")])
        #expect(throws: PortalFailure.untrusted("answer-reference")) { try portal.client().applications() }
    }

    @Test func theConnectionIsKeptFromCallToCall() throws {
        let none = Step.json("[]")
        let portal = try ScriptedPortal([
            none, none, "{\"status\": 200, \"body\": \"{}\", \"close\": true}", none,
        ])
        let client = try portal.client()
        for _ in 0..<2 { #expect(try client.applications().isEmpty) }
        #expect(throws: PortalFailure.untrusted("answer-json")) { try client.applications() }
        #expect(try client.applications().isEmpty)
    }
}
