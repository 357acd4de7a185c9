// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemBasics
import Testing

@testable import Signatures

@Suite(.timeLimit(.minutes(1)))
struct SignatureDraftTests {
    private static let content = Array("E-ONAY/1\nPortal: https://portal.example.org\nAmaç: giriş\n".utf8)
    static let keyNames = TestAuthority.keys.map(\.name)

    @Test(arguments: keyNames) func opensslAcceptsItAsCAdES(_ key: String) throws {
        let authority = try TestAuthority.shared.get()
        let cms = try authority.signature(key, over: Self.content)
        let signature = try authority.write(cms, as: "signature.p7s")
        let output = try Tool.openssl(
            "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", signature, "-CAfile",
            authority.path("root.crt"), "-purpose", "any")
        #expect(output == Self.content)
    }

    @Test(arguments: keyNames) func ourPortalOpensIt(_ key: String) throws {
        let authority = try TestAuthority.shared.get()
        let opened = try PortalSignature.open(authority.signature(key, over: Self.content, at: 1_800_000_000))
        #expect(opened.content == Self.content && opened.signingTime == 1_800_000_000)
        let facts = try authority.facts(key)
        #expect(opened.certificate == facts)
    }

    @Test func theDigestFollowsTheKey() throws {
        let authority = try TestAuthority.shared.get()
        for (key, length) in [("p256", 32), ("p384", 48), ("p521", 64)] {
            let draft = try SignatureDraft(content: [], certificate: authority.facts(key), signingTime: 0)
            guard case .ecdsa(let digest) = draft.input else { throw Tool.Failure(description: "no digest") }
            #expect(digest.count == length)
        }
        let draft = try SignatureDraft(content: [], certificate: authority.facts("rsa3072"), signingTime: 0)
        guard case .rsaPKCS1(let digestInfo) = draft.input else { throw Tool.Failure(description: "no DigestInfo") }
        // RFC 8017, 9.2, note 1: the fixed octets before a SHA-256 digest.
        #expect(Hexadecimal.text(digestInfo.prefix(19)) == "3031300d060960864801650304020105000420")
        #expect(digestInfo.count == 51)
    }

    @Test(arguments: ["rsa2048", "p256"]) func aValueOfAnotherKeyIsFoundOut(_ key: String) throws {
        let authority = try TestAuthority.shared.get()
        let draft = try SignatureDraft(content: Self.content, certificate: authority.facts(key), signingTime: 0)
        var value = try authority.sign(draft.input, key: key)
        #expect(try !draft.finish(rawSignature: value).isEmpty)
        value[10] ^= 1
        let wrong = SignatureDraftError(code: .wrongSignature, detail: "")
        #expect(throws: wrong) { try draft.finish(rawSignature: value) }
        #expect(throws: wrong) { try draft.finish(rawSignature: []) }
        #expect(throws: wrong) { try draft.finish(rawSignature: [UInt8](repeating: 0, count: value.count)) }
    }

    @Test func aWeakKeyIsNotSignedWith() throws {
        let authority = try TestAuthority.shared.get()
        try authority.makeKey("rsa1024", "rsa1024")
        let weak = try authority.issue("rsa1024", key: "rsa1024")
        #expect(throws: SignatureDraftError(code: .unsupportedKey, detail: "")) {
            try SignatureDraft(content: [], certificate: weak, signingTime: 0)
        }
    }

    /// The whole container, octet by octet: what a portal opens has only one encoding.
    @Test(arguments: ["rsa2048", "p256", "p384"]) func eachChangedByteIsRefusedByUs(_ key: String) throws {
        let authority = try TestAuthority.shared.get()
        var cms = try authority.signature(key, over: Self.content)
        var survivors: [Int] = []
        for index in cms.indices {
            for flip: UInt8 in [0x01, 0x80] {
                cms[index] ^= flip
                if (try? PortalSignature.open(cms)) != nil { survivors.append(index) }
                cms[index] ^= flip
            }
        }
        #expect(survivors.isEmpty)
        #expect(throws: Never.self) { try PortalSignature.open(cms) }
    }

    /// Text, attributes, certificate and value, by openssl.
    @Test(arguments: ["rsa2048", "p256", "p384"]) func aChangedByteIsRefusedByOpenSSL(_ key: String) throws {
        let authority = try TestAuthority.shared.get()
        let cms = try authority.signature(key, over: Self.content)
        let facts = try authority.facts(key)
        let text = try #require(cms.firstRange(of: Array("giriş".utf8)))
        let certificate = try #require(cms.firstRange(of: facts.der))
        let time = try #require(cms.firstRange(of: DERTime.encoded(1_800_000_000)))
        for index in [text.lowerBound, certificate.upperBound - 3, time.lowerBound + 8, cms.endIndex - 3] {
            var changed = cms
            changed[index] ^= 1
            let path = try authority.write(changed, as: "changed.p7s")
            #expect(throws: Tool.Failure.self) {
                try Tool.openssl(
                    "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", path, "-CAfile",
                    authority.path("root.crt"), "-purpose", "any")
            }
        }
    }
}
