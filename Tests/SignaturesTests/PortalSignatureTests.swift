// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@testable import Signatures

@Suite(.timeLimit(.minutes(1)))
struct PortalSignatureTests {
    private func fault(_ bytes: [UInt8]) -> SignatureFault? {
        do throws(SignatureReason) {
            _ = try PortalSignature.open(bytes)
            return nil
        } catch {
            return error.fault
        }
    }

    /// The fault of a signature that is right but for one thing.
    private func fault(_ key: String = "p256", _ change: (inout SignatureForge) throws -> Void) throws
        -> SignatureFault?
    {
        var forge = try SignatureForge(TestAuthority.shared.get(), key: key)
        try change(&forge)
        return try fault(forge.made())
    }

    @Test(arguments: ["rsa2048", "p256"]) func anUnchangedForgeryIsNoForgery(_ key: String) throws {
        #expect(try fault(key) { _ in } == nil)
    }

    @Test func bytesThatAreNoSignatureAreToldApart() throws {
        #expect(fault([]) == .malformed)
        #expect(fault([UInt8](repeating: 0x30, count: 1_000)) == .malformed)
        #expect(fault([UInt8](repeating: 0, count: PortalSignature.maximumLength + 1)) == .tooLarge)
        let data = DERWriter.sequence(
            DERWriter.objectIdentifier(.data),
            DERWriter.element(DERTag.contextConstructed(0), DERWriter.octetString([1])))
        #expect(fault(data) == .notSignedData)
        #expect(try fault(TestAuthority.shared.get().facts("p256").der) == .malformed)
    }

    @Test func twoSignersAreRefused() throws {
        #expect(try fault { $0.copies = 2 } == .notOneSigner)
        #expect(try fault { $0.copies = 0 } == .noSigner)
    }

    @Test func contentMustBeAttachedData() throws {
        #expect(try fault { $0.isAttached = false } == .notAttached)
        #expect(try fault { $0.contentType = ObjectIdentifier(1, 2, 840, 113549, 1, 9, 16, 1, 4) } == .notData)
    }

    @Test func indefiniteLengthsAreNotDER() throws {
        let authority = try TestAuthority.shared.get()
        let text = try authority.write(Array("E-ONAY/1\n".utf8), as: "text")
        let streamed = try Tool.openssl(
            "cms", "-sign", "-binary", "-cades", "-nodetach", "-stream", "-outform", "DER", "-in", text, "-signer",
            authority.path("p256.crt"), "-inkey", authority.path("p256.key"), "-md", "sha256")
        #expect(streamed[1] == 0x80 && fault(streamed) == .notDER)
    }

    @Test func lengthsInMoreOctetsThanNeededAreNotDER() throws {
        let der = try SignatureForge(TestAuthority.shared.get(), key: "p256").made()
        #expect(der[1] == 0x82)
        #expect(fault([0x30, 0x83, 0] + der[2...]) == .notDER)
        #expect(fault(der + [0]) == .malformed)
    }

    @Test func sha1IsRefused() throws {
        #expect(try fault("rsa2048") { $0.digest = .sha1 } == .digestWeak)
    }

    @Test func weakRSAIsRefused() throws {
        let authority = try TestAuthority.shared.get()
        try authority.makeKey("rsa-weak", "rsa1024")
        try authority.issue("rsa-weak", key: "rsa-weak")
        #expect(try fault("rsa-weak") { _ in } == .keyWeak)
    }

    @Test func aPointThatIsNotOnItsCurveIsRefused() throws {
        #expect(
            try fault { forge in
                var der = forge.certificate.der
                let key = try #require(der.firstRange(of: forge.certificate.publicKeyInfo))
                der[key.upperBound - 1] ^= 1
                forge.certificate = try CertificateFacts.read(der: der)
            } == .keyInvalid)
    }

    @Test func zeroNumbersInTheValueAreRefused() throws {
        let one = DERWriter.integer(1)
        let zero = DERWriter.integer(0)
        for value in [DERWriter.sequence(zero, zero), DERWriter.sequence(zero, one), DERWriter.sequence(one, zero)] {
            #expect(try fault { $0.editValue = { _ in value } } == .signatureMismatch)
        }
        #expect(
            try fault("rsa2048") { $0.editValue = { [UInt8](repeating: 0, count: $0.count) } } == .signatureMismatch)
    }

    @Test func eachSignedAttributeMustBeThereOnce() throws {
        let missing: [SignatureFault] = [
            .contentTypeMissing, .messageDigestMissing, .signingTimeMissing, .signingCertificateMissing,
        ]
        for (index, expected) in missing.enumerated() {
            #expect(
                try fault { $0.edit = { $0.enumerated().filter { $0.offset != index }.map(\.element) } } == expected)
            #expect(try fault { $0.edit = { $0 + [$0[index]] } } == .attributeRepeated)
        }
        #expect(
            try fault { forge in
                let twice = DERWriter.octetString(forge.digest.hash(forge.content))
                forge.edit = { [$0[0], SignatureForge.attribute(.messageDigest, twice, twice), $0[2], $0[3]] }
            } == .attributeRepeated)
    }

    @Test func attributesOutOfOrderAreNotDER() throws {
        #expect(
            try fault {
                $0.sorts = false
                $0.edit = { $0.sorted { $1.lexicographicallyPrecedes($0) } }
            } == .notDER)
    }

    @Test func aReferenceToAnotherCertificateIsRefused() throws {
        let other = try TestAuthority.shared.get().facts("p384")
        #expect(
            try fault { $0.edit = { $0.prefix(3) + [SignatureForge.reference(other, version: 2)] } }
                == .certificateMismatch)
    }

    @Test func theFirstVersionOfTheReferenceIsRefused() throws {
        #expect(
            try fault { forge in
                let certificate = forge.certificate
                forge.edit = { $0.prefix(3) + [SignatureForge.reference(certificate, version: 1)] }
            } == .versionOneReference)
    }

    @Test func whatTheSignatureDoesNotCoverMustBeAsExpected() throws {
        #expect(try fault { $0.version = 3 } == .notDER)
        let stamp = SignatureForge.attribute(.signatureTimeStamp, DERWriter.null)
        #expect(
            try fault { $0.unsignedAttributes = DERWriter.element(DERTag.contextConstructed(1), stamp) }
                == .unexpectedParts)
        let sha512 = ObjectIdentifier(1, 2, 840, 10045, 4, 3, 4)
        #expect(
            try fault { $0.signatureAlgorithm = AlgorithmIdentifier.encoded(sha512) } == .algorithmMismatch)
    }

    @Test func anotherTextThanTheOneSignedIsAMismatch() throws {
        #expect(
            try fault { forge in
                let digest = DERWriter.octetString(forge.digest.hash([1]))
                forge.edit = { [$0[0], SignatureForge.attribute(.messageDigest, digest), $0[2], $0[3]] }
            } == .digestMismatch)
    }

    @Test func theCertificateIsJudgedInTheContractsOrder() throws {
        let authority = try TestAuthority.shared.get()
        let trust = TrustStore(certificates: [authority.root.der])
        let text = Array("E-ONAY/1\n".utf8)
        let good = try PortalSignature.open(authority.signature("p256", over: text))
        let now = good.certificate.notBefore
        let chain = try good.judgeCertificate(trust: trust, at: now)
        #expect(chain == [good.certificate, authority.root])
        #expect(try good.judgeCertificate(trust: trust, at: good.certificate.notAfter) == chain)

        // An unqualified one from nobody known: first its time is judged, then its issuer, then its statements.
        try authority.makeKey("stranger", "p256")
        try TestAuthority.selfSigned("stranger", subject: "/CN=Yabancı", extensions: "plain", in: authority.folder)
        let strange = try PortalSignature.open(authority.signature("stranger", over: text))
        let end = strange.certificate.notAfter
        #expect(throws: SignatureReason(.expired)) { try strange.judgeCertificate(trust: trust, at: end + 1) }
        #expect(throws: SignatureReason(.notYetValid)) { try strange.judgeCertificate(trust: trust, at: 0) }
        #expect(throws: SignatureReason(.untrustedIssuer)) {
            try strange.judgeCertificate(trust: trust, at: end)
        }
        try authority.makeKey("restricted", "p256")
        try authority.issue("restricted", key: "restricted", extensions: "limited")
        let limited = try PortalSignature.open(authority.signature("restricted", over: text))
        #expect(throws: SignatureReason(.notQualified, "usage-restricted")) {
            try limited.judgeCertificate(trust: trust, at: limited.certificate.notBefore)
        }
    }
}
