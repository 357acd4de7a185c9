// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import ManualTime
import PortalContract
import Testing
import VirtualCard

@testable import Portal

/// `POST /codes/CODE/signature`: every problem by name, in the contract's order.
@Suite(.timeLimit(.minutes(1))) struct SubmissionTests {
    private func withOpenedSession(
        _ lines: String = "", _ body: (PortalBench, PortalClient, OpenedSession) async throws -> Void
    ) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal(lines) { portal in
            try await body(bench, portal, try await portal.open())
        }
    }

    @Test func anUnknownCodeIsToldBeforeTheSignatureIsRead() async throws {
        try await withOpenedSession { _, portal, _ in
            let answer = try await portal.post(signature: [], under: "123456789012345")
            #expect(answer.status == 404 && answer.problem == "unknown-code")
            let large = try await portal.post(
                signature: [UInt8](repeating: 0x30, count: 65_537), under: "123456789012345")
            #expect(large.status == 413 && large.problem == "too-large")
        }
    }

    @Test func whatIsNoSignatureIsBadSignature() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            func expectRefusal(_ change: (inout [UInt8]) -> Void) async throws {
                let opened = try await portal.open()
                var signature = try signer.login(opened.challenge)
                change(&signature)
                let answer = try await portal.post(signature: signature, under: opened.challenge.code)
                #expect(answer.status == 422 && answer.problem == "bad-signature")
                // Nothing came of it: the code is still good.
                #expect(
                    try await portal.get(PortalPath.code(try VerificationCode(opened.challenge.code))).status == 200)
            }
            try await expectRefusal { $0 = [] }
            try await expectRefusal { $0 = Array("not DER".utf8) }
            try await expectRefusal { $0.removeLast() }
            try await expectRefusal { $0.append(0) }
            try await expectRefusal { $0[$0.count - 1] ^= 1 }
            try await expectRefusal { $0[1] = 0x80 }
        }
    }

    @Test func anotherPersonsCertificateIsIdentityMismatch() async throws {
        try await withOpenedSession { bench, portal, opened in
            let stranger = try Signer(bench, holder: .isil)
            let answer = try await portal.post(
                signature: try stranger.login(opened.challenge, identity: Holder.sukru.identity),
                under: opened.challenge.code)
            #expect(answer.status == 422 && answer.problem == "identity-mismatch")
        }
    }

    @Test func anyOtherTextIsTextMismatch() async throws {
        try await withOpenedSession { bench, portal, opened in
            let signer = try Signer(bench)
            let other = try await portal.open()
            let elsewhere = PortalChallenge(
                code: opened.challenge.code, purpose: .login, portal: "https://other.example.org", issuedAt: 0,
                expiresAt: 0, expiresIn: 0, declared: nil)
            for signature in [
                try signer.login(other.challenge), try signer.login(elsewhere),
            ] {
                let answer = try await portal.post(signature: signature, under: opened.challenge.code)
                #expect(answer.status == 422 && answer.problem == "text-mismatch")
            }
            let free = try await portal.post(
                signature: try signer.sign(Array("I owe a house".utf8)), under: other.challenge.code)
            #expect(free.problem == "text-mismatch")
        }
    }

    @Test func aLoginAndAConsentAreNotExchangeable() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let challenge = try await portal.decide("accept", token: token)
            let asLogin = try await portal.post(signature: try signer.login(challenge), under: challenge.code)
            #expect(asLogin.problem == "text-mismatch")
            let otherDecision = try await portal.post(
                signature: try signer.consent(challenge, decision: .decline), under: challenge.code)
            #expect(otherDecision.problem == "text-mismatch")
            let standing: ConsentStanding = try await portal.get(PortalPath.status, token: token).value()
            #expect(standing.consent == .none)
        }
    }

    @Test(
        arguments: [
            (.expired, "certificate-expired"), (.notYetValid, "certificate-not-yet-valid"),
            (.forgedSignature, "untrusted-issuer"), (.forgedIssuer, "untrusted-issuer"),
            (.noNonRepudiation, "not-qualified"), (.noETSIStatement, "not-qualified"),
            (.noBTKStatement, "not-qualified"), (.institutionalSeal, "not-qualified"), (.seal, "not-qualified"),
            (.restricted, "not-qualified"), (.test, "not-qualified"),
        ] as [(IssuedKind, String)])
    func eachWrongCertificateIsNamed(_ kind: IssuedKind, _ problem: String) async throws {
        try await withOpenedSession { bench, portal, opened in
            let signer = try Signer(bench, kind)
            let answer = try await portal.post(
                signature: try signer.login(opened.challenge), under: opened.challenge.code)
            let (status, name) = (answer.status, answer.problem)
            #expect(status == 422)
            #expect(name == problem)
            let session: SessionStatus = try await portal.get(PortalPath.session, token: opened.session).value()
            #expect(session.state == .login)
        }
    }

    @Test func aCertificateEndsToTheSecond() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench, notAfter: PortalBench.start + 10)
        try await bench.withPortal { portal in
            let first = try await portal.open()
            let second = try await portal.open()
            bench.clock.advance(by: 9)
            let good = try await portal.post(
                signature: try signer.login(first.challenge), under: first.challenge.code)
            #expect(good.status == 200)
            bench.clock.advance(by: 2)
            let late = try await portal.post(
                signature: try signer.login(second.challenge), under: second.challenge.code)
            #expect(late.problem == "certificate-expired")
        }
    }

    @Test func theTextIsComparedBeforeTheCertificateIsJudged() async throws {
        try await withOpenedSession { bench, portal, opened in
            let expired = try Signer(bench, .expired)
            let answer = try await portal.post(
                signature: try expired.sign(Array("another text".utf8)), under: opened.challenge.code)
            #expect(answer.problem == "text-mismatch")
            let stranger = try Signer(bench, .noETSIStatement, holder: .isil)
            let other = try await portal.post(
                signature: try stranger.sign(Array("another text".utf8)), under: opened.challenge.code)
            #expect(other.problem == "identity-mismatch")
        }
    }

    @Test func theSecondRefusalLeavesACodeUsableAndTheThirdEndsIt() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let lucky = try await portal.open()
            let unlucky = try await portal.open()
            for _ in 0..<2 { _ = try await portal.post(signature: [0], under: lucky.challenge.code) }
            #expect(
                try await portal.post(signature: try signer.login(lucky.challenge), under: lucky.challenge.code).status
                    == 200)
            for _ in 0..<3 {
                #expect(
                    try await portal.post(signature: [0], under: unlucky.challenge.code).problem == "bad-signature")
            }
            let ended = try await portal.post(
                signature: try signer.login(unlucky.challenge), under: unlucky.challenge.code)
            #expect(ended.status == 410 && ended.problem == "code-lapsed")
        }
    }

    @Test func theSameBytesGetTheSameAnswerAndOthersGetCodeUsed() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let challenge = try await portal.decide("accept", token: token)
            let signature = try signer.consent(challenge)
            let first: SubmissionAnswer = try await portal.post(signature: signature, under: challenge.code).value()
            let again: SubmissionAnswer = try await portal.post(signature: signature, under: challenge.code).value()
            #expect(first == again)
            // ECDSA makes another value each time: other bytes over the same text.
            let other = try await portal.post(signature: try signer.consent(challenge), under: challenge.code)
            #expect(other.status == 410 && other.problem == "code-used")
            let look = try await portal.get(PortalPath.code(try VerificationCode(challenge.code)))
            #expect(look.status == 410 && look.problem == "code-used")
            #expect(try await portal.store.chainHead().sequence == 1)

            _ = try await portal.send("DELETE", PortalPath.session, token: token)
            #expect(try await portal.post(signature: signature, under: challenge.code).problem == "code-used")
        }
    }

    @Test func ofManyThatPostAtOnceExactlyOneIsTaken() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let challenge = try await portal.decide("decline", token: token)
            let answers = try await withThrowingTaskGroup(of: PortalClient.Answer.self) { group in
                for _ in 0..<12 {
                    let signature = try signer.consent(challenge)
                    group.addTask { try await portal.post(signature: signature, under: challenge.code) }
                }
                return try await group.reduce(into: [PortalClient.Answer]()) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 200 } == 1)
            #expect(answers.count { $0.problem == "code-used" } == 11)
            #expect(try await portal.store.chainHead().sequence == 1)
        }
    }

    @Test func aNewCodeEndsTheOneBefore() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let first = try await portal.decide("accept", token: token)
            _ = try await portal.decide("decline", token: token)
            #expect(
                try await portal.post(signature: try signer.consent(first), under: first.code).problem == "code-lapsed")
        }
    }
}
