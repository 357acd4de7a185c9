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
    private let code = "638856212993845"
    private let token = "mF_9.B5f-4.1JqM-mF_9.B5f-4.1JqM"

    private func challenge(_ more: String = "", purpose: String = "login") -> String {
        "{\"code\": \"\(code)\", \"purpose\": \"\(purpose)\", \"portal\": \"http://127.0.0.1:PORT\", "
            + "\"issuedAt\": \"2026-11-22T10:00:00Z\", \"expiresAt\": \"2026-11-22T10:05:00Z\", \"expiresIn\": 300\(more)}"
    }

    private func endpoint(_ portal: ScriptedPortal, total: UInt32 = 5000) throws -> CourierRequest {
        .open(PortalEndpoint(origin: try portal.origin.text, caFile: "", connectTimeout: 2000, totalTimeout: total))
    }

    private func failure(_ code: String, _ detail: String) -> CourierReply {
        .failed(JobFailure(code: code, detail: detail, heldBy: ""))
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
            Step.json("{\"consent\": \"accepted\", \"since\": \"2026-11-22T10:01:00Z\", \"reference\": \"EO-1\"}"),
            Step.json(
                "{\"reference\": \"EO-1\", \"decision\": \"accept\", \"at\": \"2026-11-22T10:01:00Z\", "
                    + "\"statementVersion\": \"1\", \"text\": \"E-ONAY/1\", \"signature\": \"MAA=\"}"),
            Step.json(
                "{\"reference\": \"A-1\", \"kind\": \"renewal\", \"consent\": \"EO-1\", \"at\": \"2026-11-22T10:01:00Z\"}",
                status: 201),
            "{\"status\": 204, \"type\": \"\"}",
        ])
        let courier = try await CourierProcess()
        let origin = try portal.origin.text
        func offered(_ purpose: String, _ decision: String, _ version: String, _ statement: String) -> CourierReply {
            .challenge(
                Challenge(
                    code: code, purpose: purpose, portal: origin, issuedAt: 1_795_341_600, expiresAt: 1_795_341_900,
                    expiresIn: 300, decision: decision, statementVersion: version, statement: statement))
        }
        let conversation: [(CourierRequest, CourierReply)] = [
            (try endpoint(portal), .opened),
            (.statement, .statement(Statement(version: "1", accept: "KABUL.", decline: "RET."))),
            (.session(identity: "10000000146"), offered("login", "", "", "")),
            (
                .submit(code: code, signature: [0x30, 0]),
                .submitted(Submission(purpose: "login", result: "signed", number: "012345", reference: ""))
            ),
            (.confirm(number: "012345"), .confirmed(state: "logged-in")),
            (.decide(decision: "accept", statementVersion: "1"), offered("consent", "accept", "1", "KABUL.")),
            (
                .submit(code: code, signature: [0x30, 1]),
                .submitted(Submission(purpose: "consent", result: "recorded", number: "", reference: "EO-1"))
            ),
            (.status, .status(ConsentStatus(consent: "accepted", since: 1_795_341_660, reference: "EO-1"))),
            (
                .consent(reference: "EO-1"),
                .consent(
                    ConsentRecord(
                        reference: "EO-1", decision: "accept", at: 1_795_341_660, statementVersion: "1",
                        text: "E-ONAY/1", signature: [0x30, 0]))
            ),
            (.apply(kind: "renewal"), .applied(reference: "A-1", consent: "EO-1", at: 1_795_341_660)),
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
        let submit = CourierRequest.submit(code: code, signature: [1])
        #expect(try courier.ask(submit) == failure("PortalRefused", "text-mismatch"))
        #expect(try courier.ask(.challenge(code: code)) == failure("CodeExpired", "code-lapsed"))
        #expect(try courier.ask(.statement) == failure("PortalUnreachable", "timeout"))
        #expect(try courier.ask(.status) == failure("PortalUntrusted", "content-type"))
    }

    @Test func aRequestThatMakesNoSenseIsInvalid() async throws {
        let courier = try await CourierProcess()
        #expect(try courier.ask(.statement) == failure("InvalidArgument", "open"))
        let remote = PortalEndpoint(origin: "http://a.example", caFile: "", connectTimeout: 1, totalTimeout: 1)
        #expect(try courier.ask(.open(remote)) == failure("InvalidArgument", "origin"))
        let local = PortalEndpoint(origin: "http://127.0.0.1:1", caFile: "", connectTimeout: 1000, totalTimeout: 1000)
        #expect(try courier.ask(.open(local)) == .opened)
        #expect(try courier.ask(.session(identity: "1")) == failure("InvalidArgument", "identity"))
        #expect(try courier.ask(.challenge(code: "1")) == failure("InvalidArgument", "code"))
        #expect(try courier.ask(.apply(kind: "old")) == failure("InvalidArgument", "kind"))
        #expect(
            try courier.ask(.decide(decision: "maybe", statementVersion: "1")) == failure("InvalidArgument", "decision")
        )
        #expect(try courier.ask(.statement) == failure("PortalUnreachable", "connect"))
        #expect(await courier.finish() == .exited(0))
    }

    @Test func theEnvironmentsProxyServesForHTTPSAlone() async throws {
        let portal = try ScriptedPortal([Step.json("{\"consent\": \"none\"}")])
        let proxy = "http://127.0.0.1:1"
        let courier = try await CourierProcess(environment: [
            "http_proxy": proxy, "https_proxy": proxy, "ALL_PROXY": proxy, "no_proxy": "",
        ])
        #expect(try courier.ask(endpoint(portal)) == .opened)
        #expect(try courier.ask(.status) == .status(ConsentStatus(consent: "none", since: 0, reference: "")))
        let secure = PortalEndpoint(
            origin: "https://portal.invalid", caFile: "", connectTimeout: 1000, totalTimeout: 1000)
        #expect(try courier.ask(.open(secure)) == .opened)
        // The proxy is asked, which is not there; a name would not have been resolved.
        #expect(try courier.ask(.statement) == failure("PortalUnreachable", "connect"))
    }

    @Test func startedByHandItSaysWhatItIs() async throws {
        let process = try await ChildProcess.start(try Programs.built("eonay-courier"))
        #expect(await process.end() == .exited(1))
        #expect(process.lines.all.map(\.text).first?.hasPrefix("eonay-courier: ") == true)
    }
}
