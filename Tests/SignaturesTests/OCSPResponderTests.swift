// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Signatures

/// An issuer may answer for itself, and so may a responder that it has certified for that (RFC 6960, 4.2.2.2).
@Suite(.timeLimit(.minutes(1)))
struct OCSPResponderTests {
    private let authority: TestAuthority
    private let certificate: CertificateFacts
    private let request: OCSPRequest

    init() throws {
        authority = try TestAuthority.shared.get()
        certificate = try authority.facts("p256")
        request = try OCSPRequest(certificate: certificate, issuer: authority.root)
    }

    /// The fault of an answer that one of the certificates here gave; nil where it has none.
    private func fault(_ signer: String, _ options: String..., at time: Int64? = nil) throws -> RevocationError? {
        let index = authority.indexLine(certificate)
        let response = try authority.answer(request.der, index: index, signer: signer, options)
        do throws(RevocationError) {
            let now = Int64(Date().timeIntervalSince1970)
            let judgement = try request.judge(response: response, at: time ?? now)
            #expect(judgement.status == .good)
            return nil
        } catch {
            return error
        }
    }

    @Test func aResponderThatTheIssuerCertifiedMayAnswer() throws {
        try authority.makeKey("responder", "p256")
        let responder = try authority.issue(
            "responder", key: "responder", subject: "/CN=Yanıtlayıcı", extensions: "responder")
        #expect(responder.unknownCriticalExtensions.isEmpty && responder.extendedKeyUsage == ["1.3.6.1.5.5.7.3.9"])
        #expect(try fault("responder") == nil)
        #expect(try fault("responder", "-resp_key_id") == nil)
        #expect(try fault("responder", "-resp_no_certs")?.detail == "no-certificate")
    }

    @Test func aCertificateThatIsNotForAnsweringMayNotAnswer() throws {
        #expect(try fault("p384")?.detail == "key-usage")
        try authority.makeKey("mute", "p256")
        try authority.issue("mute", key: "mute", subject: "/CN=M", extensions: "mute")
        #expect(try fault("mute") == RevocationError(.unauthorisedSigner, "key-usage"))
        #expect(try fault("mute")?.detail == "key-usage")
    }

    @Test func aStrangersResponderMayNotAnswer() throws {
        try authority.makeKey("foreign", "p256")
        try TestAuthority.selfSigned("foreign", subject: "/CN=F", extensions: "responder", in: authority.folder)
        #expect(try fault("foreign") == RevocationError(.unauthorisedSigner))
        #expect(try fault("foreign")?.detail == "issuer")
    }

    /// Only the very issuer gives the right to answer: neither another one of his name nor one below him.
    @Test func anotherAuthorityCannotCertifyTheResponder() throws {
        try authority.makeKey("twin", "p256")
        try TestAuthority.selfSigned("twin", subject: "/C=TR/O=E-Onay/CN=Deneme Kök Sağlayıcısı", in: authority.folder)
        #expect(try authority.facts("twin").subject == authority.root.subject)
        try authority.makeKey("below-twin", "p256")
        try authority.issue("below-twin", key: "below-twin", subject: "/CN=T", extensions: "responder", by: "twin")
        #expect(try fault("below-twin") == RevocationError(.unauthorisedSigner))
        #expect(try fault("below-twin")?.detail == "issuer-signature")

        try authority.makeKey("middle", "p256")
        try authority.issue("middle", key: "middle", subject: "/CN=Orta", extensions: "sub")
        try authority.makeKey("below-middle", "p256")
        try authority.issue(
            "below-middle", key: "below-middle", subject: "/CN=O", extensions: "responder", by: "middle")
        #expect(try fault("below-middle")?.detail == "issuer")
    }

    @Test func aResponderAnswersOnlyWhileItsCertificateIsValid() throws {
        try authority.makeKey("short", "p256")
        let short = try authority.issue(
            "short", key: "short", subject: "/CN=Kısa", extensions: "responder", days: 1)
        #expect(try fault("short", "-ndays", "9", at: short.notAfter) == nil)
        #expect(try fault("short", "-ndays", "9", at: short.notAfter + 1)?.detail == "out-of-time")
    }
}
