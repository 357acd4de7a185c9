// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@testable import Signatures

/// One name in two spellings (RFC 5280, 7.1), and every place where that matters.
@Suite(.timeLimit(.minutes(2)))
struct NameComparisonTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority.shared.get()
    }

    private static func attribute(_ type: ObjectIdentifier, _ text: [UInt8], _ tag: UInt8) -> [UInt8] {
        DERWriter.sequence(DERWriter.objectIdentifier(type), DERWriter.element(tag, text))
    }

    private static func name(_ attributes: [UInt8]...) throws -> DistinguishedName {
        let bytes = DERWriter.element(DERTag.sequence, attributes.flatMap { DERWriter.setOf([$0]) })
        return try DistinguishedName(DERReader.single(bytes[...], tag: DERTag.sequence))
    }

    private static func common(_ text: String, _ tag: UInt8 = DERTag.utf8String) throws -> DistinguishedName {
        let octets =
            switch tag {
            case DERTag.bmpString: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            case DERTag.universalString:
                text.unicodeScalars.flatMap { scalar in [24, 16, 8, 0].map { UInt8(scalar.value >> $0 & 0xFF) } }
            default: Array(text.utf8)
            }
        return try name(attribute(.commonName, octets, tag))
    }

    @Test func stringTypesCaseAndBlanksMakeNoDifference() throws {
        let plain = try Self.common("SubRoot A1", DERTag.printableString)
        for tag in [
            DERTag.utf8String, DERTag.bmpString, DERTag.universalString, DERTag.teletexString, DERTag.ia5String,
        ] {
            #expect(try plain.names(Self.common("SubRoot A1", tag)))
        }
        for text in [
            "subroot a1", "SUBROOT A1", " SubRoot A1", "SubRoot A1  ", "SubRoot \t  A1", "SubRoot\u{A0}A1",
            "Sub\u{AD}Root A1", "Sub\u{200B}Root A1",
        ] { #expect(try plain.names(Self.common(text))) }
        for text in ["SubRootA1", "SubRoot A2", "SubRoot A 1", "Sub Root A1", "", "SubRoot A1."] {
            #expect(try !plain.names(Self.common(text)))
        }
        #expect(try Self.common("Şükrü Çağ", DERTag.bmpString).names(Self.common("ŞÜKRÜ ÇAĞ")))
        // Composed and decomposed letters are one.
        #expect(try Self.common("ş").names(Self.common("s\u{327}")))
        // Unicode's case, not Turkey's.
        #expect(try Self.common("IŞIK").names(Self.common("işik")) && !Self.common("IŞIK").names(Self.common("ışık")))
    }

    @Test func brokenTextsAreEqualOctetByOctetAlone() throws {
        let (first, second) = (
            try Self.name(Self.attribute(.commonName, [0xFF], DERTag.utf8String)),
            try Self.name(Self.attribute(.commonName, [0xFE], DERTag.utf8String))
        )
        #expect(first.names(first) && !first.names(second))
        let odd = try Self.name(Self.attribute(.commonName, [0, 0x41, 0], DERTag.bmpString))
        #expect(try !odd.names(Self.common("A")) && odd.names(odd))
        #expect(try !Self.common("1").names(Self.name(Self.attribute(.commonName, [1], DERTag.integer))))
    }

    @Test func typeOrderAndNumberOfAttributesMatter() throws {
        let (a, b) = (
            Self.attribute(.commonName, [0x41], DERTag.utf8String), Self.attribute(.surname, [0x41], DERTag.utf8String)
        )
        #expect(try !Self.name(a).names(Self.name(b)) && !Self.name(a, b).names(Self.name(b, a)))
        #expect(try !Self.name(a).names(Self.name(a, a)) && !Self.name(a).names(Self.name()))
    }

    /// A name with each text as a string of another type, its ASCII letters in capitals, with blanks around it.
    private func respelt(_ name: DistinguishedName) throws -> [UInt8] {
        var parts: [UInt8] = []
        var reader = DERReader(try DERReader.single(name.der[...], tag: DERTag.sequence).content)
        while !reader.isAtEnd {
            var set = DERReader(try reader.next().content)
            var pair = DERReader(try set.next().content)
            let type = try pair.objectIdentifier()
            let text = try #require(DERString.text(pair.next()))
            let capitals = text.map { $0.isASCII ? $0.uppercased() : "\($0)" }.joined()
            let units = "  \(capitals) ".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            parts += DERWriter.setOf([Self.attribute(type, units, DERTag.bmpString)])
        }
        return DERWriter.element(DERTag.sequence, parts)
    }

    @Test func theIssuerInTheSignedReferenceMayBeSpeltOtherwise() throws {
        let leaf = try authority.facts("p256")
        let verifier = CAdESVerifier(trust: TrustStore(certificates: [authority.root.der]))
        func reference(_ issuer: [UInt8]) -> [UInt8] {
            let pair = DERWriter.sequence(
                DERWriter.sequence(DERWriter.element(DERTag.contextConstructed(4), issuer)),
                DERWriter.element(DERTag.integer, leaf.serialOctets))
            let reference = DERWriter.sequence(DERWriter.octetString(DigestAlgorithm.sha256.hash(leaf.der)), pair)
            return SignatureForge.attribute(
                .signingCertificateV2, DERWriter.sequence(DERWriter.sequence(reference)))
        }
        var forge = try SignatureForge(authority, key: "p256")
        let other = try respelt(leaf.issuer)
        #expect(other != leaf.issuer.der)
        forge.edit = { $0.prefix(3) + [reference(other)] }
        #expect(try verifier.verify(forge.made(), at: leaf.notBefore).conclusion == .valid)
        // A portal takes it, too, also where the container spells the issuer as what is signed does; but no third spelling,
        // which anybody could have put there.
        #expect(try PortalSignature.open(forge.made()).certificate == leaf)
        forge.issuerName = other
        #expect(try verifier.verify(forge.made(), at: leaf.notBefore).conclusion == .valid)
        #expect(try PortalSignature.open(forge.made()).certificate == leaf)
        forge.edit = { $0.prefix(3) + [reference(leaf.issuer.der)] }
        #expect(try verifier.verify(forge.made(), at: leaf.notBefore).conclusion == .valid)
        #expect(throws: SignatureReason.self) { try PortalSignature.open(forge.made()) }
        forge.issuerName = nil
        let stranger = try Self.common("Başka").der
        forge.edit = { $0.prefix(3) + [reference(stranger)] }
        let report = try verifier.verify(forge.made(), at: leaf.notBefore)
        #expect(report.signers.first?.reasons.map(\.fault) == [.certificateMismatch])
    }

    @Test func theIssuerOfAListMayBeSpeltOtherwise() throws {
        var forge = RevocationListForge(authority)
        forge.issuerName = try respelt(authority.root.subject)
        let list = try RevocationList(forge.made(), issuer: authority.root)
        #expect(try list.judgement(of: authority.facts("p256"), at: list.thisUpdate).status == .good)
        forge.issuerName = try Self.common("Başka").der
        #expect(throws: RevocationError(.otherCertificate)) {
            try RevocationList(forge.made(), issuer: authority.root)
        }
    }

    @Test func aDistributionPointsNameMayBeSpeltOtherwise() throws {
        let named = try authority.issue("point-spelt", key: "p256", extensions: "partition")
        var forge = RevocationListForge(authority)
        for (text, tag) in [("PARTITION  1", DERTag.utf8String), ("Partition 1", DERTag.printableString)] {
            forge.scope = RevocationListForge.point(RevocationListForge.directoryName(text, tag: tag))
            let list = try RevocationList(forge.made(), issuer: authority.root)
            #expect(try list.judgement(of: named, at: list.thisUpdate).status == .good)
        }
    }

    /// A responder names itself, and the issuer by a hash of its name: as the issuer's own certificate spells it.
    @Test func aResponderMayBeNamedInAnotherSpelling() throws {
        let leaf = try authority.facts("p256")
        let answer = try authority.answer(
            authority.plainQuestion(leaf), index: authority.indexLine(leaf), ["-ndays", "1"])
        let now = Int64(Date().timeIntervalSince1970)
        #expect(try OCSPResponse(answer).judgement(of: leaf, issuer: authority.root, at: now).status == .good)
        // The same answer, its responderID respelt and signed anew.
        var outer = DERReader(try DERReader.single(answer[...], tag: DERTag.sequence).content)
        _ = try outer.next()
        var bytes = DERReader(try DERReader.single(outer.next().content, tag: DERTag.sequence).content)
        _ = try bytes.next()
        var basic = DERReader(try DERReader.single(bytes.octetString(), tag: DERTag.sequence).content)
        var data = DERReader(try basic.next(DERTag.sequence).content)
        _ = try data.next(DERTag.contextConstructed(1))
        let name = DERWriter.element(DERTag.contextConstructed(1), try respelt(authority.root.subject))
        let signed = DERWriter.sequence(name, Array(data.rest))
        let value = try Tool.openssl(
            "dgst", "-sha256", "-sign", authority.path("root.key"), authority.write(signed, as: "answer.tbs"))
        let algorithm = AlgorithmIdentifier.encoded(try #require(SignatureAlgorithm.identifier(.ecdsa, .sha256)))
        let made = DERWriter.sequence(signed, algorithm, DERWriter.element(DERTag.bitString, [0] + value))
        let shell = DERWriter.sequence(DERWriter.objectIdentifier(.ocspBasic), DERWriter.octetString(made))
        let whole = DERWriter.sequence(
            [DERTag.enumerated, 1, 0], DERWriter.element(DERTag.contextConstructed(0), shell))
        #expect(try OCSPResponse(whole).judgement(of: leaf, issuer: authority.root, at: now).status == .good)
    }
}
