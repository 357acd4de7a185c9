// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Signatures

/// Answers made by the openssl program's own responder, from files.
struct OCSPTests {
    private let authority: TestAuthority
    private let certificate: CertificateFacts

    init() throws {
        authority = try TestAuthority.shared.get()
        certificate = try authority.facts("p256")
    }

    /// The serial number as the index of `openssl ca` has it.
    private func indexLine(_ facts: CertificateFacts, revoked: String? = nil) -> String {
        let state = revoked.map { "R\t350101000000Z\t\($0)" } ?? "V\t350101000000Z\t"
        return "\(state)\t\(facts.serialNumber.uppercased())\tunknown\t/CN=x\n"
    }

    private func answer(
        _ request: OCSPRequest, index: String, signer: String = "root", _ options: String...
    ) throws -> [UInt8] {
        let output = try authority.write([], as: "response.der")
        try Tool.run(
            "/usr/bin/openssl", debianPackage: "openssl",
            [
                "ocsp", "-index", authority.write(Array(index.utf8), as: "index.txt"), "-CA",
                authority.path("root.crt"),
                "-rsigner", authority.path("\(signer).crt"), "-rkey", authority.path("\(signer).key"), "-reqin",
                authority.write(request.der, as: "request.der"), "-respout", output, "-rmd", "sha256",
            ] + options)
        return try Array(Data(contentsOf: URL(filePath: output)))
    }

    private func now() -> Int64 { Int64(Date().timeIntervalSince1970) }

    private func request(withNonce: Bool = true) throws -> OCSPRequest {
        try OCSPRequest(certificate: certificate, issuer: authority.root, withNonce: withNonce)
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

    @Test func aResponderThatTheIssuerCertifiedMayAnswer() throws {
        try authority.makeKey("responder", "p256")
        let responder = try authority.issue(
            "responder", key: "responder", subject: "/CN=Yanıtlayıcı", extensions: "responder")
        #expect(responder.unknownCriticalExtensions.isEmpty && responder.extendedKeyUsage == ["1.3.6.1.5.5.7.3.9"])
        let request = try request()
        let index = indexLine(certificate)
        #expect(
            try request.judge(response: answer(request, index: index, signer: "responder"), at: now()).status == .good)
        let byKey = try answer(request, index: index, signer: "responder", "-resp_key_id")
        #expect(try request.judge(response: byKey, at: now()).status == .good)
        let bare = try answer(request, index: index, signer: "responder", "-resp_no_certs")
        #expect(
            code { () throws(RevocationError) in try request.judge(response: bare, at: now()) } == .unauthorisedSigner)
    }

    @Test func othersMayNotAnswer() throws {
        let request = try request()
        // A leaf of the same issuer without id-kp-OCSPSigning, and a stranger with it.
        let leaf = try answer(request, index: indexLine(certificate), signer: "p384")
        #expect(
            code { () throws(RevocationError) in try request.judge(response: leaf, at: now()) } == .unauthorisedSigner)
        try authority.makeKey("foreign", "p256")
        try TestAuthority.selfSigned("foreign", subject: "/CN=F", extensions: "responder", in: authority.folder)
        let foreign = try answer(request, index: indexLine(certificate), signer: "foreign")
        #expect(
            code { () throws(RevocationError) in try request.judge(response: foreign, at: now()) }
                == .unauthorisedSigner)
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
        #expect(first.nonce != second.nonce && first.nonce?.count == 32)
        let response = try answer(first, index: indexLine(certificate))
        #expect(
            code { () throws(RevocationError) in try second.judge(response: response, at: now()) } == .nonceMismatch)
        let plain = try answer(request(withNonce: false), index: indexLine(certificate))
        #expect(try OCSPResponse(plain).nonce == nil)
        #expect(code { () throws(RevocationError) in try first.judge(response: plain, at: now()) } == nil)
        #expect(
            code { () throws(RevocationError) in
                try first.judge(response: plain, at: now(), requiresNonce: true)
            } == .nonceMismatch)

        let other = try authority.facts("p384")
        let about = try OCSPRequest(certificate: other, issuer: authority.root, withNonce: false)
        #expect(code { () throws(RevocationError) in try about.judge(response: plain, at: now()) } == .otherCertificate)
    }

    @Test func aRefusalIsNoAnswer() throws {
        // OCSPResponse with responseStatus tryLater (3) and nothing else.
        let later: [UInt8] = [0x30, 0x03, 0x0A, 0x01, 0x03]
        #expect(throws: RevocationError(.refused)) { try OCSPResponse(later) }
    }

    @Test func aRevokedSignerIsToldByTheVerifier() throws {
        let cms = try authority.signature("p256", over: [1])
        let request = try request()
        let index = indexLine(certificate, revoked: "250102030405Z")
        let evidence = RevocationEvidence.ocsp(try answer(request, index: index))
        let trust = TrustStore(certificates: [authority.root.der])
        let report = CAdESVerifier(trust: trust).verify(cms, at: now(), evidence: [evidence])
        #expect(report.signers.first?.reasons.map(\.text) == ["REVOKED_NO_POE: certificate-revoked"])
        let strict = CAdESVerifier(trust: trust, requiresRevocation: true)
        #expect(
            strict.verify(cms, at: now()).signers.first?.reasons.map(\.text) == ["TRY_LATER: revocation-unknown"])
        let good = RevocationEvidence.ocsp(try answer(request, index: indexLine(certificate)))
        #expect(strict.verify(cms, at: now(), evidence: [good]).conclusion == .valid)
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
