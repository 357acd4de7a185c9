// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import PortalBench
import PortalClient
import Testing

/// An answer to a signature that did not come.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct LostAnswerTests {
    private let code = PortalClientTests.code
    private let signature: [UInt8] = [0x30, 0x03, 0x02, 0x01, 0x05]
    private let recorded = Step.json("{\"purpose\": \"consent\", \"result\": \"recorded\", \"reference\": \"EO-1\"}")
    private let session = Step.json(
        "{\"session\": \"\(PortalClientTests.token)\", "
            + "\"challenge\": \(PortalClientTests.challenge(portal: PortalClientTests.ownOrigin))}", status: 201)

    @Test(arguments: [Step.drop, "{\"body\": \"{ }\", \"cut\": 1}", "{\"status\": 502, \"type\": \"\"}"])
    func isAskedForAgainAtOnceWithTheSameOctets(lost: String) throws {
        let portal = try ScriptedPortal([lost, recorded])
        #expect(try portal.client().submit(signature, under: code) == .recorded(reference: "EO-1"))
        let bodies = try [portal.request().body, portal.request().body]
        #expect(bodies[0] == bodies[1] && Array(bodies[0]) == signature)
    }

    @Test func isAskedForOnce() throws {
        let portal = try ScriptedPortal([Step.drop, Step.drop, recorded])
        let client = try portal.client()
        #expect(throws: PortalFailure.unreachable("answer-cut")) { try client.submit(signature, under: code) }
        #expect(try client.submit(signature, under: code) == .recorded(reference: "EO-1"))
    }

    @Test func isNotAskedForWhereNothingWasSent() throws {
        let client = try PortalClient(portal: try Origin("http://127.0.0.1:1"))
        #expect(throws: PortalFailure.unreachable("connect")) { try client.submit(signature, under: code) }
    }

    @Test func aRefusalIsFinal() throws {
        let portal = try ScriptedPortal([Step.problem("code-used", 410), recorded])
        #expect(throws: PortalFailure.problem(.codeUsed)) { try portal.client().submit(signature, under: code) }
    }

    @Test func aCodeThatIsGoneIsNoAnswerToARepetition() throws {
        let portal = try ScriptedPortal([Step.drop, Step.problem("code-used", 410)])
        #expect(throws: PortalFailure.unreachable("answer-unclear")) {
            try portal.client().submit(signature, under: code)
        }
    }

    @Test func theSessionTellsWhatBecameOfIt() throws {
        let portal = try ScriptedPortal([
            session, Step.drop, Step.problem("code-lapsed", 410),
            Step.json("{\"state\": \"recorded\", \"reference\": \"EO-7\"}"),
        ])
        let client = try portal.client()
        _ = try client.openSession(for: PortalClientTests.holder)
        #expect(try client.submit(signature, under: code) == .recorded(reference: "EO-7"))
    }

    @Test func theSessionTellsThatNothingWasRecorded() throws {
        let portal = try ScriptedPortal([
            session, Step.drop, Step.problem("code-lapsed", 410), Step.json("{\"state\": \"logged-in\"}"),
        ])
        let client = try portal.client()
        _ = try client.openSession(for: PortalClientTests.holder)
        #expect(throws: PortalFailure.problem(.codeLapsed)) { try client.submit(signature, under: code) }
    }

    @Test func aSessionThatIsGoneTellsNothing() throws {
        let portal = try ScriptedPortal([
            session, Step.drop, Step.problem("code-lapsed", 410), Step.problem("no-session", 401),
        ])
        let client = try portal.client()
        _ = try client.openSession(for: PortalClientTests.holder)
        #expect(throws: PortalFailure.unreachable("answer-unclear")) { try client.submit(signature, under: code) }
    }

    @Test func anAnswerThatMeansNothingIsNotTakenForARecord() throws {
        let portal = try ScriptedPortal([
            Step.json("{\"purpose\": \"consent\", \"result\": \"recorded\"}"), recorded,
        ])
        let client = try portal.client()
        #expect(throws: PortalFailure.untrusted("answer-reference")) { try client.submit(signature, under: code) }
        #expect(try client.submit(signature, under: code) == .recorded(reference: "EO-1"))
    }
}
