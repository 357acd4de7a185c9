// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import PortalBench
import TestBench
import Testing
import VirtualCard

/// A responder that is wrong, slow or hostile: each fault has a name, ends in time, and the courier answers the next question.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct HostileResponderTests {
    enum Fault: String, CaseIterable {
        case redirects, hangs, drips, isHuge, cuts, talksHTML, triesLater
        case signsAsStranger, signsWithoutRight, changesTheAnswer, answersForAnother, repeatsAnotherNonce
        case isOld, isOfTheFuture, holdsOfOld
    }

    /// What the courier says.
    private static let names: [Fault: String] = [
        .redirects: "http-302", .hangs: "timeout", .drips: "timeout", .isHuge: "answer-too-large", .cuts: "answer-cut",
        .talksHTML: "malformed unexpectedTag", .triesLater: "refused try-later",
        .signsAsStranger: "unauthorised-signer issuer", .signsWithoutRight: "unauthorised-signer key-usage",
        .changesTheAnswer: "bad-signature", .answersForAnother: "other-certificate",
        .repeatsAnotherNonce: "nonce-mismatch", .isOld: "stale", .isOfTheFuture: "not-yet-current produced-at",
        .holdsOfOld: "stale",
    ]

    @Test(arguments: Fault.allCases)
    func aFaultIsNamedAndBoundedAndTheNextQuestionIsAnswered(_ fault: Fault) async throws {
        let bench = try RevocationBench()
        let issuer = bench.authority.issuer.certificate
        bench.server.say(try await step(fault, bench))
        bench.server.say(try await bench.response(revoked: false))
        let courier = try await CourierProcess()
        let begun = ContinuousClock.now
        let answer = try Self.answer(courier.ask(bench.request(issuer: issuer, timeout: 1000)))
        #expect(answer.trouble == Self.names[fault])
        #expect(answer.state == .unknown)
        // Its deadline is one second; the rest is what a busy computer takes.
        #expect(ContinuousClock.now - begun < .seconds(8))
        let next = try Self.answer(courier.ask(bench.request(issuer: issuer)))
        #expect(next.state == .good)
        // One question each: nobody was led to another address.
        for _ in 1...2 { #expect(try bench.server.request().path == "/ocsp") }
        #expect(await courier.finish() == .exited(0))
        #expect(courier.process.lines.all.isEmpty)
    }

    private static func answer(_ reply: CourierReply?) throws -> RevocationAnswer {
        guard case .revocation(let answer)? = reply else { throw CourierProcess.Failure(call: "ask") }
        return answer
    }

    /// What was revoked stays so, however old the word.
    @Test func anOldRevocationIsOneStill() async throws {
        let bench = try RevocationBench()
        let old = try bench.aged(await bench.octets(revoked: true), by: 10 * 86_400)
        bench.server.say(RevocationBench.step(old))
        #expect(try await bench.ask(issuer: bench.authority.issuer.certificate).state == .revoked)
    }

    private func step(_ fault: Fault, _ bench: RevocationBench) async throws -> String {
        switch fault {
        case .redirects:
            return "{\"status\": 302, \"headers\": {\"Location\": \"http://127.0.0.1:PORT/elsewhere\"}}"
        case .hangs: return Step.hang
        case .drips: return "{\"drip\": 1073741824, \"type\": \"application/ocsp-response\"}"
        case .isHuge: return "{\"stream\": 1073741824, \"type\": \"application/ocsp-response\"}"
        case .cuts: return "{\"body\": \"0123456789\", \"cut\": 5}"
        case .talksHTML: return Step.json("<html>Log in to the hotel's network</html>", type: "text/html")
        case .triesLater: return RevocationBench.step([0x30, 3, 0x0A, 1, 3])
        case .signsAsStranger:
            try await bench.makeStranger()
            return try await bench.response(revoked: false, signer: "stranger")
        case .signsWithoutRight:
            try await bench.certifyResponder(usage: "serverAuth")
            return try await bench.response(revoked: false, signer: "delegate")
        case .changesTheAnswer:
            var octets = try await bench.octets(revoked: nil)
            // CertStatus: unknown [2] becomes good [0].
            let place = try #require(octets.indices.dropLast(3).last { octets[$0...].starts(with: [0x82, 0, 0x18]) })
            octets[place] = 0x80
            return RevocationBench.step(octets)
        case .answersForAnother:
            return RevocationBench.step(try await bench.octets(revoked: false, isOfAnother: true))
        case .repeatsAnotherNonce:
            return RevocationBench.step(try await bench.octets(revoked: false, hasNonce: true))
        case .isOld: return RevocationBench.step(try bench.aged(await bench.octets(revoked: false), by: 10 * 86_400))
        case .isOfTheFuture:
            return RevocationBench.step(try bench.aged(await bench.octets(revoked: false), by: -10 * 86_400))
        case .holdsOfOld:
            let octets = try await bench.octets(revoked: true, reason: ",certificateHold")
            return RevocationBench.step(try bench.aged(octets, by: 10 * 86_400))
        }
    }
}
