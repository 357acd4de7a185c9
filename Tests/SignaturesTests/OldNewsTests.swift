// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Testing

@testable import Signatures

/// A revocation stays true however old the news is, and whichever list of the issuer's tells it; a hold may be over.
@Suite(.timeLimit(.minutes(2)))
struct OldNewsTests {
    private let authority: TestAuthority
    private let leaf: CertificateFacts
    private var serial: [UInt8] { leaf.serialOctets }
    private static let year: Int64 = 365 * 86_400

    init() throws {
        authority = try TestAuthority.shared.get()
        leaf = try authority.facts("p256")
    }

    private func list(
        _ reasons: [UInt8?], at thisUpdate: Int64 = 1_800_000_000, scope: [UInt8]? = nil, isDelta: Bool = false
    ) throws -> RevocationEvidence {
        var forge = RevocationListForge(authority)
        forge.thisUpdate = thisUpdate
        forge.nextUpdate = thisUpdate + 86_400
        forge.entries = reasons.map { .init(serial: serial, reason: $0) }
        forge.scope = scope
        forge.isDelta = isDelta
        return .crl(try forge.made())
    }

    private func status(_ evidence: RevocationEvidence..., at time: Int64 = 1_800_000_000) -> RevocationJudgement
        .Status?
    {
        RevocationJudgement.best(of: evidence, on: leaf, issuer: authority.root, at: time)?.status
    }

    private func revoked(_ reason: Int?) -> RevocationJudgement.Status { .revoked(at: 1_700_000_000, reason: reason) }

    @Test(arguments: [nil, 0, 1, 2, 3, 4, 5, 9, 10] as [UInt8?]) func anOldListThatRevokesCounts(reason: UInt8?) throws
    {
        let old = try list([reason])
        for time in [1_800_000_000, 1_800_000_000 + Self.year, 1_800_000_000 - Self.year] {
            #expect(status(old, at: time) == revoked(reason.map { Int($0) }))
        }
    }

    @Test func goodAndHoldAreAskedToBeFresh() throws {
        let (hold, good) = (try list([6]), try list([]))
        #expect(status(hold) == revoked(6) && status(good) == .good)
        #expect(status(hold)?.isHold == true && revoked(1).isHold == false)
        #expect(status(hold, at: 1_800_000_000 + Self.year) == nil)
        #expect(status(good, at: 1_800_000_000 + Self.year) == nil)
    }

    @Test func aNewerGoodEndsAHoldAndNoRevocation() throws {
        let newer = try list([], at: 1_800_000_600)
        #expect(status(try list([6]), newer, at: 1_800_000_600) == .good)
        #expect(status(newer, try list([6], at: 1_800_001_200), at: 1_800_001_200) == revoked(6))
        #expect(status(try list([1]), newer, at: 1_800_000_600) == revoked(1))
        #expect(status(try list([]), try list([6])) == revoked(6))
    }

    @Test func theWorstEntryOfAListCounts() throws {
        #expect(status(try list([6, 1])) == revoked(1))
        #expect(status(try list([1, 6])) == revoked(1))
        #expect(status(try list([1, 8])) == revoked(1))
        #expect(status(try list([6, 8])) == revoked(6))
    }

    @Test func aDeltaListRevokesSuspendsAndReleases() throws {
        #expect(status(try list([1], isDelta: true)) == revoked(1))
        #expect(status(try list([1], isDelta: true), at: 1_800_000_000 + Self.year) == revoked(1))
        #expect(status(try list([6], isDelta: true)) == revoked(6))
        // Its silence says nothing.
        #expect(status(try list([], isDelta: true)) == nil)
        let base = try list([6])
        #expect(status(base, try list([8], at: 1_800_000_600, isDelta: true), at: 1_800_000_600) == .good)
        #expect(status(base, try list([], at: 1_800_000_600, isDelta: true), at: 1_800_000_600) == revoked(6))
        // An old release does not outlive what it was a release from.
        let old = try list([8], at: 1_800_000_600 - Self.year, isDelta: true)
        #expect(status(base, old) == revoked(6))
    }

    @Test func aListForAnotherPartRevokesAndProvesNothingElse() throws {
        let elsewhere = RevocationListForge.point(RevocationListForge.address("http://127.0.0.1:1/other.crl"))
        for scope in [elsewhere, [0x83, 2, 6, 0x40], [0x84, 1, 0xFF], [0x82, 1, 0xFF]] {
            #expect(status(try list([1], scope: scope)) == revoked(1))
            #expect(status(try list([], scope: scope)) == nil)
        }
        #expect(status(try list([6], scope: elsewhere)) == revoked(6))
        // Numbers of attribute certificates are others.
        #expect(status(try list([1], scope: [0x85, 1, 0xFF])) == nil)
    }

    @Test func anIndirectListSpeaksOfTheIssuerThatItsEntriesName() throws {
        let other = try authority.facts("p384").subject.der
        var forge = RevocationListForge(authority)
        forge.scope = [0x84, 1, 0xFF]
        let ours = authority.root.subject.der
        for (entries, expected) in [
            ([RevocationListForge.Entry(serial: serial, certificateIssuer: other)], nil),
            ([.init(serial: [7], certificateIssuer: other), .init(serial: serial)], nil),
            (
                [.init(serial: [7], certificateIssuer: other), .init(serial: serial, certificateIssuer: ours)],
                revoked(nil)
            ),
            ([.init(serial: serial), .init(serial: [7], certificateIssuer: other)], revoked(nil)),
        ] {
            forge.entries = entries
            #expect(status(.crl(try forge.made())) == expected)
        }
        // In a list that is not indirect, nobody can tell what such an entry means.
        forge.scope = nil
        forge.entries = [.init(serial: serial, certificateIssuer: ours)]
        #expect(status(.crl(try forge.made())) == nil)
    }

    @Test func anOldAnswerThatRevokesCounts() throws {
        let question = authority.plainQuestion(leaf)
        let now = Int64(Date().timeIntervalSince1970)
        func answer(_ revoked: String?) throws -> RevocationEvidence {
            .ocsp(try authority.answer(question, index: authority.indexLine(leaf, revoked: revoked), ["-nmin", "5"]))
        }
        let (revoked, held) = (
            try answer("250102030405Z,keyCompromise"), try answer("250102030405Z,certificateHold")
        )
        #expect(status(revoked, at: now + Self.year) == .revoked(at: 1_735_787_045, reason: 1))
        #expect(status(held, at: now) == .revoked(at: 1_735_787_045, reason: 6))
        #expect(status(held, at: now + Self.year) == nil)
        #expect(status(try answer(nil), at: now + Self.year) == nil)
    }

    /// The responder's own certificate has ended since; it had not when it answered.
    @Test func anOldAnswerOfAResponderThatHasExpiredCounts() throws {
        try authority.makeKey("old-responder", "p256")
        let responder = try authority.issue(
            "old-responder", key: "old-responder", subject: "/CN=Eski", extensions: "responder", days: 1)
        let question = authority.plainQuestion(leaf)
        let evidence = RevocationEvidence.ocsp(
            try authority.answer(
                question, index: authority.indexLine(leaf, revoked: "250102030405Z"), signer: "old-responder"))
        #expect(status(evidence, at: responder.notAfter + 86_400) == .revoked(at: 1_735_787_045, reason: nil))
        let good = RevocationEvidence.ocsp(
            try authority.answer(question, index: authority.indexLine(leaf), signer: "old-responder", ["-ndays", "9"]))
        #expect(status(good, at: responder.notAfter - 60) == .good)
        #expect(status(good, at: responder.notAfter + 60) == nil)
    }

    @Test func aSuspendedSignerIsToldAsSuchByTheVerifier() throws {
        let verifier = CAdESVerifier(trust: TrustStore(certificates: [authority.root.der]))
        let now = leaf.notBefore + 60
        let cms = try authority.signature("p256", over: [1])
        var forge = RevocationListForge(authority)
        (forge.thisUpdate, forge.nextUpdate) = (now, now + 60)
        forge.entries = [.init(serial: serial, since: now - 30, reason: 6)]
        let report = verifier.verify(cms, at: now, evidence: [.crl(try forge.made())])
        #expect(report.signers.first?.reasons.map(\.text) == ["TRY_LATER: certificate-suspended"])
        #expect(report.conclusion == .indeterminate)
    }

    /// ETSI TS 101 733, 6.3.4: lists and bare answers in an attribute that nothing covers.
    @Test func whatComesInRevocationValuesIsHeard() throws {
        let verifier = CAdESVerifier(trust: TrustStore(certificates: [authority.root.der]))
        var forge = try SignatureForge(authority, key: "p256")
        let now = leaf.notBefore + 60
        func report(_ values: [UInt8]) throws -> SignerReport {
            let attribute = SignatureForge.attribute(.revocationValues, values)
            forge.unsignedAttributes = DERWriter.element(DERTag.contextConstructed(1), attribute)
            return try #require(verifier.verify(forge.made(), at: now).signers.first)
        }
        var list = RevocationListForge(authority)
        list.entries = [.init(serial: serial, since: now - 30)]
        let lists = DERWriter.element(DERTag.contextConstructed(0), DERWriter.sequence(try list.made()))
        #expect(try report(DERWriter.sequence(lists)).reasons.map(\.fault) == [.revoked])

        let question = authority.plainQuestion(leaf)
        let since = leaf.notBefore - 86_400
        let day = DERTime.encoded(since)
        let text = String(decoding: day.dropFirst(2), as: UTF8.self)
        let answer = try authority.answer(question, index: authority.indexLine(leaf, revoked: text))
        var outer = DERReader(try DERReader.single(answer[...], tag: DERTag.sequence).content)
        _ = try outer.next()
        var bytes = DERReader(
            try DERReader.single(outer.next().content, tag: DERTag.sequence).content)
        _ = try bytes.next()
        let basic = Array(try bytes.octetString())
        let answers = DERWriter.element(DERTag.contextConstructed(1), DERWriter.sequence(basic))
        #expect(try report(DERWriter.sequence(answers)).reasons.map(\.fault) == [.revoked])
        // An attacker who can break an attribute that nothing covers could as well leave it out.
        #expect(try report(DERWriter.sequence([0xA0, 0])).reasons.isEmpty)
        #expect(try report([0x04, 0x00]).notes == [.revocationUnknown])
    }
}
