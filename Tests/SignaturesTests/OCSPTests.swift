// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@testable import Signatures

/// Answers made by the openssl program's own responder, from files.
@Suite(.timeLimit(.minutes(1)))
struct OCSPTests {
    private let authority: TestAuthority
    private let certificate: CertificateFacts

    init() throws {
        authority = try TestAuthority.shared.get()
        certificate = try authority.facts("p256")
    }

    private func indexLine(_ facts: CertificateFacts, revoked: String? = nil) -> String {
        authority.indexLine(facts, revoked: revoked)
    }

    private func answer(
        _ request: OCSPRequest, index: String, signer: String = "root", _ options: String...
    ) throws -> [UInt8] {
        try authority.answer(request.der, index: index, signer: signer, options)
    }

    private func now() -> Int64 { Int64(Date().timeIntervalSince1970) }

    private func request() throws -> OCSPRequest {
        try OCSPRequest(certificate: certificate, issuer: authority.root)
    }

    private func code(_ judge: () throws(RevocationError) -> RevocationJudgement) -> RevocationError.Code? {
        do throws(RevocationError) {
            _ = try judge()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func goodRevokedAndUnknownAreToldApart() throws {
        let request = try request()
        let good = try request.judge(
            response: answer(request, index: indexLine(certificate), "-ndays", "1"), at: now())
        #expect(good.status == .good && good.source == .ocsp)
        // The program reads the clock twice.
        #expect((86_400...86_402).contains(try #require(good.nextUpdate) - good.thisUpdate))

        let index = indexLine(certificate, revoked: "250102030405Z,keyCompromise")
        let revoked = try request.judge(response: answer(request, index: index), at: now())
        #expect(revoked.status == .revoked(at: 1_735_787_045, reason: 1))
        let unknown = try request.judge(response: answer(request, index: ""), at: now())
        #expect(unknown.status == .unknown && unknown.nextUpdate == nil)
    }

    @Test func aForgedAnswerIsRefused() throws {
        let request = try request()
        var response = try answer(request, index: indexLine(certificate), "-resp_no_certs")
        response[response.endIndex - 1] ^= 1
        #expect(
            code { () throws(RevocationError) in try request.judge(response: response, at: now()) } == .badSignature)
        #expect(code { () throws(RevocationError) in try request.judge(response: [], at: now()) } == .malformed)
    }

    @Test func staleAndFutureAnswersAreRefused() throws {
        let request = try request()
        let response = try answer(request, index: indexLine(certificate), "-nmin", "10")
        let produced = try OCSPResponse(response).producedAt
        let judgement = try request.judge(response: response, at: produced)
        let end = try #require(judgement.nextUpdate) + 300
        let judged = { (time: Int64) in
            code { () throws(RevocationError) in try request.judge(response: response, at: time) }
        }
        #expect(judged(end) == nil)
        #expect(judged(end + 1) == .stale)
        #expect(judged(produced - 300) == nil)
        #expect(judged(judgement.thisUpdate - 301) == .notYetCurrent)
        // Without nextUpdate it counts for an hour.
        let open = try answer(request, index: indexLine(certificate))
        let openEnd = try request.judge(response: open, at: now()).thisUpdate + 3_600 + 300
        #expect(code { () throws(RevocationError) in try request.judge(response: open, at: openEnd) } == nil)
        #expect(code { () throws(RevocationError) in try request.judge(response: open, at: openEnd + 1) } == .stale)
    }

    @Test func anAnswerBelongsToItsQuestion() throws {
        let first = try request()
        let second = try request()
        #expect(first.nonce != second.nonce && first.nonce.count == 32)
        let response = try answer(first, index: indexLine(certificate))
        #expect(
            code { () throws(RevocationError) in try second.judge(response: response, at: now()) } == .nonceMismatch)
        let plain = try authority.answer(authority.plainQuestion(certificate), index: indexLine(certificate))
        #expect(try OCSPResponse(plain).nonce == nil)
        #expect(code { () throws(RevocationError) in try first.judge(response: plain, at: now()) } == nil)

        let other = try authority.facts("p384")
        let about = try OCSPRequest(certificate: other, issuer: authority.root)
        #expect(code { () throws(RevocationError) in try about.judge(response: plain, at: now()) } == .otherCertificate)
    }

    /// OCSPResponses with a responseStatus and nothing else, and "successful" without the answer that belongs to it.
    @Test func aRefusalIsNoAnswer() throws {
        let words: [UInt8: String] = [
            1: "malformed-request", 2: "internal-error", 3: "try-later", 4: "status-4", 5: "signature-required",
            6: "unauthorized",
        ]
        for (status, word) in words {
            let error = #expect(throws: RevocationError(.refused)) {
                try OCSPResponse([0x30, 0x03, 0x0A, 0x01, status])
            }
            #expect(error?.detail == word)
        }
        #expect(throws: RevocationError(.malformed)) { try OCSPResponse([0x30, 0x03, 0x0A, 0x01, 0]) }
    }

    @Test func aRevokedSignerIsToldByTheVerifier() throws {
        let cms = try authority.signature("p256", over: [1])
        let request = try request()
        let index = indexLine(certificate, revoked: "250102030405Z")
        let evidence = RevocationEvidence.ocsp(try answer(request, index: index))
        let trust = TrustStore(certificates: [authority.root.der])
        let report = CAdESVerifier(trust: trust).verify(cms, at: now(), evidence: [evidence])
        #expect(report.signers.first?.reasons.map(\.text) == ["REVOKED_NO_POE: certificate-revoked"])
        let good = RevocationEvidence.ocsp(try answer(request, index: indexLine(certificate)))
        #expect(CAdESVerifier(trust: trust).verify(cms, at: now(), evidence: [good]).conclusion == .valid)
    }

    @Test func eachByteFlippedAndEachTruncationIsSurvived() throws {
        let request = try request()
        var response = try answer(request, index: indexLine(certificate))
        for index in response.indices {
            response[index] ^= 0x81
            _ = code { () throws(RevocationError) in try request.judge(response: response, at: now()) }
            response[index] ^= 0x81
            let part = Array(response.prefix(index))
            #expect(code { () throws(RevocationError) in try request.judge(response: part, at: now()) } != nil)
        }
    }
}
