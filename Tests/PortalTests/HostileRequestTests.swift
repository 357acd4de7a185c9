// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import NIOCore
import PortalContract
import Testing
import VirtualCard

@testable import Portal

/// Heads, cookies, fields and bodies as nobody's browser sends them. Each is refused by name, and the portal goes on.
@Suite(.timeLimit(.minutes(1))) struct HostileRequestTests {
    private func withPortal(_ lines: String = "", _ body: (PortalBench, PortalClient) async throws -> Void) async throws
    {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal(lines) { portal in
            try await body(bench, portal)
            #expect(try await portal.get("/healthz").status == 200)
            #expect(try await portal.store.chainHead().sequence == 0)
        }
    }

    // MARK: Heads

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: 9_000))\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X: a\r\n", count: 100) + "\r\n",
        "GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "GET / HTTP/1.1\r\nHost: x\r\nBad Header: a\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n",
        "\r\n\r\n\r\nx",
    ])
    func whatIsNoHTTPIsTurnedAwayAndTheConnectionClosed(_ head: String) async throws {
        try await withPortal { bench, portal in
            let answer = try await RawConnection.exchange(head, with: portal)
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            let problem = #"{"type":"urn:eonay:problem:bad-request","title":"#
            #expect(answer.contains("\r\nContent-Type: application/problem+json\r\n") && answer.contains(problem))
            #expect(answer.contains("\r\nX-Content-Type-Options: nosniff\r\n"))
            let told = bench.log.lines.filter { $0.contains("bad-request") }
            #expect(told.count == 1 && told.allSatisfy { $0.hasPrefix("info request ") })
            #expect(try await portal.get("/metrics").text.contains(#"method="OTHER",route="None",status="400"} 1"#))
        }
    }

    @Test func whoHangsUpInTheMiddleOfABodyIsNoFailureOfOurs() async throws {
        try await withPortal("[Server]\nRequestTimeout=600") { bench, portal in
            let head =
                "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 30\r\n\r\n{\"id"
            // Says no more: what it sent is no whole request.
            let ended = try await RawConnection.begin(head, with: portal)
            try await ended.close(mode: .output)
            try await RawConnection.untilClosed(ended)
            #expect(bench.log.lines.contains { $0.contains("status: 400") || $0.contains("\"status\": 400") })
            // Is gone: the log has it when the portal has noticed.
            try await RawConnection.reset(try await RawConnection.begin(head, with: portal))
            while !bench.log.lines.contains(where: { $0.contains("cancelled") }) {
                _ = try await portal.get("/healthz")
            }
            #expect(!bench.log.lines.contains { $0.hasPrefix("error") || $0.contains("internal") })
            let metrics = try await portal.get("/metrics").text
            #expect(!metrics.contains(#"status="500""#))
        }
    }

    @Test func whoSendsAHeadOrABodySlowlyIsNotWaitedFor() async throws {
        try await withPortal("[Server]\nRequestTimeout=1") { _, portal in
            // The test ends when the portal has hung up.
            #expect(try await RawConnection.exchange("GET / HTTP/1.1\r\nHost: x\r\nX-Never-En", with: portal) == "")
            let head =
                "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: 30\r\n\r\n{\"id"
            let answer = try await RawConnection.exchange(head, with: portal)
            #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains("urn:eonay:problem:too-slow"))
        }
    }

    // MARK: Cookies, tokens, codes

    @Test(arguments: [
        "eonay-session", "eonay-session=", "eonay-session=;eonay-session=",
        "eonay-session=" + String(repeating: "A", count: 4_000), "eonay-session=%00; eonay-visitor=%00", "=; ; =;",
        "eonay-visitor=" + String(repeating: "x", count: 43), "eonay-language=../../etc; eonay-language=tr",
    ])
    func aCookieThatIsNoneOfOursIsNobodys(_ cookie: String) async throws {
        try await withPortal { _, portal in
            let page = try await portal.send("GET", "/account", headers: [("Cookie", cookie)])
            #expect(page.status == 401)
            let answer = try await portal.send("GET", PortalPath.session, headers: [("Cookie", cookie)])
            #expect(answer.status == 401 && answer.problem == "no-session")
        }
    }

    @Test(arguments: [
        "", "Basic eDp5", "Bearer", "Bearer ", "Bearer \u{FF}", "bearer x y", "Bearer ../..", "Bearer %00",
    ])
    func aTokenThatIsNoneIsNobodys(_ authorization: String) async throws {
        try await withPortal { _, portal in
            for path in [PortalPath.session, PortalPath.status] {
                let answer = try await portal.send("GET", path, headers: [("Authorization", authorization)])
                #expect(answer.status == 401 && answer.header("WWW-Authenticate") == "Bearer")
            }
        }
    }

    @Test(arguments: [
        "%00", "..%2F..%2Fetc", "1", String(repeating: "1", count: 400), "%F0%9F%92%A9", "12345678901234a", "*",
        "'%20OR%201=1--",
    ])
    func aCodeThatIsNoneIsUnknown(_ code: String) async throws {
        try await withPortal { _, portal in
            let look = try await portal.get("\(PortalPath.prefix)/codes/\(code)")
            #expect(look.status == 404 && look.problem == "unknown-code")
            let post = try await portal.post(signature: [0x30, 0], under: code)
            #expect(post.status == 404 && post.problem == "unknown-code")
        }
    }

    @Test func aCodeOfAnotherSessionIsOfNoUseInMine() async throws {
        try await withPortal { bench, portal in
            let (mine, other) = (try Signer(bench), try Signer(bench, holder: .isil))
            let (token, strange) = (try await portal.signIn(with: mine), try await portal.signIn(with: other))
            let challenge = try await portal.decide("accept", token: token)
            // The other's signature under my code, and mine under the other's.
            let theirs = try await portal.post(signature: try other.consent(challenge), under: challenge.code)
            #expect(theirs.status == 422 && theirs.problem == "identity-mismatch")
            let second = try await portal.decide("accept", token: strange)
            let crossed = try await portal.post(signature: try mine.consent(challenge), under: second.code)
            #expect(crossed.status == 422 && crossed.problem == "identity-mismatch")
        }
    }

    // MARK: Bodies

    @Test(arguments: [
        "", "null", "1", "\"x\"", "[]", "[[[[[[", "{\"identity\":null}", "{\"identity\":[\"1\"]}", "{\"identity\":{}}",
        "{\"identity\":\"\\ud800\"}", "{\"identity\":\"1\"} x", "{'identity':'1'}", "\u{FEFF}{\"identity\":\"1\"}",
        "{\"identity\":1e400}", String(repeating: "[", count: 60_000),
        "{\"a\":" + String(repeating: "{\"a\":", count: 9_000),
    ])
    func whatIsNoMessageIsABadRequest(_ body: String) async throws {
        try await withPortal { _, portal in
            let json = [("Content-Type", "application/json")]
            let answer = try await portal.send("POST", PortalPath.sessions, headers: json, body: Array(body.utf8))
            #expect(answer.status == 400 && answer.problem == "urn:eonay:problem:bad-request")
        }
    }

    @Test func octetsThatAreNoUTF8AreABadRequest() async throws {
        try await withPortal { _, portal in
            let body = Array(#"{"identity":""#.utf8) + [0xC0, 0x80, 0xFF] + Array(#""}"#.utf8)
            let answer = try await portal.send(
                "POST", PortalPath.sessions, headers: [("Content-Type", "application/json")], body: body)
            #expect(answer.status == 400)
        }
    }

    // MARK: Forms

    /// Each form's field, filled with what does not belong there.
    @Test func eachFieldOfEachFormIsTriedWrong() async throws {
        try await withPortal("[Limits]\nCodesPerIdentity=1000") { bench, portal in
            let signer = try Signer(bench)
            let browser = Browser(portal)
            let wrong = [
                "", "%", "%ZZ", "%00", "%FF%FE", "%3Cscript%3E", "a&identity", String(repeating: "9", count: 60_000),
                "%D9%A1%D9%A0",
            ]
            try await browser.open("/login")
            for value in wrong {
                try await browser.post("/login", [("identity", value)])
                #expect(browser.page?.status == 422, "identity")
            }
            try await browser.post("/login", [("identity", signer.identity)])
            let number = try await sign(browser, signer)
            try await browser.open("/next")
            for value in wrong.prefix(2) {
                try await browser.post("/confirm", [("number", value)])
                #expect(browser.page?.status == 403, "number")
            }
            try await browser.post("/confirm", [("number", number)])
            #expect(browser.path == "/choice")
            for value in wrong {
                try await browser.open("/choice")
                try await browser.post("/choice", [("decision", value), ("version", "2026-01")])
                #expect(browser.page?.status == 422, "decision")
                try await browser.post("/choice", [("decision", "accept"), ("version", value)])
                #expect(browser.page?.status == 409, "version")
                try await browser.open("/applications")
                try await browser.post("/applications", [("kind", value), ("signing", "e-onay")])
                #expect(browser.page?.status == 422, "kind")
                try await browser.post("/applications", [("kind", "new"), ("signing", value)])
                #expect(browser.page?.status == 422, "signing")
            }
            try await browser.open("/account")
            for path in ["/login", "/code", "/confirm", "/choice", "/applications", "/logout"] {
                let long = try await portal.send(
                    "POST", path, headers: formHeaders(browser), body: [UInt8](repeating: 0x61, count: 65_537))
                #expect(long.status == 413, "\(path)")
                let typed = try await portal.send(
                    "POST", path, headers: [("Content-Type", "text/plain")] + formHeaders(browser).dropFirst(),
                    body: Array("form=\(browser.formToken)".utf8))
                #expect(typed.status == 415, "\(path)")
                let bare = try await portal.send("POST", path, headers: formHeaders(browser), body: [])
                #expect(bare.status == 403, "\(path)")
            }
        }
    }

    private func formHeaders(_ browser: Browser) -> [(String, String)] {
        [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Cookie", browser.cookies.map { "\($0)=\($1)" }.joined(separator: "; ")),
        ]
    }

    private func sign(_ browser: Browser, _ signer: Signer) async throws -> String {
        let code = try VerificationCode(browser.code)
        let challenge: PortalChallenge = try await browser.portal.get(PortalPath.code(code)).value()
        let answer = try await browser.portal.post(signature: try signer.login(challenge), under: code.digits)
        return try answer.value(SubmissionAnswer.self).number ?? ""
    }

    @Test func anotherPersonsSessionIsNotMineByItsNumber() async throws {
        try await withPortal { bench, portal in
            let (mine, other) = (try Signer(bench), try Signer(bench, holder: .isil))
            let first = try await portal.open(mine.identity)
            let second = try await portal.open(other.identity)
            let answer: SubmissionAnswer = try await portal.post(
                signature: try mine.login(first.challenge), under: first.challenge.code
            ).value()
            _ = try await portal.post(signature: try other.login(second.challenge), under: second.challenge.code)
            let crossed = try await portal.post(
                PortalPath.confirm, ConfirmRequest(number: answer.number ?? ""), token: second.session)
            #expect(crossed.status == 403 && crossed.problem == "wrong-number")
        }
    }
}
