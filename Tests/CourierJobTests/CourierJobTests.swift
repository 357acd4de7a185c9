// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PortalBench
import TestBench
import Testing

/// The program itself, with a scripted portal.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct CourierJobTests {
    private let code = VerificationCode(number: 638_856_212_993_845)
    private let token = "mF_9.B5f-4.1JqM-mF_9.B5f-4.1JqM"

    private func challenge(_ more: String = "", purpose: String = "login") -> String {
        "{\"code\": \"\(code.digits)\", \"purpose\": \"\(purpose)\", \"portal\": \"http://127.0.0.1:PORT\", "
            + "\"issuedAt\": \"2026-11-22T10:00:00Z\", \"expiresAt\": \"2026-11-22T10:05:00Z\", \"expiresIn\": 300\(more)}"
    }

    private func endpoint(_ portal: ScriptedPortal, total: UInt32 = 5000) throws -> CourierRequest {
        .open(try portal.origin, caFile: "", connectTimeout: 2000, totalTimeout: total)
    }

    private func failure(_ name: ErrorName, _ detail: String, _ problem: ProblemName? = nil) -> CourierReply {
        .failed(JobFailure(name, detail, problem: problem))
    }

    @Test func aWholeEOnayGoesThroughOneCourier() async throws {
        let declared = ", \"decision\": \"accept\", \"statementVersion\": \"1\", \"statement\": \"KABUL.\""
        let portal = try ScriptedPortal([
            Step.json("{\"version\": \"1\", \"accept\": \"KABUL.\", \"decline\": \"RET.\"}"),
            Step.json("{\"session\": \"\(token)\", \"challenge\": \(challenge())}", status: 201),
            Step.json("{\"purpose\": \"login\", \"result\": \"signed\", \"number\": \"012345\"}"),
            Step.json("{\"state\": \"logged-in\"}"),
            Step.json(challenge(declared, purpose: "consent"), status: 201),
            Step.drop,
            Step.json("{\"purpose\": \"consent\", \"result\": \"recorded\", \"reference\": \"EO-1\"}"),
            Step.json(
                "{\"reference\": \"A-1\", \"kind\": \"renewal\", \"consent\": \"EO-1\", \"at\": \"2026-11-22T10:01:00Z\"}",
                status: 201),
            "{\"status\": 204, \"type\": \"\"}",
        ])
        let courier = try await CourierProcess()
        let statement = try OfferedStatement(version: "1", accept: "KABUL.", decline: "RET.")
        let origin = try portal.origin
        func offered(_ purpose: String, _ words: (String, String, String)) throws -> CourierReply {
            .code(
                try OfferedCode(
                    code: code.digits, purpose: purpose, portal: origin.text, expiresIn: 300, decision: words.0,
                    statementVersion: words.1, statement: words.2, from: origin))
        }
        let conversation: [(CourierRequest, CourierReply)] = [
            (try endpoint(portal), .opened),
            (.question(.statement), .statement(statement)),
            (.question(.session(try NationalIdentity(typed: "10000000146"))), try offered("login", ("", "", ""))),
            (.question(.submit(code, signature: [0x30, 0])), .receipt(.signedIn(number: "012345"))),
            (.question(.confirm(number: "012345")), .confirmed(isLoggedIn: true)),
            (.question(.decide(.accept, version: "1")), try offered("consent", ("accept", "1", "KABUL."))),
            (.question(.submit(code, signature: [0x30, 1])), .receipt(.recorded(reference: "EO-1"))),
            (.question(.apply), .filed(reference: "A-1")),
            (.end, .ended), (.end, .ended),
        ]
        for (request, reply) in conversation { #expect(try courier.ask(request) == reply) }
        #expect(await courier.finish() == .exited(0))
        #expect(courier.process.lines.all.isEmpty)
    }

    @Test func whatThePortalRefusesKeepsItsName() async throws {
        let portal = try ScriptedPortal([
            Step.problem("text-mismatch", 422), Step.problem("code-lapsed", 410), Step.hang,
            Step.json("{}", type: "text/html"),
        ])
        let courier = try await CourierProcess()
        #expect(try courier.ask(endpoint(portal, total: 400)) == .opened)
        let submit = CourierRequest.question(.submit(code, signature: [1]))
        #expect(try courier.ask(submit) == failure(.portalRefused, "text-mismatch", .textMismatch))
        #expect(try courier.ask(.question(.code(code))) == failure(.codeExpired, "code-lapsed", .codeLapsed))
        #expect(try courier.ask(.question(.statement)) == failure(.portalUnreachable, "timeout"))
        #expect(try courier.ask(.question(.newestApplication)) == failure(.portalUntrusted, "content-type"))
    }

    @Test func aRequestThatMakesNoSenseIsInvalid() async throws {
        let courier = try await CourierProcess()
        #expect(try courier.ask(.question(.statement)) == failure(.invalidArgument, "open"))
        #expect(try courier.ask(.end) == failure(.invalidArgument, "open"))
        let local = CourierRequest.open(
            try Origin("http://127.0.0.1:1"), caFile: "", connectTimeout: 1000, totalTimeout: 1000)
        #expect(try courier.ask(local) == .opened)
        #expect(try courier.ask(.question(.statement)) == failure(.portalUnreachable, "connect"))
        #expect(await courier.finish() == .exited(0))
    }

    @Test func theEnvironmentsProxyServesForHTTPSAlone() async throws {
        let portal = try ScriptedPortal([Step.json("[]")])
        let proxy = "http://127.0.0.1:1"
        let courier = try await CourierProcess(environment: [
            "http_proxy": proxy, "https_proxy": proxy, "ALL_PROXY": proxy, "no_proxy": "",
        ])
        #expect(try courier.ask(endpoint(portal)) == .opened)
        #expect(try courier.ask(.question(.newestApplication)) == .newestApplication(reference: nil))
        let secure = CourierRequest.open(
            try Origin("https://portal.invalid"), caFile: "", connectTimeout: 1000, totalTimeout: 1000)
        #expect(try courier.ask(secure) == .opened)
        // The proxy is asked, which is not there; a name would not have been resolved.
        #expect(try courier.ask(.question(.statement)) == failure(.portalUnreachable, "connect"))
    }

    @Test func startedByHandItSaysWhatItIs() async throws {
        let process = try await ChildProcess.start(try Programs.built("eonay-courier"))
        #expect(await process.end() == .exited(1))
        #expect(process.lines.all.map(\.text).first?.hasPrefix("eonay-courier: ") == true)
    }
}
