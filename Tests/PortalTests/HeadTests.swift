// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import NIOCore
import PortalContract
import Testing

@testable import Portal

/// Heads that are HTTP and yet not right, methods that are not a path's, and cookies that are nobody's.
@Suite(.timeLimit(.minutes(1))) struct HeadTests {
    private func withPortal(_ lines: String = "", _ body: (PortalBench, PortalClient) async throws -> Void) async throws
    {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal(lines) { portal in try await body(bench, portal) }
    }

    // MARK: Host and version

    @Test(arguments: [
        "GET /healthz HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: a\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nhost: b\r\n", "GET /healthz HTTP/1.1\r\nHost: a, b\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a b\r\n", "GET /healthz HTTP/1.1\r\nHost:\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a/b\r\n", "GET /healthz HTTP/1.1\r\nHost: u@a\r\n",
        "GET /healthz HTTP/1.0\r\nHost: a\r\nHost: a\r\n",
        "GET /login HTTP/1.1\r\n", "POST /api/v1/sessions HTTP/1.1\r\nContent-Length: 0\r\n",
        "GET /nowhere HTTP/1.1\r\nHost: a\r\nX-EOnay-Head-Fault: \r\nHost: b\r\n",
    ])
    func aRequestWithoutExactlyOneHostIsBad(_ head: String) async throws {
        try await withPortal { _, portal in
            let answer = try await RawConnection.exchange(head + "Connection: close\r\n\r\n", with: portal)
            #expect(
                answer.contains(" 400 ") && answer.contains("urn:eonay:problem:bad-request"), "\(answer.prefix(60))")
        }
    }

    @Test(arguments: ["a", "A.example:443", "[::1]:8480", "127.0.0.1", "xn--e-nay.example"])
    func whateverHostIsTaken(_ host: String) async throws {
        try await withPortal { _, portal in
            let answer = try await RawConnection.exchange(
                "GET /healthz HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n", with: portal)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func whatTheGuardFindsNobodyElseCanSay() async throws {
        try await withPortal { _, portal in
            for fault in ["host", "crowded"] {
                let answer = try await portal.send("GET", "/healthz", headers: [("X-EOnay-Head-Fault", fault)])
                #expect(answer.status == 200)
            }
        }
    }

    /// nginx asks so unless told otherwise, and so do the health checks of balancers. Neither knows chunks.
    @Test func aRequestOfVersion10IsAnsweredToTheEndOfTheConnection() async throws {
        try await withPortal("[Server]\nRequestTimeout=600") { _, portal in
            let health = try await RawConnection.exchange("GET /healthz HTTP/1.0\r\n\r\n", with: portal)
            #expect(health.contains(" 200 ") && health.contains("\r\nConnection: close\r\n"))
            let kept = try await RawConnection.exchange(
                "GET /login HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", with: portal)
            #expect(kept.contains(" 200 ") && kept.contains("</html>"))
            let token = try await portal.open().session
            _ = try await portal.send("DELETE", PortalPath.session, token: token)
            let stream = try await RawConnection.exchange(
                "GET \(PortalPath.events) HTTP/1.0\r\nAuthorization: Bearer \(token)\r\n\r\n", with: portal)
            #expect(stream.contains("\r\n\r\nevent: session\n") && !stream.lowercased().contains("chunked"))
        }
    }

    // MARK: Methods

    @Test(arguments: [
        ("POST", "/healthz", "GET, HEAD"), ("DELETE", "/login", "GET, HEAD, POST"),
        ("PUT", "/assets/portal.css", "GET, HEAD"),
        ("GET", "/logout", "POST"), ("GET", "/api/v1/sessions", "POST"),
        ("PATCH", "/api/v1/session", "DELETE, GET, HEAD"),
        ("GET", "/api/v1/codes/123456789012345/signature", "POST"), ("POST", "/api/v1/codes/1", "GET, HEAD"),
        ("OPTIONS", "/", "GET, HEAD"), ("PROPFIND", "/metrics", "GET, HEAD"),
        ("DELETE", "/consents/X/document.p7s", "GET, HEAD"),
    ])
    func aWrongMethodIsToldWithTheRightOnes(_ method: String, _ path: String, _ allowed: String) async throws {
        try await withPortal { bench, portal in
            let answer = try await portal.send(method, path)
            #expect(answer.status == 405 && answer.header("Allow") == allowed, "\(answer.header("Allow") ?? "none")")
            if path.hasPrefix("/api/") { #expect(answer.problem == "urn:eonay:problem:method-not-allowed") }
            #expect(!bench.log.lines.contains { $0.contains("123456789012345") })
        }
    }

    @Test(arguments: ["/nowhere", "/api/v1/nowhere", "/api/v1/codes", "/api/v1/codes/1/2/3", "/login/x"])
    func whatIsNowhereIsNotFoundByAnyMethod(_ path: String) async throws {
        try await withPortal { _, portal in
            for method in ["GET", "POST", "DELETE"] {
                let answer = try await portal.send(method, path)
                #expect(answer.status == 404, "\(method)")
            }
        }
    }

    // MARK: Cookies

    @Test func onlyACookieOfExactlyOurNameIsOurs() {
        func value(_ fields: String...) -> String? { CookieHeader(fields).value("__Host-eonay-session") }
        for good in [
            "__Host-eonay-session=a", "x=1; __Host-eonay-session=a; y=2", "x; ;=;__Host-eonay-session=a",
            "__Host-eonay-session=\"a\"", "\t__Host-eonay-session=a ", "=; __Host-eonay-session=a",
        ] {
            #expect(value(good) == "a", "\(good)")
        }
        #expect(value("x=1", "__Host-eonay-session=a=b") == "a=b")
        for bad in [
            "__Host -eonay-session=a", "__Host-eonay-session =a", "__Host- eonay-session=a", "__host-eonay-session=a",
            "__Host-eonay-session\t=a", "=__Host-eonay-session=a", "__Host-eonay-session", "__Host-eonay-session=",
            "__Host-eonay-session= a", "__Host-eonay-session=a b", "__Host-eonay-session=a,b",
            "__Host-eonay-session=\u{7F}",
            "__Host-eonay-session=ş", "__Host\u{A0}-eonay-session=a", "x=__Host-eonay-session=a",
            "__Host-eonay-session=\"a",
        ] {
            #expect(value(bad) == nil, "\(bad)")
        }
        #expect(value("__Host-eonay-session=a; __Host-eonay-session=a") == nil)
        #expect(value("__Host-eonay-session=a", "__Host-eonay-session=b") == nil)
    }

    @Test func anotherHostsCookieIsNoSession() async throws {
        let lines = "[Server]\nOrigin=https://portal.example.org\n[Proxy]\nAddresses=192.0.2.1"
        try await withPortal(lines) { _, portal in
            let token = try await portal.open().session
            func status(_ cookie: String) async throws -> Int {
                try await portal.send("GET", PortalPath.session, headers: [("Cookie", cookie)]).status
            }
            #expect(try await status("__Host-eonay-session=\(token)") == 200)
            for cookie in [
                "__Host -eonay-session=\(token)", "__Host- eonay-session=\(token)", "eonay-session=\(token)",
                "__Host-eonay-session=\(token); __Host-eonay-session=\(token)",
                "__Host-eonay-session=x; __Host-eonay-session=\(token)",
            ] {
                #expect(try await status(cookie) == 401, "\(cookie.prefix(24))")
            }
        }
    }

    @Test func aFormOfWhichAFieldCameTwiceIsNotTaken() throws {
        #expect(throws: PortalProblem.badRequest) { try FormBody("form=a&number=1&number=2") }
        #expect(throws: PortalProblem.badRequest) { try FormBody("a=1&%61=2") }
        #expect(try FormBody("a=1&b&c=%zz&d=+")["d"] == " ")
    }

    // MARK: Confirmations of strangers

    private func rows(_ bench: PortalBench) async throws -> Int {
        try await DatabaseQueue(path: bench.directory + "/data/portal.db").read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM allowance") ?? 0
        }
    }

    @Test func aConfirmationForNoSessionWritesNothing() async throws {
        try await withPortal { bench, portal in
            let browser = Browser(portal)
            try await browser.open("/login")
            let visitor = browser.cookies["eonay-visitor"] ?? ""
            let before = try await rows(bench)
            for _ in 0..<100 {
                let answer = try await portal.send(
                    "POST", "/confirm",
                    headers: [
                        ("Content-Type", "application/x-www-form-urlencoded"),
                        ("Cookie", "eonay-visitor=\(visitor); eonay-session=\(Randomness.token())"),
                    ], body: Array("form=\(browser.formToken)&number=123456".utf8))
                #expect(answer.status == 303)
            }
            #expect(try await rows(bench) == before)
        }
    }
}
