// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import EOnayCore
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import PortalContract
import TestBench
import Testing
import VirtualCard

@testable import Portal

/// TLS, and what those who watch the portal are told.
@Suite(.timeLimit(.minutes(1))) struct ExposureTests {
    /// A certificate for the loopback address, as PEM files in the bench's directory.
    private func makeServerCertificate(_ bench: PortalBench, _ name: String, as file: String = "tls") async throws {
        let openssl = try Programs.find("openssl", package: "openssl")
        _ = try await TestBench.run(
            openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", bench.directory + "/\(file).key",
                "-out",
                bench.directory + "/\(file).pem",
            ]
        ).check()
    }

    @Test func theCertificateIsServedAndReadAgainWhenItChanges() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await makeServerCertificate(bench, "first")
        let lines =
            "[Server]\nOrigin=https://127.0.0.1:8443\n[TLS]\nCertificate=\(bench.directory)/tls.pem\n"
            + "Key=\(bench.directory)/tls.key"
        try await bench.withPortal(lines) { portal in
            func ask() async throws -> HTTPClientResponse {
                var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
                configuration.connectionPool.retryConnectionEstablishment = false
                configuration.tlsConfiguration = .makeClientConfiguration()
                configuration.tlsConfiguration?.trustRoots = .file(bench.directory + "/tls.pem")
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
                do {
                    let answer = try await client.execute(
                        HTTPClientRequest(url: portal.address + "/login"), timeout: .seconds(10))
                    _ = try await answer.body.collect(upTo: 1 << 20)
                    try await client.shutdown()
                    return answer
                } catch {
                    try await client.shutdown()
                    throw error
                }
            }
            #expect(portal.address.hasPrefix("https://"))
            let first = try await ask()
            #expect(first.status == .ok)
            // The hosts below may be somebody else's.
            #expect(first.headers.first(name: "Strict-Transport-Security") == "max-age=31536000")
            // A new certificate with a new key: who trusts it alone is served it once it was read.
            try await makeServerCertificate(bench, "second")
            await #expect(throws: (any Error).self) { try await ask() }
            #expect(try portal.server.tls?.reload() == true)
            let second = try await ask()
            #expect(second.status == .ok)
        }
    }

    @Test func aCertificateWithoutItsKeyIsNoChangeYet() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        func path(_ name: String) -> String { bench.directory + "/" + name }
        func move(_ name: String, to other: String) throws {
            try FileManager.default.removeItem(atPath: path(other))
            try FileManager.default.moveItem(atPath: path(name), toPath: path(other))
        }
        try await makeServerCertificate(bench, "first")
        try await makeServerCertificate(bench, "second", as: "new")
        #expect(throws: TLSFiles.Unusable.self) { try TLSFiles(certificate: path("new.pem"), key: path("tls.key")) }
        let files = try TLSFiles(certificate: path("tls.pem"), key: path("tls.key"))
        let first = try files.configuration().certificateChain
        try move("new.pem", to: "tls.pem")
        #expect(throws: TLSFiles.Unusable.self) { try files.reload() }
        #expect(try files.configuration().certificateChain == first)
        try move("new.key", to: "tls.key")
        #expect(try files.reload())
        #expect(try files.configuration().certificateChain != first)
        #expect(try !files.reload())
    }

    @Test func aLinkThatLeadsElsewhereIsAChange() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let files = FileManager.default
        func lead(_ name: String, to folder: String) throws {
            try? files.removeItem(atPath: bench.directory + "/" + name)
            try files.createSymbolicLink(atPath: bench.directory + "/" + name, withDestinationPath: folder)
        }
        for name in ["one", "two"] {
            try files.createDirectory(atPath: bench.directory + "/" + name, withIntermediateDirectories: true)
            try await makeServerCertificate(bench, name, as: name + "/tls")
        }
        // As kubelet mounts a secret: the file is a link to a file in a folder that is a link.
        try lead("data", to: "one")
        try lead("tls.pem", to: "data/tls.pem")
        try lead("tls.key", to: "data/tls.key")
        let served = try TLSFiles(certificate: bench.directory + "/tls.pem", key: bench.directory + "/tls.key")
        #expect(try !served.reload())
        try lead("data", to: "two")
        #expect(try served.reload())
    }

    @Test func theMetricsCountWithoutNamingAnybody() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench)
        try await bench.withPortal { portal in
            let token = try await portal.signIn(with: signer)
            let challenge = try await portal.decide("accept", token: token)
            _ = try await portal.get(PortalPath.code(try VerificationCode(challenge.code)))
            _ = try await portal.post(signature: [1], under: challenge.code)
            _ = try await portal.send("PUT", "/nowhere")
            let text = try await portal.get("/metrics").text
            for line in [
                #"eonay_portal_codes_issued_total{purpose="login"} 1"#,
                #"eonay_portal_codes_issued_total{purpose="consent"} 1"#,
                #"eonay_portal_codes_used_total{purpose="login"} 1"#,
                #"eonay_portal_verifications_total{result="good"} 1"#,
                #"eonay_portal_verifications_total{result="bad-signature"} 1"#, "eonay_portal_sessions 1",
                #"route="/api/v1/codes/{code}",status="200"} 1"#, #"method="PUT",route="NotFound",status="404"} 1"#,
            ] {
                #expect(text.contains(line), "\(line) is missing")
            }
            #expect(!text.contains(challenge.code) && !text.contains(signer.identity))
            let health = try await portal.get("/healthz")
            #expect(health.status == 200)
        }
    }

    @Test func theMetricsAreForThisMachineAlone() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let lines = "[Server]\nOrigin=https://portal.example.org\n[Proxy]\nAddresses=127.0.0.1"
        try await bench.withPortal(lines) { portal in
            for (header, value, status) in [
                ("X-Forwarded-For", "192.0.2.1", 404), ("X-Forwarded-For", "127.0.0.1, 192.0.2.1", 404),
                ("X-Forwarded-For", "::ffff:127.0.0.1", 200), ("Forwarded", "for=192.0.2.1", 404), ("X-Other", "", 200),
            ] {
                let answer = try await portal.send("GET", "/metrics", headers: [(header, value)])
                #expect(answer.status == status, "\(header): \(value)")
            }
        }
        // A proxy that the portal was not told of.
        try await bench.withPortal { portal in
            let answer = try await portal.send("GET", "/metrics", headers: [("X-Forwarded-For", "127.0.0.1")])
            #expect(answer.status == 404)
        }
    }

    /// An address of this computer that is not loopback; nil where it has none.
    private static let outerAddress = (try? System.enumerateDevices())?.compactMap(\.address?.ipAddress).first {
        $0.contains(".") && NetworkAddress($0)?.isLoopback == false
    }

    @Test(.enabled(if: outerAddress != nil))
    func plainHTTPIsForTheProxyAlone() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let outer = try #require(Self.outerAddress)
        func lines(_ proxy: String) -> String {
            "[Server]\nListen=0.0.0.0:0\nOrigin=https://portal.example.org\n[Proxy]\nAddresses=\(proxy)"
        }
        func ask(_ path: String, _ portal: PortalClient) async throws -> PortalClient.Answer {
            let port = portal.address.split(separator: ":").last ?? ""
            return try await RemotePortal(address: "http://\(outer):\(port)").get(path)
        }
        try await bench.withPortal(lines("192.0.2.77")) { portal in
            for path in ["/login", PortalPath.statement, "/nowhere", "/healthz/"] {
                let answer = try await ask(path, portal)
                #expect(answer.status == 403 && answer.problem == "urn:eonay:problem:not-the-proxy")
                #expect(answer.header("Set-Cookie") == nil)
            }
            #expect(try await ask("/healthz", portal).status == 200)
        }
        try await bench.withPortal(lines(outer)) { portal in
            let answer = try await ask("/login", portal)
            #expect(answer.status == 200)
        }
    }

    @Test func whatWillRefuseEverybodyIsToldAtTheStart() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        for name in ["root", "issuer"] {
            try FileManager.default.removeItem(atPath: bench.directory + "/anchors/\(name).der")
        }
        try await bench.withPortal { _ in }
        #expect(bench.log.lines.contains { $0.hasPrefix("warning no anchors") })
    }

    @Test func aStatementThatStandsForOtherWordsSaysWhatToDo() {
        let text = "\(StatementReused(version: "2026-01"))"
        #expect(text.contains("2026-01") && text.contains("another version") && !text.contains("StatementReused"))
    }
}
