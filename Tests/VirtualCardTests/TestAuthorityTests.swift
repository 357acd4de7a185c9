// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

/// Certificates are judged by OpenSSL, which did not make them.
@Suite(.timeLimit(.minutes(1))) struct TestAuthorityTests {
    private static let now = CardOnBench.now

    private static func openssl(_ arguments: [String], input: [UInt8] = []) async throws -> Finished {
        try await run(Programs.find("openssl", package: "openssl"), arguments, input: input)
    }

    private static func text(_ certificate: [UInt8]) async throws -> String {
        let options = ["x509", "-inform", "DER", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus"]
        return try await openssl(options, input: certificate).check().text
    }

    private static func structure(_ certificate: [UInt8]) async throws -> String {
        try await openssl(["asn1parse", "-inform", "DER"], input: certificate).check().text
    }

    @Test(arguments: TestAuthority.Family.allCases, [CardKeyType.rsa2048, .p256, .p384])
    func aNESVerifiesUnderItsChain(family: TestAuthority.Family, keyType: CardKeyType) async throws {
        let authority = try TestAuthority(family, now: Self.now)
        let nes = try authority.issue(CertificateRequest(keyType: keyType), now: Self.now)
        #expect(try await Self.verify(nes, authority, at: Self.now).succeeded)
    }

    private static func verify(
        _ issued: IssuedCertificate, _ authority: TestAuthority, at moment: Int64
    ) async throws -> Finished {
        let folder = try TemporaryFolder()
        let root = try folder.write("root.pem", authority.root.pem)
        let issuer = try folder.write("issuer.pem", authority.issuer.pem)
        return try await openssl([
            "verify", "-x509_strict", "-attime", "\(moment)", "-CAfile", root, "-untrusted", issuer,
            try folder.write("certificate.pem", issued.pem),
        ])
    }

    @Test func aNESLooksLikeKamuSMs() async throws {
        let addresses = AuthorityAddresses(
            ocsp: "http://127.0.0.1:1/ocsp", crl: "http://127.0.0.1:1/crl", issuer: "http://127.0.0.1:1/issuer.crt")
        let authority = try TestAuthority(now: Self.now, addresses: addresses)
        let nes = try authority.issue(now: Self.now)
        let text = try await Self.text(nes.certificate)
        for part in [
            "Subject: C=TR,serialNumber=10000000146,CN=Şükrü İğdırlı", "Signature Algorithm: ecdsa-with-SHA384",
            "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation\n",
            "Policy: 2.16.792.1.2.1.1.5.7.1.1\n", "CA:FALSE", "URI:http://127.0.0.1:1/crl",
            "OCSP - URI:http://127.0.0.1:1/ocsp", "CA Issuers - URI:http://127.0.0.1:1/issuer.crt",
            "Not Before: Jan 14 00:00:00 2026 GMT", "Not After : Jan 13 00:00:00 2029 GMT",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(!text.contains("Extended Key Usage"))
        let lines = try await Self.structure(nes.certificate).split(separator: "\n")
        #expect(lines.contains { $0.contains("PRINTABLESTRING") && $0.hasSuffix(":10000000146") })
        #expect(lines.contains { $0.contains("UTF8STRING") && $0.hasSuffix(":Şükrü İğdırlı") })
    }

    @Test func theNoticeIsInSixteenBitLettersAndTheStatementsInTheirOrder() async throws {
        let nes = try CardOnBench.certificate().certificate
        func bytes(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }
        #expect(contains(nes, bytes("5070 sayılı Elektronik İmza Kanununa")))
        let compliance: [UInt8] = [0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x01]
        let law: [UInt8] = [0x06, 0x0B, 0x60, 0x86, 0x18, 0x01, 0x3D, 0x00, 0x01, 0xA7, 0x4E, 0x01, 0x01]
        let first = try #require(index(nes, of: compliance))
        let second = try #require(index(nes, of: law))
        #expect(first < second)
        #expect(index(nes, of: Array("nitelikli elektronik sertifikadır.".utf8)) ?? 0 > second)
    }

    @Test(arguments: IssuedKind.allCases)
    func eachKindIsWrongInItsOneWay(kind: IssuedKind) async throws {
        let authority = try CardOnBench.authority.get()
        let issued = try CardOnBench.certificate(kind)
        let text = try await Self.text(issued.certificate)
        let verdict = try await Self.verify(issued, authority, at: Self.now).description
        let compliance: [UInt8] = [0x04, 0x00, 0x8E, 0x46, 0x01, 0x01]
        let law: [UInt8] = [0x60, 0x86, 0x18, 0x01, 0x3D, 0x00, 0x01, 0xA7, 0x4E]
        #expect(verdict.contains("certificate has expired") == (kind == .expired))
        #expect(verdict.contains("not yet valid") == (kind == .notYetValid))
        #expect(verdict.contains("signature failure") == [.forgedSignature, .forgedIssuer].contains(kind))
        let isPersonal = ![.companySeal, .companyCipher, .authentication].contains(kind)
        #expect(text.contains("Non Repudiation") == (isPersonal && kind != .noNonRepudiation))
        #expect(contains(issued.certificate, compliance) == (isPersonal && kind != .noETSIStatement))
        #expect(
            contains(issued.certificate, law + [0x01, 0x01])
                == (isPersonal && ![.noBTKStatement, .seal].contains(kind)))
        #expect(contains(issued.certificate, law + [0x01, 0x03]) == (kind == .institutionalSeal))
        #expect(contains(issued.certificate, law + [0x02, 0x01]) == (kind == .seal))
        #expect(contains(issued.certificate, law + [0x02, 0x02]) == (kind == .seal))
        #expect(text.contains("2.16.792.1.2.1.1.5.7.1.4.1") == (kind == .test))
        #expect(text.contains("2.16.792.1.2.1.1.5.7.1.10") == (kind == .seal))
    }

    @Test func timesAndHolderAreTheRequests() async throws {
        let authority = try CardOnBench.authority.get()
        let request = CertificateRequest(
            for: .isil, notBefore: Self.now - 1, notAfter: Self.now + 12 * 86_400 + 1)
        let text = try await Self.text(authority.issue(request, now: Self.now).certificate)
        #expect(text.contains("Not Before: Jan 14 23:59:59 2026 GMT"))
        #expect(text.contains("Not After : Jan 27 00:00:01 2026 GMT"))
        #expect(text.contains("serialNumber=19090909018,CN=Işıl Çağla Öztürk"))
    }

    @Test func anAuthorityIsReadBackAsItWasWritten() async throws {
        let folder = try TemporaryFolder()
        let authority = try TestAuthority(.rsa, now: Self.now)
        try authority.write(to: folder.file("ca"))
        let read = try TestAuthority(folder: folder.file("ca"))
        #expect(read.root.certificate == authority.root.certificate)
        let nes = try read.issue(now: Self.now)
        #expect(try await Self.verify(nes, authority, at: Self.now).succeeded)
    }

    @Test func aRealResponderAnswersForIt() async throws {
        let authority = try CardOnBench.authority.get()
        let responder = try authority.issueResponder(now: Self.now)
        let text = try await Self.text(responder.certificate)
        #expect(text.contains("OCSP Signing") && text.contains("OCSP No Check"))
        #expect(try await Self.verify(responder, authority, at: Self.now).succeeded)
    }

    private func index(_ bytes: [UInt8], of part: [UInt8]) -> Int? {
        (0...(bytes.count - part.count)).first { bytes[$0...].starts(with: part) }
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool { index(bytes, of: part) != nil }
}
