// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@testable import Signatures

/// Signatures of another program, openssl, and what EN 319 102-1 calls each fault.
@Suite(.timeLimit(.minutes(1)))
struct CAdESVerifierTests {
    private static let text = Array("Sözleşme\nİmza\n".utf8)

    /// The signature that `openssl cms -sign` makes of the text with these further options.
    private func opensslSignature(_ options: String..., key: String = "rsa2048", pem: Bool = false) throws -> [UInt8] {
        let authority = try TestAuthority.shared.get()
        let path = try authority.write(Self.text, as: "text")
        return try Tool.run(
            "/usr/bin/openssl", debianPackage: "openssl",
            [
                "cms", "-sign", "-binary", "-outform", pem ? "PEM" : "DER", "-in", path, "-signer",
                authority.path("\(key).crt"), "-inkey", authority.path("\(key).key"),
            ] + options)
    }

    private func report(
        _ cms: [UInt8], content: [UInt8]? = nil, at time: Int64? = nil, certificates: [[UInt8]] = [],
        evidence: [RevocationEvidence] = []
    ) throws -> SignatureReport {
        let authority = try TestAuthority.shared.get()
        let verifier = CAdESVerifier(trust: TrustStore(certificates: [authority.root.der]))
        let now = try authority.facts("rsa2048").notBefore + 86_400
        return verifier.verify(cms, content: content, at: time ?? now, certificates: certificates, evidence: evidence)
    }

    private func texts(_ report: SignatureReport) -> [String] {
        (report.reasons + report.signers.flatMap(\.reasons)).map(\.text)
    }

    @Test(arguments: TestAuthority.keys.map(\.name)) func ourOwnSignaturesAreValid(_ key: String) throws {
        let authority = try TestAuthority.shared.get()
        let report = try report(authority.signature(key, over: Self.text))
        #expect(report.conclusion == .valid && texts(report) == [])
        #expect(report.content == Self.text && report.contentType == "1.2.840.113549.1.7.1")
        let signer = try #require(report.signers.first)
        #expect(
            signer.level == .baselineB && signer.signingTime == 1_800_000_000 && signer.notes == [.revocationUnknown])
        #expect(signer.chain.map(\.holder) == ["ŞÜKRÜ ĞIİ Çalışkanöz", "Deneme Kök Sağlayıcısı"])
        #expect(signer.revocation == nil)
    }

    @Test func othersAttachedDetachedStreamedAndArmouredAreValid() throws {
        for key in ["rsa2048", "p256", "p384"] {
            #expect(try report(opensslSignature("-cades", "-nodetach", key: key)).conclusion == .valid)
            #expect(try report(opensslSignature("-cades", key: key), content: Self.text).conclusion == .valid)
        }
        let streamed = try opensslSignature("-cades", "-nodetach", "-stream")
        #expect(streamed[1] == 0x80)
        let report = try report(streamed)
        #expect(report.conclusion == .valid && report.content == Self.text)
        #expect(try self.report(opensslSignature("-cades", "-nodetach", pem: true)).conclusion == .valid)
        #expect(try self.report(opensslSignature("-cades", "-nodetach", "-keyid")).conclusion == .valid)
        let pss = try opensslSignature("-cades", "-nodetach", "-keyopt", "rsa_padding_mode:pss")
        #expect(try self.report(pss).conclusion == .valid)
    }

    @Test func eachSignerIsJudgedByHimself() throws {
        let authority = try TestAuthority.shared.get()
        try authority.makeKey("second", "p384")
        try authority.issue("second", key: "second", extensions: "plain")
        let both = try opensslSignature(
            "-cades", "-nodetach", "-signer", authority.path("second.crt"), "-inkey", authority.path("second.key"))
        let report = try report(both)
        #expect(report.signers.count == 2 && report.conclusion == .indeterminate)
        #expect(Set(report.signers.map(\.conclusion)) == [.valid, .indeterminate])
        let second = try #require(report.signers.first { $0.conclusion != .valid })
        #expect(second.digest == "sha-256" && second.certificate?.keyType == .ecP384)
        #expect(second.reasons.allSatisfy { $0.subIndication == .chainConstraintsFailure })
    }

    @Test func aDetachedSignatureNeedsItsContent() throws {
        let detached = try opensslSignature("-cades")
        #expect(try texts(report(detached)) == ["SIGNED_DATA_NOT_FOUND: content-missing"])
        let other = try report(detached, content: [1, 2, 3])
        #expect(other.conclusion == .invalid && texts(other) == ["HASH_FAILURE: digest-mismatch"])
        let attached = try opensslSignature("-cades", "-nodetach")
        #expect(try texts(report(attached, content: [1])) == ["HASH_FAILURE: content-differs"])
    }

    @Test func aChangedValueIsACryptoFailure() throws {
        var cms = try TestAuthority.shared.get().signature("rsa2048", over: Self.text)
        cms[cms.endIndex - 1] ^= 1
        let report = try report(cms)
        #expect(report.conclusion == .invalid && texts(report) == ["SIG_CRYPTO_FAILURE: signature-mismatch"])
    }

    @Test func withoutSigningCertificateItIsNoCAdES() throws {
        let report = try report(opensslSignature("-nodetach"))
        #expect(report.conclusion == .indeterminate)
        #expect(texts(report) == ["SIG_CONSTRAINTS_FAILURE: signing-certificate-missing"])
        #expect(report.signers.first?.level == SignerReport.Level.none)
        #expect(
            try texts(self.report(opensslSignature("-nodetach", "-noattr")))
                == ["SIG_CONSTRAINTS_FAILURE: signed-attributes-missing"])
    }

    @Test func bothVersionsOfTheReferenceAreTaken() throws {
        var forge = try SignatureForge(TestAuthority.shared.get(), key: "p256")
        let certificate = forge.certificate
        forge.edit = { $0.prefix(3) + [SignatureForge.reference(certificate, version: 1)] }
        #expect(try report(forge.made()).conclusion == .valid)
        forge.edit = { $0 + [SignatureForge.reference(certificate, version: 1)] }
        #expect(try report(forge.made()).conclusion == .valid)
        let other = try TestAuthority.shared.get().facts("p384")
        forge.edit = { $0 + [SignatureForge.reference(other, version: 1)] }
        #expect(try texts(report(forge.made())) == ["NO_SIGNING_CERTIFICATE_FOUND: certificate-mismatch"])
    }

    @Test func withoutSigningTimeItIsBES() throws {
        var forge = try SignatureForge(TestAuthority.shared.get(), key: "p256")
        forge.edit = { [$0[0], $0[1], $0[3]] }
        let report = try report(forge.made())
        #expect(report.conclusion == .valid && report.signers.first?.level == .basic)
        #expect(report.signers.first?.signingTime == nil)
    }

    @Test func theSignersCertificateMayComeFromElsewhere() throws {
        let bare = try opensslSignature("-cades", "-nodetach", "-nocerts")
        let authority = try TestAuthority.shared.get()
        #expect(try texts(report(bare)) == ["NO_SIGNING_CERTIFICATE_FOUND: certificate-missing"])
        let der = try authority.facts("rsa2048").der
        #expect(try report(bare, certificates: [der]).conclusion == .valid)
    }

    @Test func timeAndIssuerAreToldApart() throws {
        let authority = try TestAuthority.shared.get()
        let facts = try authority.facts("p256")
        let cms = try authority.signature("p256", over: Self.text)
        #expect(try report(cms, at: facts.notAfter).conclusion == .valid)
        #expect(
            try texts(report(cms, at: facts.notAfter + 1)) == ["OUT_OF_BOUNDS_NO_POE: certificate-expired"])
        #expect(
            try texts(report(cms, at: facts.notBefore - 1)) == ["OUT_OF_BOUNDS_NO_POE: certificate-not-yet-valid"])
        let nobody = CAdESVerifier(trust: TrustStore(certificates: [])).verify(cms, at: facts.notAfter + 1)
        #expect(
            texts(nobody) == [
                "OUT_OF_BOUNDS_NO_POE: certificate-expired", "NO_CERTIFICATE_CHAIN_FOUND: untrusted-issuer",
            ])
        #expect(nobody.conclusion == .indeterminate)
    }

    @Test func weakDigestsAndKeysAreIndeterminate() throws {
        var forge = try SignatureForge(TestAuthority.shared.get(), key: "rsa2048")
        forge.digest = .sha1
        #expect(try texts(report(forge.made())) == ["CRYPTO_CONSTRAINTS_FAILURE: digest-weak"])
        let authority = try TestAuthority.shared.get()
        try authority.makeKey("rsa-small", "rsa1024")
        try authority.issue("rsa-small", key: "rsa-small")
        let small = try report(SignatureForge(authority, key: "rsa-small").made())
        #expect(
            texts(small) == [
                "CRYPTO_CONSTRAINTS_FAILURE: key-weak", "CRYPTO_CONSTRAINTS_FAILURE: chain-weak",
            ])
    }

    @Test func theAlgorithmsThatTheSignatureProtectsMustBeTheOnesUsed() throws {
        let authority = try TestAuthority.shared.get()
        func protection(_ digest: DigestAlgorithm) throws -> [UInt8] {
            let scheme = try #require(SignatureAlgorithm.identifier(.ecdsa, .sha256))
            let value = DERWriter.sequence(
                AlgorithmIdentifier.encoded(digest.identifier),
                DERWriter.element(DERTag.contextConstructed(1), DERWriter.objectIdentifier(scheme)))
            return SignatureForge.attribute(.algorithmProtection, value)
        }
        var forge = try SignatureForge(authority, key: "p256")
        let right = try protection(.sha256)
        forge.edit = { $0 + [right] }
        #expect(try report(forge.made()).conclusion == .valid)
        let wrong = try protection(.sha384)
        forge.edit = { $0 + [wrong] }
        #expect(try texts(report(forge.made())) == ["FORMAT_FAILURE: algorithm-mismatch (algorithm-protection)"])
    }

    @Test func bytesThatAreNoSignatureAreAFormatFailure() throws {
        #expect(try texts(report([])) == ["FORMAT_FAILURE: not-cms"])
        #expect(try report(Array("hello".utf8)).conclusion == .invalid)
        #expect(try report([0x30, 0x80]).conclusion == .invalid)
        let deep = Array(repeating: [0x30, 0x80] as [UInt8], count: 2_000).flatMap(\.self)
        #expect(try texts(report(deep)) == ["FORMAT_FAILURE: not-cms"])
        var forge = try SignatureForge(TestAuthority.shared.get(), key: "p256")
        forge.copies = 0
        #expect(try texts(report(forge.made())) == ["FORMAT_FAILURE: no-signer"])
        forge.copies = SignedData.maximumSigners + 1
        #expect(try texts(report(forge.made())) == ["FORMAT_FAILURE: too-many-parts"])
    }

    @Test func whatIsNoSignatureIsToldFromABrokenOne() throws {
        let certificate = try TestAuthority.shared.get().facts("p256").der
        let data = DERWriter.sequence(
            DERWriter.objectIdentifier(.data),
            DERWriter.element(DERTag.contextConstructed(0), DERWriter.octetString([1])))
        let pem = Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        for (bytes, fault) in [
            ([], SignatureFault.notCMS), (Array("%PDF-1.7\n".utf8), .notCMS), (Array("0\u{1}text".utf8), .notCMS),
            (certificate, .notCMS), (pem, .notCMS), (data, .notSignedData),
            (Array("-----BEGIN PKCS7-----\n!!!!\n-----END PKCS7-----\n".utf8), .malformed),
            (Array(try TestAuthority.shared.get().signature("p256", over: Self.text).prefix(100)), .malformed),
        ] {
            #expect(try report(bytes).reasons.map(\.fault) == [fault])
        }
        // A byte order mark before the armour is an editor's.
        let armoured = try opensslSignature("-cades", "-nodetach", pem: true)
        #expect(try report([0xEF, 0xBB, 0xBF] + armoured).conclusion == .valid)
    }

    @Test func blankOctetsAfterTheEndArePassedOver() throws {
        for cms in [
            try TestAuthority.shared.get().signature("p256", over: Self.text),
            try opensslSignature("-cades", "-nodetach", "-stream"),
        ] {
            for end in [[0], [0x0A], [0x0D, 0x0A], [0, 0, 0, 0, 0x0A]] as [[UInt8]] {
                #expect(try report(cms + end).conclusion == .valid)
            }
            #expect(try report(cms + [0x20]).reasons.map(\.fault) == [.malformed])
            #expect(try report(cms + [0, 1]).reasons.map(\.fault) == [.malformed])
            // A portal keeps what it is given, and takes nothing but the signature.
            #expect(throws: SignatureReason.self) { try PortalSignature.open(cms + [0]) }
        }
    }

    @Test func plainDataIsAnOctetString() throws {
        var forge = try SignatureForge(TestAuthority.shared.get(), key: "p256")
        for tag in [DERTag.utf8String, DERTag.sequence, DERTag.context(0), 0x24] as [UInt8] {
            forge.encodedContent = DERWriter.element(tag, forge.content)
            #expect(try report(forge.made()).reasons.map(\.fault) == [.malformed])
        }
        // PKCS #7 put other types there bare, as Authenticode still does.
        forge.contentType = ObjectIdentifier(1, 3, 6, 1, 4, 1, 311, 2, 1, 4)
        forge.content = DERWriter.octetString([1, 2])
        forge.encodedContent = DERWriter.element(DERTag.sequence, forge.content)
        #expect(try report(forge.made()).conclusion == .valid)
    }

    @Test func attributesWrittenInAnotherOrderThanSignedAreTakenWithANote() throws {
        var forge = try SignatureForge(TestAuthority.shared.get(), key: "p256")
        #expect(try report(forge.made()).signers.first?.notes == [.revocationUnknown])
        forge.writes = { $0.reversed() }
        let other = try report(forge.made())
        #expect(other.conclusion == .valid && other.signers.first?.notes.first == .attributesUnsorted)
        #expect(throws: SignatureReason.self) { try PortalSignature.open(forge.made()) }
        // Signed as they are written: not the standard's way, and the same attributes.
        forge.sorts = false
        forge.edit = { $0.reversed() }
        let written = try report(forge.made())
        #expect(written.conclusion == .valid && written.signers.first?.notes.first == .attributesUnsorted)
    }

    @Test func whatWasNotLookedIntoIsNoted() throws {
        var forge = try SignatureForge(TestAuthority.shared.get(), key: "p256")
        for (type, note) in [
            (ObjectIdentifier.signatureTimeStamp, SignatureNote.timeStampUnjudged),
            (.timeStamps[4], .timeStampUnjudged), (.counterSignature, .counterSignatureUnjudged),
        ] {
            forge.unsignedAttributes = DERWriter.element(
                DERTag.contextConstructed(1), SignatureForge.attribute(type, DERWriter.sequence()))
            #expect(try report(forge.made()).signers.first?.notes == [.revocationUnknown, note])
        }
    }

    /// As with certificates: any damage ends in a report, and none in "valid" where the signature covers it.
    @Test(arguments: ["rsa2048", "p384"]) func eachByteFlippedAndEachTruncationEndInAReport(_ key: String) throws {
        let authority = try TestAuthority.shared.get()
        let trust = TrustStore(certificates: [authority.root.der])
        let verifier = CAdESVerifier(trust: trust)
        var cms = try authority.signature(key, over: Self.text)
        let now = try authority.facts(key).notBefore
        let covered = try #require(cms.firstRange(of: Self.text))
        for index in cms.indices {
            cms[index] ^= 0x81
            let report = verifier.verify(cms, at: now)
            if covered.contains(index) { #expect(report.conclusion == .invalid) }
            cms[index] ^= 0x81
            #expect(verifier.verify(Array(cms.prefix(index)), at: now).conclusion == .invalid)
        }
    }
}
