// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import PortalContract
import Signatures
import Testing
import VirtualCard

@testable import Portal

/// Revocation, asked of openssl's real responder and of real lists on loopback.
@Suite struct RevocationTests {
    /// Posts a login signature and gives what the portal says of it.
    private func judge(
        _ bench: PortalBench, _ signer: Signer, revocation: String = "require"
    ) async throws -> PortalClient.Answer {
        try await bench.withPortal(revocation: revocation) { portal in
            let opened = try await portal.open()
            return try await portal.post(
                signature: try signer.login(opened.challenge), under: opened.challenge.code)
        }
    }

    /// A responder whose register says this of the signer's certificate.
    private func withResponder(
        _ entry: OpenSSL.Entry?, signedByAStranger: Bool = false,
        _ body: (PortalBench, Signer) async throws -> Void
    ) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let stranger =
            signedByAStranger
            ? try TestAuthority(now: PortalBench.start).issueResponder(now: PortalBench.start) : nil
        let openssl = try OpenSSL(bench.authority, responder: stranger)
        try await openssl.withResponder { address in
            let signer = try Signer(bench, addresses: AuthorityAddresses(ocsp: address))
            try openssl.register(signer.issued.certificate, entry)
            try await openssl.wake(address, about: signer.issued.certificate)
            try await body(bench, signer)
        }
    }

    @Test(
        arguments: [
            (.good, "require", 200, ""), (.revoked, "require", 422, "certificate-revoked"),
            (.revoked, "prefer", 422, "certificate-revoked"), (nil, "require", 503, "revocation-unknown"),
            (nil, "prefer", 200, ""),
        ] as [(OpenSSL.Entry?, String, Int, String)])
    func theRespondersWordIsTaken(
        _ entry: OpenSSL.Entry?, _ policy: String, _ status: Int, _ problem: String
    ) async throws {
        try await withResponder(entry) { bench, signer in
            let answer = try await judge(bench, signer, revocation: policy)
            #expect(answer.status == status)
            if status != 200 { #expect(answer.problem == problem) }
        }
    }

    @Test func anAnswerSignedByAStrangerProvesNothing() async throws {
        try await withResponder(.good, signedByAStranger: true) { bench, signer in
            let answer = try await judge(bench, signer)
            #expect(answer.status == 503 && answer.problem == "revocation-unknown")
        }
    }

    @Test func aStaleAnswerProvesNothing() async throws {
        try await withResponder(.good) { bench, signer in
            bench.clock.advance(by: 2 * 86_400)
            let answer = try await judge(bench, signer)
            #expect(answer.problem == "revocation-unknown")
        }
    }

    @Test func aResponderThatIsDownOrSilentIsNotARefusal() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let silent = SilentPort()
        for address in ["http://127.0.0.1:1", silent.address, "ldap://127.0.0.1/x"] {
            let signer = try Signer(bench, addresses: AuthorityAddresses(ocsp: address))
            try await bench.withPortal(revocation: "require") { portal in
                let opened = try await portal.open()
                let signature = try signer.login(opened.challenge)
                for _ in 0..<4 {
                    let answer = try await portal.post(signature: signature, under: opened.challenge.code)
                    #expect(answer.status == 503 && answer.problem == "revocation-unknown")
                }
                // Four of them did not end the code, as three refusals would.
                #expect(
                    try await portal.get(PortalPath.code(try VerificationCode(opened.challenge.code))).status == 200)
            }
            #expect(try await judge(bench, signer, revocation: "prefer").status == 200)
        }
    }

    @Test(arguments: [(.good, 200), (.revoked, 422), (nil, 200)] as [(OpenSSL.Entry?, Int)])
    func aListIsAskedWhereNoResponderAnswers(_ entry: OpenSSL.Entry?, _ status: Int) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let openssl = try OpenSSL(bench.authority)
        try await FileServer.with { server, address in
            let addresses = AuthorityAddresses(ocsp: "http://127.0.0.1:1", crl: address + "/list.crl")
            let signer = try Signer(bench, addresses: addresses)
            try openssl.register(signer.issued.certificate, entry)
            server.put(try await openssl.revocationList(), at: "/list.crl")
            let answer = try await judge(bench, signer)
            #expect(answer.status == status)
            if status != 200 { #expect(answer.problem == "certificate-revoked") }
        }
    }

    @Test func aListIsFetchedOnceAndAForgedOneNeverCounts() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let openssl = try OpenSSL(bench.authority)
        try await FileServer.with { server, address in
            let signer = try Signer(bench, addresses: AuthorityAddresses(crl: address + "/list.crl"))
            try openssl.register(signer.issued.certificate, .good)
            var list = try await openssl.revocationList()
            server.put(list, at: "/list.crl")
            try await bench.withPortal(revocation: "require") { portal in
                for _ in 0..<3 { _ = try await portal.signIn(with: signer) }
            }
            let requests = server.requests
            #expect(requests == 1)
            list[list.count - 1] ^= 1
            server.put(list, at: "/list.crl")
            let answer = try await judge(bench, signer)
            #expect(answer.problem == "revocation-unknown")
        }
    }

    @Test func theAnswerIsKeptWithTheRecord() async throws {
        try await withResponder(.good) { bench, signer in
            try await bench.withPortal(revocation: "require") { portal in
                let token = try await portal.signIn(with: signer)
                let reference = try await portal.record("accept", token: token, by: signer)
                let record = try #require(try await portal.store.record(reference))
                let contents = try ConsentContents(record, portal.server.service.keys)
                guard case .ocsp(let answer)? = contents.revocation.evidence.first else {
                    Issue.record("no answer was kept")
                    return
                }
                let facts = try contents.chain.map { try CertificateFacts.read(der: $0) }
                let judgement = try OCSPResponse(answer).judgement(
                    of: facts[0], issuer: facts[1], at: record.draft.at)
                #expect(judgement.status == .good)
            }
        }
    }
}
