// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Signatures

@Suite(.timeLimit(.minutes(1)))
struct PEMTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func base64IsDecodedExactly() {
        #expect(PEMText.base64(bytes("")) == [])
        #expect(PEMText.base64(bytes("Zg==")) == bytes("f"))
        #expect(PEMText.base64(bytes("Zm8=")) == bytes("fo"))
        #expect(PEMText.base64(bytes("Zm9v YmFy")) == bytes("foobar"))
        #expect(PEMText.base64(bytes("+/+/")) == [0xFB, 0xFF, 0xBF])
        for wrong in ["Z", "Zg", "Zg=", "Zg===", "Z===", "Zg=a", "Zm9*"] {
            #expect(PEMText.base64(bytes(wrong)) == nil)
        }
    }

    @Test func everyCertificateOfATextIsRead() throws {
        let authority = try TestAuthority.shared.get()
        let first = try Tool.openssl("x509", "-in", authority.path("root.crt"), "-text")
        let second = try Tool.openssl("x509", "-in", authority.path("p256.crt"))
        let windows = second.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        let all = try CertificateFacts.readAll(first + windows)
        #expect(all.map(\.holder) == ["Deneme Kök Sağlayıcısı", "ŞÜKRÜ ĞIİ Çalışkanöz"])
    }

    @Test func brokenArmourIsRefused() {
        let block = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
        for text in [
            "", "hello", String(block.dropLast(30)), block.replacing("END CERTIFICATE", with: "END OTHER"),
            block.replacing("MAA=", with: "M*"), block.replacing("CERTIFICATE", with: "PRIVATE KEY"),
        ] {
            #expect(throws: CertificateError(code: .badArmour, detail: "")) {
                try CertificateFacts.readAll(bytes(text))
            }
        }
        #expect(throws: CertificateError(code: .malformed, detail: "")) { try CertificateFacts.readAll(bytes(block)) }
    }
}
