// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import EOnayCore
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import PortalContract
import TestBench
import Testing
import VirtualCard

@testable import Portal

/// TLS, and what those who watch the portal are told.
@Suite struct ExposureTests {
    /// A certificate for the loopback address, as PEM files in the bench's directory.
    private func makeServerCertificate(_ bench: PortalBench, _ name: String) async throws {
        let openssl = try Programs.find("openssl", package: "openssl")
        _ = try await TestBench.run(
            openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", bench.directory + "/tls.key",
                "-out",
                bench.directory + "/tls.pem",
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
            #expect(first.headers.first(name: "Strict-Transport-Security") != nil)
            // A new certificate with a new key: who trusts it alone is served it once it was read.
            try await makeServerCertificate(bench, "second")
            await #expect(throws: (any Error).self) { try await ask() }
            #expect(try portal.server.tls?.reload() == true)
            let second = try await ask()
            #expect(second.status == .ok)
        }
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
            let answer = try await portal.send("GET", "/metrics", headers: [("X-Forwarded-For", "192.0.2.1")])
            #expect(answer.status == 404)
        }
    }
}
