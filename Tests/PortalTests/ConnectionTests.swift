// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import EOnayCore
import Foundation
import NIOCore
import NIOHTTP1
import PortalContract
import Testing

@testable import Portal

/// The resources that one client can hold, and for how long. Each test ends when the portal has hung up.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    private func withPortal(_ lines: String, _ body: (PortalClient) async throws -> Void) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal(lines) { portal in try await body(portal) }
    }

    private let patient = "[Server]\nRequestTimeout=600\n"
    private let get = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

    // MARK: Reading

    @Test func whoAsksAndDoesNotReadIsHungUpOn() async throws {
        try await withPortal("[Server]\nRequestTimeout=1") { portal in
            let ask = "GET /assets/portal.css HTTP/1.1\r\nHost: x\r\n\r\n"
            let channel = try await RawConnection.begin(String(repeating: ask, count: 3_000), with: portal)
            try await channel.closeFuture.get()
            #expect(try await portal.get("/healthz").status == 200)
        }
    }

    @Test func anEventStreamIsNotHungUpOn() async throws {
        try await withPortal("[Server]\nRequestTimeout=1") { portal in
            let opened = try await portal.open()
            var events = try await portal.events(opened.session).body.makeAsyncIterator()
            #expect(try await events.next().map { String(buffer: $0).hasPrefix("event: session") } == true)
            // Twice the time that others are given goes by.
            for _ in 0..<2 { _ = try await RawConnection.exchange("GET / HTTP/1.1\r\n", with: portal) }
            _ = try await portal.send("DELETE", PortalPath.session, token: opened.session)
            #expect(try await events.next().map { String(buffer: $0).contains("ended") } == true)
        }
    }

    // MARK: Bodies

    @Test func anAnswerBeforeTheBodyIsTheConnectionsLast() async throws {
        try await withPortal(patient) { portal in
            let head = "GET /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nz"
            let answer = try await RawConnection.exchange(head, with: portal)
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("\r\nConnection: close\r\n"))
            // Nor is it any use to go on.
            try await RawConnection.drip(on: try await RawConnection.begin(head, with: portal))
        }
    }

    @Test func aBodyThatIsTooLargeIsNotReadToItsEnd() async throws {
        try await withPortal(patient) { portal in
            let head =
                "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100000000000\r\n\r\n"
            #expect(try await RawConnection.exchange(head, with: portal).hasPrefix("HTTP/1.1 413 "))
            let count = try await RawConnection.flood(on: try await RawConnection.begin(head, with: portal))
            // The portal reads a megabyte; more is what two kernels keep.
            #expect(count < 32 << 20)
        }
    }

    @Test func whoeverSendsAllOfATooLargeBodyHearsThatItIs() async throws {
        try await withPortal(patient) { portal in
            for length in [65_537, 200_000, 900_000] {
                let body = [UInt8](repeating: 0x20, count: length)
                let answer = try await portal.send(
                    "POST", PortalPath.sessions, headers: [("Content-Type", "application/json")], body: body)
                #expect(answer.status == 413 && answer.problem == "too-large")
            }
        }
    }

    @Test func requestsInARowAreAnsweredInARow() async throws {
        try await withPortal(patient) { portal in
            let last = "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
            let answers = try await RawConnection.exchange(get + get + last, with: portal)
            #expect(answers.components(separatedBy: "HTTP/1.1 200 ").count == 3)
            #expect(answers.contains("HTTP/1.1 404 "))
            // The octets that follow are no request, and are refused in their turn.
            let refused = try await RawConnection.exchange(get + get + "\u{1}\r\n\r\n", with: portal)
            #expect(refused.components(separatedBy: "HTTP/1.1 200 ").count == 3)
            #expect(refused.contains("HTTP/1.1 400 ") && refused.hasSuffix("\"status\":400}"))
        }
    }

    // MARK: How many

    @Test func anAddressCannotHaveAllConnections() async throws {
        try await withPortal(patient + "[Limits]\nConnectionsPerAddress=2") { portal in
            var channels: [any Channel] = []
            for _ in 0..<3 { channels.append(try await RawConnection.begin(get, with: portal)) }
            // Each is served by a loop of its own, so any of the three may be the one too many.
            let closed = channels[0].eventLoop.makePromise(of: Int.self)
            for (number, channel) in channels.enumerated() {
                channel.closeFuture.whenComplete { _ in closed.succeed(number) }
                try? await channel.setOption(.autoRead, value: true).get()
            }
            let refused = try await closed.futureResult.get()
            for (number, channel) in channels.enumerated() where number != refused {
                #expect(channel.isActive)
                try await channel.close()
            }
        }
    }

    @Test func aNamedProxyHasAsManyAsItNeeds() async throws {
        let proxy = "Origin=https://portal.example.org\n[Proxy]\nAddresses=::ffff:127.0.0.1\n"
        try await withPortal(patient + proxy + "[Limits]\nConnectionsPerAddress=1") { portal in
            let held = try await RawConnection.begin(get, with: portal)
            #expect(try await portal.get("/healthz").status == 200)
            try await held.close()
        }
    }

    @Test func anAddressCannotHaveAllEventStreams() async throws {
        try await withPortal("[Limits]\nEventStreamsPerAddress=1") { portal in
            let (first, second) = (try await portal.open(), try await portal.open())
            let stream = try await portal.events(first.session)
            var events = stream.body.makeAsyncIterator()
            #expect(stream.status == .ok)
            let refused = try await portal.events(second.session)
            #expect(refused.status == .tooManyRequests && refused.headers.first(name: "Retry-After") != nil)
            #expect(try await events.next() != nil)
        }
    }

    @Test func aStreamWhoseReaderHasGoneCountsNoMore() throws {
        let events = SessionEvents()
        // A stream that nobody holds has ended.
        var held: [AsyncStream<Void>] = []
        func open(_ session: Int64, from address: String, atMost limit: Int) -> (@Sendable () -> Void)? {
            let budget = SessionEvents.Budget(perAddress: limit)
            guard case .open(let hints, let close) = events.open(session, from: address, within: budget)
            else { return nil }
            held.append(hints)
            return close
        }
        let close = try #require(open(1, from: "a", atMost: 1))
        #expect(open(2, from: "a", atMost: 1) == nil)
        #expect(open(2, from: "b", atMost: 1) != nil)
        close()
        #expect(open(2, from: "a", atMost: 1) != nil)
        #expect(open(2, from: "a", atMost: 0) != nil)
    }

    @Test func aReaderThatSaysNoMoreHasGone() async throws {
        try await withPortal(patient) { portal in
            let token = try await portal.open().session
            let ask = "GET \(PortalPath.events) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n"
            let channel = try await RawConnection.begin(ask, with: portal)
            try await channel.close(mode: .output)
            try await RawConnection.untilClosed(channel)
        }
    }

    // MARK: SIGTERM

    @Test func whoStaysAfterSIGTERMIsNotWaitedForWithoutEnd() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let lines = "[Server]\nRequestTimeout=600\nDrainTimeout=1"
        let head =
            "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
        let held = try await bench.withPortal(lines) { portal in
            let held = try await RawConnection.begin(head + "{", with: portal)
            // The portal has this connection, too, when it has answered on a later one.
            #expect(try await portal.get("/healthz").status == 200)
            return held
        }
        try await held.close()
    }
}
