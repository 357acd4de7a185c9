// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import EOnayCore
import ManualTime
import NIOCore
import PortalContract
import Testing
import VirtualCard

@testable import Portal

/// `/session`, its confirmation, its events; the decision.
@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    @Test(arguments: [nil, "", "x", String(repeating: "A", count: 43), String(repeating: "A", count: 10_000)])
    func whoHasNoSessionIsTold(_ token: String?) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { portal in
            for path in [PortalPath.session, PortalPath.events] {
                let answer = try await portal.get(path, token: token)
                #expect(token?.count == 10_000 || answer.status == 401 && answer.problem == "no-session")
            }
            for path in [PortalPath.status, PortalPath.consent("A"), PortalPath.applications] {
                let answer = try await portal.get(path, token: token)
                #expect(token?.count == 10_000 || answer.status == 401 && answer.problem == "not-logged-in")
            }
        }
    }

    @Test func aStrangerWhoseCodeISignedIsNotSignedIn() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let victim = try Signer(bench)
        try await bench.withPortal { portal in
            // The stranger asks for a code with my number and talks me into signing it.
            let stranger = try await portal.open(victim.identity)
            let signed = try await portal.post(
                signature: try victim.login(stranger.challenge), under: stranger.challenge.code)
            #expect(signed.status == 200)
            for path in [PortalPath.status, PortalPath.applications] {
                #expect(try await portal.get(path, token: stranger.session).problem == "not-logged-in")
            }
            let decision = try await portal.post(
                PortalPath.decision, DecisionRequest(decision: "accept", statementVersion: "2026-01"),
                token: stranger.session)
            #expect(decision.status == 401 && decision.problem == "not-logged-in")
        }
    }

    @Test func threeWrongNumbersEndTheSession() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let opened = try await portal.open()
            let answer = try await portal.post(
                signature: try signer.login(opened.challenge), under: opened.challenge.code)
            let number = try #require(try answer.value(SubmissionAnswer.self).number)
            let wrong = number == "000000" ? "000001" : "000000"
            for _ in 0..<2 {
                let refused = try await portal.post(
                    PortalPath.confirm, ConfirmRequest(number: wrong), token: opened.session)
                #expect(refused.status == 403 && refused.problem == "wrong-number")
            }
            let last = try await portal.post(PortalPath.confirm, ConfirmRequest(number: wrong), token: opened.session)
            #expect(last.status == 401 && last.problem == "no-session")
            let late = try await portal.post(PortalPath.confirm, ConfirmRequest(number: number), token: opened.session)
            #expect(late.status == 401)
            let status: SessionStatus = try await portal.get(PortalPath.session, token: opened.session).value()
            #expect(status.state == .ended)
        }
    }

    @Test func theRightNumberMayBeSentTwice() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let opened = try await portal.open()
            let early = try await portal.post(
                PortalPath.confirm, ConfirmRequest(number: "123456"), token: opened.session)
            #expect(early.problem == "wrong-number")
            let answer = try await portal.post(
                signature: try signer.login(opened.challenge), under: opened.challenge.code)
            let number = ConfirmRequest(number: try answer.value(SubmissionAnswer.self).number ?? "")
            for _ in 0..<2 {
                let confirmed = try await portal.post(PortalPath.confirm, number, token: opened.session)
                #expect(try confirmed.value(ConfirmAnswer.self).state == .loggedIn)
            }
        }
    }

    @Test func aDecisionIsNamedWrongForWhatItIs() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            func decide(_ decision: String, _ version: String) async throws -> PortalClient.Answer {
                try await portal.post(
                    PortalPath.decision, DecisionRequest(decision: decision, statementVersion: version), token: token)
            }
            let stale = try await decide("accept", "2025-12")
            #expect(stale.status == 409 && stale.problem == "stale-statement")
            let invalid = try await decide("maybe", "2026-01")
            #expect(invalid.status == 422 && invalid.problem == "invalid-decision")
        }
    }

    @Test func aConsentCodeThatLapsesLeavesTheSessionWhereItWas() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            func state() async throws -> SessionState {
                try await portal.get(PortalPath.session, token: token).value(SessionStatus.self).state
            }
            #expect(try await state() == .loggedIn)
            _ = try await portal.decide("accept", token: token)
            #expect(try await state() == .consent)
            bench.clock.advance(by: 300)
            #expect(try await state() == .loggedIn)
            _ = try await portal.record("accept", token: token, by: signer)
            _ = try await portal.decide("decline", token: token)
            bench.clock.advance(by: 300)
            #expect(try await state() == .recorded)
        }
    }

    @Test func eventsTellEachChangeAndEndWithTheSession() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let opened = try await portal.open()
            let response = try await portal.events(opened.session)
            var states: [SessionState] = []
            for try await chunk in response.body {
                for line in String(buffer: chunk).split(separator: "\n") where line.hasPrefix("data: ") {
                    states.append(try SessionStatus(utf8: Array(line.dropFirst(6).utf8)).state)
                }
                switch states.last {
                case .login?:
                    let answer = try await portal.post(
                        signature: try signer.login(opened.challenge), under: opened.challenge.code)
                    let number = try answer.value(SubmissionAnswer.self).number ?? ""
                    _ = try await portal.post(PortalPath.confirm, ConfirmRequest(number: number), token: opened.session)
                case .loggedIn?: _ = try await portal.decide("accept", token: opened.session)
                case .consent?: _ = try await portal.send("DELETE", PortalPath.session, token: opened.session)
                default: break
                }
            }
            #expect(states.filter { $0 != .confirm } == [.login, .loggedIn, .consent, .ended])
        }
    }

    @Test func aSessionCannotOpenStreamsWithoutEnd() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { portal in
            let events = portal.server.service.events
            let streams = (0..<20).compactMap { _ -> AsyncStream<Void>? in
                guard case .open(let hints, _) = events.open(1, from: "", within: .init()) else { return nil }
                return hints
            }
            #expect(events.count == 8)
            var first = streams[0].makeAsyncIterator()
            #expect(await first.next() != nil)
            #expect(await first.next() == nil)
        }
    }
}
