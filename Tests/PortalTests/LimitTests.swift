// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import NIOCore
import PortalContract
import Testing

@testable import Portal

/// Clients that count as one, behind proxies and in networks of IPv6.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    private func withProxied(_ limits: String, _ body: (PortalClient) async throws -> Void) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let lines =
            "[Server]\nOrigin=https://portal.example.org\n[Proxy]\nAddresses=127.0.0.1\n[Limits]\n\(limits)"
        try await bench.withPortal(lines) { portal in try await body(portal) }
    }

    private func look(_ portal: PortalClient, _ from: String) async throws -> Int {
        try await portal.send(
            "GET", "\(PortalPath.prefix)/codes/123456789012345", headers: [("X-Forwarded-For", from)]
        ).status
    }

    @Test(arguments: [
        ("1.2.3.4:5678", "1.2.3.4"), ("[2001:db8::1]:443", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"), ("1.2.3.4", "1.2.3.4"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
        ("unknown", "unknown"),
        ("[", "["), ("[]:1", ""), (":", ""), ("", ""),
    ])
    func aPortIsNoPartOfAnAddress(_ hop: String, _ host: String) {
        #expect(ClientAddress.host(hop) == host)
    }

    @Test func anotherPortIsNotAnotherClient() async throws {
        try await withProxied("UnknownCodes=3") { portal in
            var statuses: [Int] = []
            for port in 1...5 { statuses.append(try await look(portal, "192.0.2.7:\(40_000 + port)")) }
            #expect(statuses == [404, 404, 404, 429, 429])
            #expect(try await look(portal, "192.0.2.7") == 429)
            #expect(try await look(portal, "192.0.2.8:40001") == 404)
            // The client's own entry stands before the address that the proxy saw.
            #expect(try await look(portal, "192.0.2.9, 192.0.2.7:1") == 429)
        }
    }

    @Test func manyNetworksOfOneCustomerShareABudget() async throws {
        try await withProxied("UnknownCodes=2") { portal in
            var statuses: [Int] = []
            for network in 0..<40 {
                statuses.append(try await look(portal, "[2001:db8:7:\(String(network, radix: 16))::1]:443"))
            }
            #expect(statuses.prefix(32).allSatisfy { $0 == 404 } && statuses.dropFirst(32).allSatisfy { $0 == 429 })
            // Neighbours, and those who have no such network, are not touched.
            #expect(try await look(portal, "2001:db8:8::1") == 404)
            #expect(try await look(portal, "192.0.2.7") == 404)
        }
    }

    @Test func codesOfOneCustomerShareABudget() async throws {
        try await withProxied("CodesPerAddress=1") { portal in
            var statuses: [Int] = []
            for network in 0..<20 {
                statuses.append(
                    try await portal.send(
                        "POST", PortalPath.sessions,
                        headers: [
                            ("X-Forwarded-For", "2001:db8:9:\(network)::1"), ("Content-Type", "application/json"),
                        ], body: SessionRequest(identity: "10000000146").json.utf8
                    ).status)
            }
            #expect(statuses.count { $0 == 201 } == 16 && statuses.last == 429)
        }
    }

    // MARK: Event streams

    private func stream(_ portal: PortalClient, _ token: String, from address: String) async throws -> any Channel {
        try await RawConnection.begin(
            "GET \(PortalPath.events) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
                + "X-Forwarded-For: \(address)\r\n\r\n", with: portal)
    }

    @Test func streamsHaveABudgetAndTheRestGoesOn() async throws {
        try await withProxied("EventStreams=6\nEventStreamsPerAddress=2\nCodesPerIdentity=1000") { portal in
            let events = portal.server.service.events
            var held: [any Channel] = []
            for client in 0..<12 {
                let token = try await portal.open().session
                held.append(try await stream(portal, token, from: "192.0.2.\(client / 2)"))
                // The portal has taken this one, or refused it, when it has answered on a later connection.
                while client < 6, events.count <= client { _ = try await portal.get("/healthz") }
            }
            let token = try await portal.open().session
            let refused = try await portal.send(
                "GET", PortalPath.events, token: token, headers: [("X-Forwarded-For", "192.0.2.99")])
            #expect(refused.status == 503 && refused.problem == "urn:eonay:problem:overloaded")
            #expect(refused.header("Retry-After") != nil)
            let crowded = try await portal.send(
                "GET", PortalPath.events, token: token, headers: [("X-Forwarded-For", "192.0.2.0")])
            #expect(crowded.status == 429 && crowded.header("Retry-After") != nil)
            #expect(events.count == 6)
            for path in ["/healthz", "/login"] { #expect(try await portal.get(path).status == 200) }
            for channel in held { try? await channel.close() }
            while events.count > 0 { _ = try await portal.get("/healthz") }
            _ = try await stream(portal, token, from: "192.0.2.99")
            while events.count == 0 { _ = try await portal.get("/healthz") }
        }
    }

    @Test func aFifthOfTheConnectionsIsNoStreams() throws {
        var configuration = try PortalConfiguration(bytes: [], path: "", environment: [:])
        #expect(configuration.eventStreams(outOf: configuration.connections) == 8000)
        // 60 visits a second, each of which waits for two signatures, a minute each.
        #expect(configuration.eventStreams >= 60 * 2 * 60 && configuration.connections > configuration.eventStreams)
        #expect(configuration.eventStreams(outOf: 2000) == 1600)
        #expect(configuration.eventStreams(outOf: 2) == 1)
        configuration.eventStreams = 0
        #expect(configuration.eventStreams(outOf: 1000) == 800)
    }

    @Test func manyNetworksOfOneCustomerShareTheStreams() throws {
        let events = SessionEvents()
        let budget = SessionEvents.Budget(perAddress: 1, total: 100)
        var full = 0
        // A stream that nobody holds has ended.
        var open: [AsyncStream<Void>] = []
        for network in 0..<20 {
            let address = ClientAddress.counted("2001:db8:7:\(network)::1")
            switch events.open(Int64(network), from: address, within: budget) {
            case .open(let hints, _): open.append(hints)
            case .addressIsFull: full += 1
            case .full: Issue.record("there is room")
            }
        }
        #expect(open.count == 16 && full == 4)
    }

    /// All connections are taken by those who say nothing: the portal is still seen to live.
    @Test func whoeverWatchesThePortalIsAnsweredWhenAllConnectionsAreTaken() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await bench.withPortal("[Server]\nConnections=4\nRequestTimeout=600") { portal in
            var held: [any Channel] = []
            for _ in 0..<4 { held.append(try await RawConnection.begin("GET /healthz HTTP/1.1\r\n", with: portal)) }
            func ask(_ path: String) async throws -> String {
                try await RawConnection.exchange(
                    "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", with: portal)
            }
            // The ones before are counted when the next one is answered so.
            var page = try await ask("/login")
            while page.hasPrefix("HTTP/1.1 200 ") { page = try await ask("/login") }
            #expect(page.hasPrefix("HTTP/1.1 503 ") && page.contains("\r\nRetry-After: "))
            let health = try await ask("/healthz")
            #expect(health.hasPrefix("HTTP/1.1 200 ") && health.contains("\r\nConnection: close\r\n"))
            for channel in held { try await channel.close() }
        }
    }
}
