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
    /// 2025-01-02T03:04:05Z, as the bench's index has it.
    private let since: Int64 = 1_735_787_045

    @Test func theResponderIsAskedByThePublicAddresses() async throws {
        let bench = try RevocationBench()
        bench.server.say(Step.octets(bench.authority.issuer.certificate, type: "application/pkix-cert"))
        bench.server.say(try await bench.response(revoked: false))
        #expect(try await bench.ask().state == .good)
        #expect(try bench.server.request().path == "/issuer.crt")
        let request = try bench.server.request()
        #expect(request.method == "POST" && request.path == "/ocsp")
        #expect(request.headers["content-type"] == "application/ocsp-request")
    }

    @Test(arguments: [
        ("", nil), (",unspecified", .unspecified), (",keyCompromise", .keyCompromise), (",superseded", .superseded),
        (",cessationOfOperation", RevocationReason.cessationOfOperation),
    ])
    func aRevokedCertificateIsToldAsSuch(_ word: String, _ reason: RevocationReason?) async throws {
        let bench = try RevocationBench()
        bench.server.say(try await bench.response(revoked: true, reason: word))
        let answer = try await bench.ask(issuer: bench.authority.issuer.certificate)
        #expect(answer.state == .revoked && answer.since == since && answer.reason == reason)
        #expect(abs(answer.thisUpdate - Int64(Date().timeIntervalSince1970)) < 60)
    }

    /// The normal state of a new certificate of Kamu SM until its holder opens it.
    @Test func aSuspendedCertificateIsToldAsSuch() async throws {
        let bench = try RevocationBench(crl: true)
        bench.server.say(try await bench.response(revoked: true, reason: ",certificateHold"))
        let issuer = bench.authority.issuer.certificate
        let answer = try await bench.ask(issuer: issuer)
        #expect(answer.state == .suspended && answer.since == since && answer.reason == .certificateHold)
        bench.server.say(Step.json("{}", status: 500))
        bench.server.say(try await bench.list(revoked: true, reason: ",certificateHold"))
        #expect(try await bench.ask(issuer: issuer).state == .suspended)
    }

    @Test func theListIsAskedWhereTheResponderHasNoAnswer() async throws {
        let bench = try RevocationBench(crl: true)
        bench.server.say(Step.json("{}", status: 500))
        bench.server.say(try await bench.list(revoked: true))
        #expect(try await bench.ask(issuer: bench.authority.issuer.certificate).state == .revoked)
    }

    @Test func theListIsNotFetchedForWhoWantsTheResponderAlone() async throws {
        let bench = try RevocationBench(crl: true)
        bench.server.say(Step.json("{}", status: 500))
        let answer = try await bench.ask(issuer: bench.authority.issuer.certificate, takesLists: false)
        #expect(answer == RevocationAnswer(unreachable: "http-500"))
    }

    @Test func theListIsAskedWhereTheResponderDoesNotKnow() async throws {
        let bench = try RevocationBench(crl: true)
        bench.server.say(try await bench.response(revoked: nil))
        bench.server.say(try await bench.list(revoked: false))
        #expect(try await bench.ask(issuer: bench.authority.issuer.certificate).state == .good)
    }

    @Test func unknownStaysUnknownWhereNobodyKnowsMore() async throws {
        let bench = try RevocationBench()
        bench.server.say(try await bench.response(revoked: nil))
        let answer = try await bench.ask(issuer: bench.authority.issuer.certificate)
        #expect(answer.state == .unknown && answer.isReliable)
    }

    @Test func anotherIssuerIsNotBelieved() async throws {
        let bench = try RevocationBench()
        let stranger = try TestAuthority(now: Int64(Date().timeIntervalSince1970))
        bench.server.say(Step.octets(stranger.issuer.certificate, type: "application/pkix-cert"))
        #expect(try await bench.ask() == RevocationAnswer(unreachable: "issuer: another-issuer"))
    }

    /// An authority that changes its key keeps its name, and a card may bear the newer certificate.
    @Test func whereTheCardBearsAnotherIssuerOfTheNameTheRightOneIsFetched() async throws {
        let bench = try RevocationBench()
        let newer = try TestAuthority(now: Int64(Date().timeIntervalSince1970))
        bench.server.say(Step.octets(bench.authority.issuer.certificate, type: "application/pkix-cert"))
        bench.server.say(try await bench.response(revoked: false))
        #expect(try await bench.ask(issuer: newer.issuer.certificate).state == .good)
    }

    @Test func aResponderThatTheIssuerHasCertifiedMayAnswer() async throws {
        let bench = try RevocationBench()
        try await bench.certifyResponder(usage: "OCSPSigning")
        bench.server.say(try await bench.response(revoked: false, signer: "delegate"))
        #expect(try await bench.ask(issuer: bench.authority.issuer.certificate).state == .good)
    }

    @Test func aCertificateWithoutAddressesCannotBeAskedAbout() async throws {
        let bench = try RevocationBench(ocsp: false, issuer: false)
        #expect(try await bench.ask() == RevocationAnswer(unreachable: "no-issuer"))
        let answer = try await bench.ask(issuer: bench.authority.issuer.certificate)
        #expect(answer == RevocationAnswer(unreachable: "no-address"))
    }

    @Test func whatIsNoCertificateIsInvalid() async throws {
        let courier = try await CourierProcess()
        let invalid = CourierReply.failed(JobFailure(.invalidArgument, "certificate"))
        #expect(
            try courier.ask(.revocation(certificate: [1, 2], issuer: nil, takesLists: true, timeout: 1)) == invalid)
    }
}
