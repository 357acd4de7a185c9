// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import ManualTime
import PortalContract
import Testing
import VirtualCard

/// `POST /sessions` and `GET /codes/CODE`, row by row of the contract's table.
@Suite(.timeLimit(.minutes(1))) struct CodeTests {
    @Test(arguments: [
        "", "1000000014", "100000001460", "10000000147", "11111111111", "00000000000", "1000000014a", "١٠٠٠٠٠٠٠١٤٦",
        " 10000000146", "10000000146\n",
    ])
    func whatIsNoIdentityNumberIsInvalidIdentity(_ text: String) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { portal in
            let answer = try await portal.post(PortalPath.sessions, SessionRequest(identity: text))
            #expect(answer.status == 422 && answer.problem == "invalid-identity")
            #expect(answer.header("Content-Type") == "application/problem+json")
        }
    }

    @Test func aBodyThatIsNoMessageIsABadRequest() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { portal in
            let json = [("Content-Type", "application/json")]
            for body in ["", "{", "[]", #"{"identity":10000000146}"#, #"{"identity":"1","identity":"2"}"#] {
                let answer = try await portal.send("POST", PortalPath.sessions, headers: json, body: Array(body.utf8))
                #expect(answer.status == 400 && answer.problem == "urn:eonay:problem:bad-request")
            }
            let form = try await portal.send(
                "POST", PortalPath.sessions, headers: [("Content-Type", "text/plain")],
                body: Array(#"{"identity":"10000000146"}"#.utf8))
            #expect(form.status == 415)
            let large = try await portal.send(
                "POST", PortalPath.sessions, headers: json, body: [UInt8](repeating: 0x20, count: 65_537))
            #expect(large.status == 413 && large.problem == "too-large")
        }
    }

    @Test func tooManyCodesForOnePersonAreLimitedAndNobodyElseIs() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal("[Limits]\nCodesPerIdentity=3\nWindow=600") { portal in
            for _ in 0..<3 { _ = try await portal.open() }
            bench.clock.advance(by: 100)
            let refused = try await portal.post(
                PortalPath.sessions, SessionRequest(identity: Holder.sukru.identity))
            #expect(refused.status == 429 && refused.problem == "too-many-codes")
            #expect(refused.header("Retry-After") == "500")
            _ = try await portal.open(Holder.isil.identity)
            bench.clock.advance(by: 499)
            #expect(
                try await portal.post(PortalPath.sessions, SessionRequest(identity: Holder.sukru.identity)).status
                    == 429)
            bench.clock.advance(by: 1)
            _ = try await portal.open()
        }
    }

    @Test func aStrangerElsewhereDoesNotUseUpAPersonsAllowance() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let lines =
            "[Proxy]\nAddresses=127.0.0.1\n[Server]\nOrigin=https://portal.example.org\n[Limits]\nCodesPerIdentity=1"
        try await bench.withPortal(lines) { portal in
            func ask(from address: String) async throws -> Int {
                try await portal.send(
                    "POST", PortalPath.sessions,
                    headers: [("Content-Type", "application/json"), ("X-Forwarded-For", "6.6.6.6, " + address)],
                    body: SessionRequest(identity: Holder.sukru.identity).json.utf8
                ).status
            }
            // A household's IPv6 network, /64, is one address; two networks are two.
            var statuses: [Int] = []
            for address in [
                "192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1",
            ] {
                statuses.append(try await ask(from: address))
            }
            #expect(statuses == [201, 429, 201, 201, 429, 201])
        }
    }

    @Test func aChallengeTellsNothingAboutAPerson() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal { portal in
            let opened = try await portal.open()
            bench.clock.advance(by: 5)
            let answer = try await portal.get(PortalPath.code(try VerificationCode(opened.challenge.code)))
            #expect(!answer.text.contains(Holder.sukru.identity))
            let challenge: PortalChallenge = try answer.value()
            #expect(challenge.expiresIn == 295)
            #expect(challenge.expiresAt == opened.challenge.expiresAt)
        }
    }

    @Test func aCodeLapsesToTheSecond() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let opened = try await portal.open()
            let path = PortalPath.code(try VerificationCode(opened.challenge.code))
            bench.clock.advance(by: 299)
            #expect(try await portal.get(path).status == 200)
            bench.clock.advance(by: 1)
            let lapsed = try await portal.get(path)
            #expect(lapsed.status == 410 && lapsed.problem == "code-lapsed")
            let late = try await portal.post(
                signature: try signer.login(opened.challenge), under: opened.challenge.code)
            #expect(late.status == 410 && late.problem == "code-lapsed")
            let status: SessionStatus = try await portal.get(PortalPath.session, token: opened.session).value()
            #expect(status == SessionStatus(state: .login, challenge: nil, reference: nil))
            bench.clock.advance(by: 900)
            #expect(try await portal.get(PortalPath.session, token: opened.session).problem == "no-session")
        }
    }

    @Test func whoGuessesCodesHasToWait() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal("[Limits]\nUnknownCodes=2\nWindow=60") { portal in
            for guess in ["000000000000000", "no-code-at-all"] {
                let answer = try await portal.get("\(PortalPath.prefix)/codes/\(guess)")
                #expect(answer.status == 404 && answer.problem == "unknown-code")
            }
            let refused = try await portal.get("\(PortalPath.prefix)/codes/000000000000001")
            #expect(refused.status == 429 && refused.header("Retry-After") == "60")
            let signature = try await portal.post(signature: [0x30, 0], under: "000000000000002")
            #expect(signature.status == 429)
            bench.clock.advance(by: 60)
            #expect(try await portal.get("\(PortalPath.prefix)/codes/000000000000001").status == 404)
        }
    }

    @Test func ofManyGuessesAtOnceNoMoreComeThroughThanAreAllowed() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal("[Limits]\nUnknownCodes=5\nWindow=60") { portal in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for guess in 0..<60 {
                    group.addTask {
                        try await portal.get("\(PortalPath.prefix)/codes/\(100_000_000_000_000 + guess)").status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 404 } == 5 && statuses.count { $0 == 429 } == 55)
        }
    }

    @Test func whoHasASignatureIsNotLockedOutByAStrangersGuesses() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal("[Limits]\nUnknownCodes=1\nWindow=600") { portal in
            let opened = try await portal.open()
            for guess in ["000000000000000", "000000000000001"] {
                _ = try await portal.get("\(PortalPath.prefix)/codes/\(guess)")
            }
            let signed = try await portal.post(
                signature: try signer.login(opened.challenge), under: opened.challenge.code)
            #expect(signed.status == 200)
        }
    }
}
