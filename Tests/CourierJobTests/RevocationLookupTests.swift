// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import JobFrames
import PortalBench
import TestBench
import Testing
import VirtualCard

/// Revocation, asked for at a server that gives what the openssl program made.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct RevocationLookupTests {
    /// An authority whose certificates name a server of the test's.
    private struct Bench {
        let server: ScriptedPortal
        let authority: TestAuthority
        let leaf: IssuedCertificate
        let folder: TemporaryFolder

        init(ocsp: Bool = true, crl: Bool = false, issuer: Bool = true) throws {
            server = try ScriptedPortal()
            folder = try TemporaryFolder()
            let base = "http://127.0.0.1:\(server.port)"
            let now = Int64(Date().timeIntervalSince1970)
            authority = try TestAuthority(
                now: now,
                addresses: AuthorityAddresses(
                    ocsp: ocsp ? base + "/ocsp" : nil, crl: crl ? base + "/list.crl" : nil,
                    issuer: issuer ? base + "/issuer.crt" : nil))
            leaf = try authority.issue(now: now)
            try folder.write("ca.pem", authority.issuer.pem)
            try folder.write("ca.key", try authority.issuer.key.pem())
            try folder.write("leaf.pem", leaf.pem)
        }

        private func openssl(_ arguments: String...) async throws -> String {
            let child = try await ChildProcess.start(
                try Programs.find("openssl", package: "openssl"), arguments, folder: folder.path)
            #expect(await child.end() == .exited(0))
            return String(decoding: child.output, as: UTF8.self)
        }

        /// The line of `openssl ca`'s index that tells of the leaf.
        private func index(revoked: Bool, reason: String = "") async throws -> String {
            let serial = try await openssl("x509", "-in", "leaf.pem", "-noout", "-serial")
                .trimmingCharacters(in: .whitespacesAndNewlines).replacing("serial=", with: "")
            return
                "\(revoked ? "R" : "V")\t400101000000Z\t\(revoked ? "250102030405Z\(reason)" : "")\t\(serial)\tunknown\t/CN=x\n"
        }

        /// The responder's answer about the leaf; nil for one that does not know it.
        func response(revoked: Bool?, reason: String = "") async throws -> String {
            if let revoked {
                try folder.write("index.txt", try await index(revoked: revoked, reason: reason))
            } else {
                try folder.write("index.txt", "")
            }
            _ = try await openssl(
                "ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key", "-issuer",
                "ca.pem", "-cert", "leaf.pem", "-no_nonce", "-ndays", "1", "-rmd", "sha256", "-respout", "out.der")
            return Step.octets(try folder.read("out.der"), type: "application/ocsp-response")
        }

        /// The issuer's list.
        func list(revoked: Bool, reason: String = "") async throws -> String {
            try folder.write("index.txt", try await index(revoked: revoked, reason: reason))
            try folder.write(
                "ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha384\ndefault_crl_days=1\n")
            _ = try await openssl(
                "ca", "-gencrl", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-out", "list.pem")
            _ = try await openssl("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der")
            return Step.octets(try folder.read("list.der"), type: "application/pkix-crl")
        }

        func ask(issuer: [UInt8]? = nil, timeout: UInt32 = 5000) async throws -> CourierReply? {
            try await CourierProcess().ask(
                .revocation(certificate: leaf.certificate, issuer: issuer, timeout: timeout))
        }
    }

    @Test func theResponderIsAskedByThePublicAddresses() async throws {
        let bench = try Bench()
        bench.server.say(Step.octets(bench.authority.issuer.certificate, type: "application/pkix-cert"))
        bench.server.say(try await bench.response(revoked: false))
        #expect(try await bench.ask() == .revocation(.good))
        #expect(try bench.server.request().path == "/issuer.crt")
        let request = try bench.server.request()
        #expect(request.method == "POST" && request.path == "/ocsp")
        #expect(request.headers["content-type"] == "application/ocsp-request")
    }

    @Test func aRevokedCertificateIsToldAsSuch() async throws {
        let bench = try Bench()
        bench.server.say(try await bench.response(revoked: true))
        let reply = try await bench.ask(issuer: bench.authority.issuer.certificate)
        #expect(reply == .revocation(.revoked))
    }

    /// The normal state of a new certificate of Kamu SM until its holder opens it.
    @Test func aSuspendedCertificateIsToldAsSuch() async throws {
        let bench = try Bench(crl: true)
        bench.server.say(try await bench.response(revoked: true, reason: ",certificateHold"))
        let issuer = bench.authority.issuer.certificate
        #expect(try await bench.ask(issuer: issuer) == .revocation(.suspended))
        bench.server.say(Step.json("{}", status: 500))
        bench.server.say(try await bench.list(revoked: true, reason: ",certificateHold"))
        #expect(try await bench.ask(issuer: issuer) == .revocation(.suspended))
    }

    @Test func theListIsAskedWhereTheResponderHasNoAnswer() async throws {
        let bench = try Bench(crl: true)
        bench.server.say(Step.json("{}", status: 500))
        bench.server.say(try await bench.list(revoked: true))
        let reply = try await bench.ask(issuer: bench.authority.issuer.certificate)
        #expect(reply == .revocation(.revoked))
    }

    @Test func theListIsAskedWhereTheResponderDoesNotKnow() async throws {
        let bench = try Bench(crl: true)
        bench.server.say(try await bench.response(revoked: nil))
        bench.server.say(try await bench.list(revoked: false))
        #expect(try await bench.ask(issuer: bench.authority.issuer.certificate) == .revocation(.good))
    }

    @Test func unknownStaysUnknownWhereNobodyKnowsMore() async throws {
        let bench = try Bench()
        bench.server.say(try await bench.response(revoked: nil))
        #expect(try await bench.ask(issuer: bench.authority.issuer.certificate) == .revocation(.unknown))
    }

    @Test func anotherIssuerIsNotBelieved() async throws {
        let bench = try Bench()
        let stranger = try TestAuthority(now: Int64(Date().timeIntervalSince1970))
        bench.server.say(Step.octets(stranger.issuer.certificate, type: "application/pkix-cert"))
        #expect(try await bench.ask() == .revocation(.unreachable))
    }

    @Test func noiseAndSilenceAreNoAnswer() async throws {
        let bench = try Bench(crl: true)
        bench.server.say(Step.octets([0x30, 0x80, 0xFF], type: "application/ocsp-response"))
        bench.server.say(Step.hang)
        let reply = try await bench.ask(issuer: bench.authority.issuer.certificate, timeout: 500)
        #expect(reply == .revocation(.unreachable))
    }

    @Test func aCertificateWithoutAddressesCannotBeAskedAbout() async throws {
        let bench = try Bench(ocsp: false, issuer: false)
        #expect(try await bench.ask() == .revocation(.unreachable))
        #expect(try await bench.ask(issuer: bench.authority.issuer.certificate) == .revocation(.unreachable))
    }

    @Test func whatIsNoCertificateIsInvalid() async throws {
        let courier = try await CourierProcess()
        let invalid = CourierReply.failed(JobFailure(.invalidArgument, "certificate"))
        #expect(
            try courier.ask(.revocation(certificate: [1, 2], issuer: nil, timeout: 1)) == invalid)
    }
}
