// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalBench
import PortalClient
import PortalContract
import TestBench
import Testing

/// The identity that the client believes to be the portal's.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct PortalTLSTests {
    private let statement = Step.json("{\"version\": \"1\", \"accept\": \"a\", \"decline\": \"b\"}")

    /// A folder with certificates of a server, made by openssl; each its own authority.
    private final class Certificates {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "eonay-tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        /// A PEM file of a key and a certificate that names `name` and ends in `days` days; one of 0 days ends in the moment in which it is made.
        func make(_ name: String, days: Int = 1) throws -> String {
            let file = folder.appending(path: "\(UUID().uuidString).pem").path
            try openssl(
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
                "-addext", "subjectAltName=\(name)", "-keyout", file, "-out", file + ".csr")
            try openssl(
                "x509", "-req", "-in", file + ".csr", "-signkey", file, "-days", "\(days)", "-copy_extensions", "copy",
                "-out", file + ".crt")
            let certificate = try Data(contentsOf: URL(filePath: file + ".crt"))
            try (Data(contentsOf: URL(filePath: file)) + certificate).write(to: URL(filePath: file))
            return file
        }

        private func openssl(_ arguments: String...) throws {
            let openssl = try Process.beginning("/usr/bin/openssl", arguments, package: "openssl")
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
        }
    }

    private func ask(_ portal: ScriptedPortal, trusting caFile: String?, by host: String = "127.0.0.1") throws -> String
    {
        let client = try PortalClient(
            portal: try Origin("https://\(host):\(portal.port)"), caFile: caFile,
            timeouts: PortalTimeouts(connect: 5000, total: 5000))
        return try client.statement().acceptance.version
    }

    @Test func aPortalOfTheConfiguredAuthorityIsBelieved() throws {
        let certificates = try Certificates()
        let identity = try certificates.make("IP:127.0.0.1")
        let portal = try ScriptedPortal([statement], identity: identity)
        #expect(try ask(portal, trusting: identity) == "1")
    }

    @Test func aPortalOfNoKnownAuthorityIsUntrusted() throws {
        let certificates = try Certificates()
        let portal = try ScriptedPortal([statement], identity: try certificates.make("IP:127.0.0.1"))
        #expect(throws: PortalFailure.untrusted("tls-certificate")) { try ask(portal, trusting: nil) }
        let other = try certificates.make("IP:127.0.0.1")
        #expect(throws: PortalFailure.untrusted("tls-certificate")) { try ask(portal, trusting: other) }
    }

    @Test func aCertificateOfAnotherNameIsUntrusted() throws {
        let certificates = try Certificates()
        let identity = try certificates.make("DNS:other.example")
        let portal = try ScriptedPortal([statement], identity: identity)
        #expect(throws: PortalFailure.untrusted("tls-certificate")) { try ask(portal, trusting: identity) }
        #expect(throws: PortalFailure.untrusted("tls-certificate")) {
            try ask(portal, trusting: identity, by: "localhost")
        }
    }

    @Test func aCertificateThatHasEndedIsUntrusted() throws {
        let certificates = try Certificates()
        let identity = try certificates.make("IP:127.0.0.1", days: 0)
        let portal = try ScriptedPortal([statement], identity: identity)
        #expect(throws: PortalFailure.untrusted("tls-certificate")) { try ask(portal, trusting: identity) }
    }

    @Test func aServerWithoutTLSIsUntrusted() throws {
        let portal = try ScriptedPortal([statement])
        #expect(throws: PortalFailure.untrusted("tls-handshake")) { try ask(portal, trusting: nil) }
    }

    @Test func aMissingFileOfAuthoritiesTrustsNobody() throws {
        let certificates = try Certificates()
        let portal = try ScriptedPortal([statement], identity: try certificates.make("IP:127.0.0.1"))
        #expect(throws: PortalFailure.untrusted("ca-file")) { try ask(portal, trusting: "/nonexistent.pem") }
    }
}
