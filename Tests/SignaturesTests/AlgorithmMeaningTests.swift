// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

@testable import Signatures

/// One algorithm, named twice in two spellings: RFC 5280, 4.1.1.2, compares what is meant.
///
/// TÜBİTAK's test authorities all write NULL on one side of their lists and nothing on the other.
@Suite(.timeLimit(.minutes(2)))
struct AlgorithmMeaningTests {
    private let authority: TestAuthority
    private static let rsa = SignatureAlgorithm.identifier(.rsaPKCS1, .sha256)!
    private static let withNull = AlgorithmIdentifier.encoded(rsa, null: true)
    private static let withoutNull = AlgorithmIdentifier.encoded(rsa)

    init() throws {
        authority = try TestAuthority.shared.get()
    }

    /// PSS with SHA-256, salt length and trailer as given or left out.
    private static func pss(salt: UInt8?, trailer: UInt8? = nil, null: Bool = false) -> [UInt8] {
        let digest = AlgorithmIdentifier.encoded(DigestAlgorithm.sha256.identifier, null: null)
        let mask = DERWriter.sequence(DERWriter.objectIdentifier(.mgf1), digest)
        func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
            DERWriter.element(DERTag.contextConstructed(number), content)
        }
        let parameters = DERWriter.sequence(
            field(0, digest), field(1, mask), salt.map { field(2, DERWriter.integer($0)) } ?? [],
            trailer.map { field(3, DERWriter.integer($0)) } ?? [])
        return DERWriter.sequence(DERWriter.objectIdentifier(.rsaPSS), parameters)
    }

    private func identifier(_ encoded: [UInt8]) throws -> AlgorithmIdentifier {
        try AlgorithmIdentifier(DERReader.single(encoded[...], tag: DERTag.sequence))
    }

    private func means(_ left: [UInt8], _ right: [UInt8]) throws -> Bool {
        let (left, right) = (try identifier(left), try identifier(right))
        #expect(left.means(right) == right.means(left))
        return left.means(right)
    }

    @Test func absentAndNullParametersAreOne() throws {
        #expect(try means(Self.withNull, Self.withoutNull))
        let other = AlgorithmIdentifier.encoded(SignatureAlgorithm.identifier(.rsaPKCS1, .sha384)!)
        #expect(try !means(Self.withNull, other))
        let odd = DERWriter.sequence(DERWriter.objectIdentifier(Self.rsa), DERWriter.integer(1))
        #expect(try !means(Self.withNull, odd) && means(odd, odd))
    }

    @Test func defaultsOfPSSAreOneWithTheSameSpeltOut() throws {
        let bare = Self.pss(salt: nil)
        for same in [
            Self.pss(salt: 20), Self.pss(salt: nil, trailer: 1), Self.pss(salt: 20, trailer: 1, null: true),
        ] { #expect(try means(bare, same)) }
        #expect(try !means(bare, Self.pss(salt: 32)))
        #expect(try !means(bare, Self.pss(salt: 20, trailer: 2)))
        // All defaults: SHA-1, spelt out or not at all.
        let nothing = AlgorithmIdentifier.encoded(.rsaPSS)
        let empty = DERWriter.sequence(DERWriter.objectIdentifier(.rsaPSS), DERWriter.sequence())
        #expect(try means(nothing, empty) && !means(nothing, bare))
        #expect(try !means(nothing, AlgorithmIdentifier.encoded(.rsaPSS, null: true)))
    }

    /// Under a name of its own, since tests run beside each other.
    private func rsaIssuer(_ name: String) throws -> CertificateFacts {
        try authority.makeKey(name, "rsa2048")
        return try TestAuthority.selfSigned(name, subject: "/C=TR/CN=SubRoot A1", in: authority.folder)
    }

    @Test func aListThatNamesItsAlgorithmInTwoSpellingsIsRead() throws {
        let issuer = try rsaIssuer("lists-rsa")
        try authority.makeKey("listed", "p256")
        let leaf = try authority.issue("listed", key: "listed", by: "lists-rsa")
        var forge = RevocationListForge(authority)
        forge.issuer = "lists-rsa"
        forge.entries = [.init(serial: leaf.serialOctets, reason: 1)]
        let (null, none) = (Self.withNull, Self.withoutNull)
        for algorithms in [(null, none), (none, null), (none, none), (null, null)] {
            forge.algorithms = algorithms
            let list = try RevocationList(forge.made(), issuer: issuer)
            #expect(
                try list.judgement(of: leaf, at: list.thisUpdate).status
                    == .revoked(at: 1_700_000_000, reason: 1))
        }
        forge.options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:20"]
        for algorithms in [
            (Self.pss(salt: nil), Self.pss(salt: 20, trailer: 1)),
            (Self.pss(salt: 20), Self.pss(salt: nil, null: true)),
        ] {
            forge.algorithms = algorithms
            #expect(throws: Never.self) { try RevocationList(forge.made(), issuer: issuer) }
        }
        forge.algorithms = (Self.pss(salt: 32), Self.pss(salt: 20))
        #expect(throws: RevocationError(.malformed)) { try RevocationList(forge.made(), issuer: issuer) }
        forge.algorithms = (none, AlgorithmIdentifier.encoded(SignatureAlgorithm.identifier(.rsaPKCS1, .sha384)!))
        #expect(throws: RevocationError(.malformed)) { try RevocationList(forge.made(), issuer: issuer) }
    }

    /// The list in SignedData.crls: nobody else would tell of the revocation.
    @Test func aSignerWhomSuchAListRevokesIsNotValid() throws {
        let issuer = try rsaIssuer("signers-rsa")
        try authority.makeKey("revoked-signer", "p256")
        let leaf = try authority.issue("revoked-signer", key: "revoked-signer", by: "signers-rsa")
        var forge = try SignatureForge(authority, key: "revoked-signer")
        let verifier = CAdESVerifier(trust: TrustStore(certificates: [issuer.der]))
        #expect(try verifier.verify(forge.made(), at: leaf.notBefore + 60).conclusion == .valid)
        var list = RevocationListForge(authority)
        list.issuer = "signers-rsa"
        list.algorithms = (Self.withoutNull, Self.withNull)
        list.entries = [.init(serial: leaf.serialOctets, since: leaf.notBefore)]
        forge.revocation = try list.made()
        let report = try verifier.verify(forge.made(), at: leaf.notBefore + 60)
        #expect(report.conclusion == .indeterminate)
        #expect(report.signers.first?.reasons.map(\.text) == ["REVOKED_NO_POE: certificate-revoked"])
    }

    /// The outer identifier is not signed, so it can be written anew by whoever passes the certificate on.
    @Test func aCertificateThatNamesItsAlgorithmInTwoSpellingsLeadsToItsIssuer() throws {
        let issuer = try rsaIssuer("spelt-rsa")
        try authority.makeKey("spelt", "p256")
        let leaf = try authority.issue("spelt", key: "spelt", by: "spelt-rsa")
        func rewritten(_ outer: [UInt8]) throws -> CertificateFacts {
            var parts = DERReader(try DERReader.single(leaf.der[...], tag: DERTag.sequence).content)
            let body = Array(try parts.next().encoding)
            _ = try parts.next()
            return try CertificateFacts.read(der: DERWriter.sequence(body, outer, Array(parts.rest)))
        }
        let trust = TrustStore(certificates: [issuer.der])
        let other = try rewritten(Self.withoutNull)
        #expect(other.id != leaf.id)
        #expect(try trust.chain(for: other, at: leaf.notBefore).map(\.id) == [other.id, issuer.id])
        #expect(throws: Never.self) { try other.structure().check(signedBy: issuer) }
        let wrong = try rewritten(AlgorithmIdentifier.encoded(SignatureAlgorithm.identifier(.rsaPKCS1, .sha384)!))
        #expect(throws: SignatureReason.self) { try trust.chain(for: wrong, at: leaf.notBefore) }
        #expect(throws: RevocationError(.malformed)) { try wrong.structure() }
    }

    @Test func algorithmProtectionComparesMeanings() throws {
        func protection(_ signature: [UInt8], digestNull: Bool) throws -> [UInt8] {
            let content = try DERReader.single(signature[...], tag: DERTag.sequence).content
            let value = DERWriter.sequence(
                AlgorithmIdentifier.encoded(DigestAlgorithm.sha256.identifier, null: digestNull),
                DERWriter.element(DERTag.contextConstructed(1), content))
            return SignatureForge.attribute(.algorithmProtection, value)
        }
        let verifier = CAdESVerifier(trust: TrustStore(certificates: [authority.root.der]))
        let now = try authority.facts("rsa2048").notBefore
        var forge = try SignatureForge(authority, key: "rsa2048")
        for (attribute, conclusion) in [
            (try protection(Self.withoutNull, digestNull: true), Conclusion.valid),
            (try protection(Self.withNull, digestNull: false), .valid),
            (try protection(AlgorithmIdentifier.encoded(.rsaEncryption), digestNull: false), .invalid),
        ] {
            forge.edit = { $0 + [attribute] }
            #expect(try verifier.verify(forge.made(), at: now).conclusion == conclusion)
        }
    }

    /// The parameters that openssl writes with a salt of 20 octets: they leave the default out.
    @Test func aSignatureByPSSWithTheDefaultSaltIsValid() throws {
        let path = try authority.write([1, 2, 3], as: "text")
        let cms = try Tool.run(
            "/usr/bin/openssl", debianPackage: "openssl",
            [
                "cms", "-sign", "-binary", "-outform", "DER", "-in", path, "-signer", authority.path("rsa2048.crt"),
                "-inkey", authority.path("rsa2048.key"), "-cades", "-nodetach", "-keyopt", "rsa_padding_mode:pss",
                "-keyopt", "rsa_pss_saltlen:20",
            ])
        let verifier = CAdESVerifier(trust: TrustStore(certificates: [authority.root.der]))
        #expect(try verifier.verify(cms, at: authority.facts("rsa2048").notBefore).conclusion == .valid)
    }
}
