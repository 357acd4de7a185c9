// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import GRDB
import ManualTime
import PortalContract
import Signatures
import Testing
import VirtualCard

@testable import Portal

/// Revocation, asked of openssl's real responder and of real lists on loopback.
@Suite(.timeLimit(.minutes(1))) struct RevocationTests {
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

    /// A list on loopback that says this of the signer's certificate, which names no other source than perhaps a responder.
    private func withList(
        _ entry: OpenSSL.Entry?, responder: String? = nil,
        _ body: (_ bench: PortalBench, _ signer: Signer, _ server: FileServer, _ list: [UInt8]) async throws -> Void
    ) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let openssl = try OpenSSL(bench.authority)
        try await FileServer.with { server, address in
            let addresses = AuthorityAddresses(ocsp: responder, crl: address + "/list.crl")
            let signer = try Signer(bench, addresses: addresses)
            try openssl.register(signer.issued.certificate, entry)
            let list = try await openssl.revocationList()
            server.put(list, at: "/list.crl")
            try await body(bench, signer, server, list)
        }
    }

    @Test(
        arguments: [
            (.good, "require", 200, ""), (.revoked, "require", 422, "certificate-revoked"),
            (.revoked, "prefer", 422, "certificate-revoked"), (nil, "require", 503, "revocation-unknown"),
            (nil, "prefer", 200, ""), (.suspended, "require", 422, "certificate-revoked"),
            (.suspended, "prefer", 422, "certificate-revoked"),
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

    /// The contract knows one name for both; an extension member (RFC 9457, 3.2) tells them apart.
    @Test(arguments: [(.revoked, nil), (.suspended, "certificateHold")] as [(OpenSSL.Entry, String?)])
    func whatCanBeTakenBackIsToldAsSuch(_ entry: OpenSSL.Entry, _ reason: String?) async throws {
        try await withResponder(entry) { bench, signer in
            let details = try ProblemDetails(utf8: try await judge(bench, signer).body)
            #expect(details.name == .certificateRevoked && details.reason == reason)
            #expect(details.isSuspended == (entry == .suspended))
        }
        try await withList(entry) { bench, signer, _, _ in
            let details = try ProblemDetails(utf8: try await judge(bench, signer).body)
            #expect(details.reason == reason)
        }
    }

    /// A list that is out of date proves nobody good, but who is on it stays revoked.
    @Test func anOldListStillRevokes() async throws {
        try await withList(.revoked) { bench, signer, _, _ in
            bench.clock.advance(by: 30 * 86_400)
            for policy in ["require", "prefer"] {
                let answer = try await judge(bench, signer, revocation: policy)
                #expect(answer.status == 422 && answer.problem == "certificate-revoked")
            }
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
        try await withList(entry, responder: "http://127.0.0.1:1") { bench, signer, _, _ in
            let answer = try await judge(bench, signer)
            #expect(answer.status == status)
            if status != 200 { #expect(answer.problem == "certificate-revoked") }
        }
    }

    /// A responder that does not know a certificate may have met a forged one: a list that does not name it says nothing
    /// better, and one that names it counts.
    @Test(
        arguments: [
            (.good, "require", 503, "revocation-unknown"), (.good, "prefer", 200, ""),
            (.revoked, "require", 422, "certificate-revoked"), (.revoked, "prefer", 422, "certificate-revoked"),
        ] as [(OpenSSL.Entry, String, Int, String)])
    func whatAResponderDoesNotKnowNoListMakesGood(
        _ entry: OpenSSL.Entry, _ policy: String, _ status: Int, _ problem: String
    ) async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let lists = try OpenSSL(bench.authority)
        let responder = try OpenSSL(bench.authority)
        try await FileServer.with { server, files in
            try await responder.withResponder { address in
                let signer = try Signer(bench, addresses: AuthorityAddresses(ocsp: address, crl: files + "/list.crl"))
                try lists.register(signer.issued.certificate, entry)
                server.put(try await lists.revocationList(), at: "/list.crl")
                let answer = try await judge(bench, signer, revocation: policy)
                #expect(answer.status == status)
                if status != 200 { #expect(answer.problem == problem) }
            }
        }
    }

    @Test func whoGaveNoAnswerIsLoggedByHostAndStatus() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await FileServer.with { _, address in
            let signer = try Signer(
                bench, addresses: AuthorityAddresses(ocsp: address + "/ocsp", crl: address + "/secret-path.crl"))
            #expect(try await judge(bench, signer).status == 503)
            let host = address.dropFirst("http://".count)
            let told = bench.log.lines.filter { $0.hasPrefix("warning OCSP gave no answer") }
            #expect(
                told.count == 1 && told.allSatisfy { $0.contains("\"host\": \(host)") && $0.contains("404") }, "\(told)"
            )
            let list = bench.log.lines.filter { $0.hasPrefix("warning no revocation list") }
            #expect(list.count == 1 && list.allSatisfy { $0.contains("404") && !$0.contains("secret-path") })
        }
    }

    @Test func anOverdueListIsNotFetchedForEachSignature() async throws {
        try await withList(.revoked) { bench, signer, server, list in
            let issuer = try CertificateFacts.read(der: bench.authority.issuer.certificate)
            let cache = RevocationListCache()
            func ask(_ time: Int64, _ octets: [UInt8]?) async throws -> RevocationListCache.Fetched {
                try await cache.list("http://x/", issuer: issuer, at: time) {
                    guard let octets else { throw RevocationTransport.Failure(status: 500) }
                    return octets
                }
            }
            let first = try await ask(PortalBench.start, list)
            let late = PortalBench.start + 10 * 86_400
            // Its authority is late: what is known stays known, and is asked for again in a while.
            #expect(try await ask(late, nil).known == first.known)
            #expect(try await ask(late + 29, []).known == first.known)
            #expect(try await ask(late + 30, list).known == first.known)
            await #expect(throws: RevocationTransport.Failure.self) {
                try await RevocationListCache().list("http://x/", issuer: issuer, at: late) {
                    throw RevocationTransport.Failure(status: 500)
                }
            }
        }
    }

    @Test func aListIsFetchedOnceAndAForgedOneNeverCounts() async throws {
        try await withList(.good) { bench, signer, server, list in
            try await bench.withPortal(revocation: "require") { portal in
                for _ in 0..<3 { _ = try await portal.signIn(with: signer) }
            }
            let requests = server.requests
            #expect(requests == 1)
            server.put(list.dropLast() + [list[list.count - 1] ^ 1], at: "/list.crl")
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
                guard let answer = contents.revocation.answers.first else {
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

    @Test func aListIsStoredOnceForAllRecordsAndProvesEach() async throws {
        try await withList(.good) { bench, signer, _, _ in
            let references = try await bench.withPortal(revocation: "require") { portal in
                let token = try await portal.signIn(with: signer)
                return [
                    try await portal.record("accept", token: token, by: signer),
                    try await portal.record("decline", token: token, by: signer),
                ]
            }
            let path = bench.directory + "/data/portal.db"
            let lists = try await DatabaseQueue(path: path).read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM revocationList")
            }
            #expect(lists == 1)
            let tools = try PortalTools(try bench.configuration())
            for reference in references {
                let report = try await tools.verify(reference, exportTo: bench.directory + "/export")
                #expect(report.isGood, "\(report.lines)")
            }
            #expect(FileManager.default.fileExists(atPath: bench.directory + "/export/revocation-0.crl"))
            // A list that is gone proves nothing.
            try await DatabaseQueue(path: path).write { try $0.execute(sql: "DELETE FROM revocationList") }
            let report = try await tools.verify(references[0], exportTo: nil)
            #expect(report.lines.contains("FAILS: the revocation lists that it names are there"))
        }
    }

    /// The client's deadline is for an answer's head; the rest of it could drip for ever.
    @Test func anAnswerThatDripsIsNotWaitedFor() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        try await DrippingServer.with { address in
            let signer = try Signer(bench, addresses: AuthorityAddresses(ocsp: address, crl: address + "/list.crl"))
            let answer = try await judge(bench, signer)
            #expect(answer.status == 503 && answer.problem == "revocation-unknown")
        }
    }

    @Test func manyWhoWaitForAListFetchItOnce() async throws {
        try await withList(.good) { bench, signer, server, _ in
            try await bench.withPortal("[Limits]\nCodesPerIdentity=100", revocation: "require") { portal in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<12 { group.addTask { _ = try await portal.signIn(with: signer) } }
                    try await group.waitForAll()
                }
            }
            let requests = server.requests
            #expect(requests == 1)
        }
    }

    @Test func aResponderThatNeverAnswersIsNotAskedForEver() async throws {
        let bench = try PortalBench()
        defer { bench.remove() }
        let signer = try Signer(bench, addresses: AuthorityAddresses(ocsp: "http://127.0.0.1:1"))
        try await bench.withPortal(revocation: "require") { portal in
            let opened = try await portal.open()
            let signature = try signer.login(opened.challenge)
            var statuses: [Int] = []
            for _ in 0...SignatureQueue.most {
                statuses.append(try await portal.post(signature: signature, under: opened.challenge.code).status)
            }
            #expect(statuses.prefix(SignatureQueue.most).allSatisfy { $0 == 503 } && statuses.last == 429)
        }
    }
}
