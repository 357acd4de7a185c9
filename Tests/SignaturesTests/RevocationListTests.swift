// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Signatures

/// Lists made by `openssl ca -gencrl` from an index written here.
@Suite(.timeLimit(.minutes(1)))
struct RevocationListTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority.shared.get()
    }

    private func list(
        revoked: [CertificateFacts] = [], extensions: String = "", signer: String = "root", pem: Bool = false
    ) throws -> [UInt8] {
        let index = revoked.map {
            "R\t350101000000Z\t250102030405Z,superseded\t\($0.serialNumber.uppercased())\tunknown\t/CN=x\n"
        }
        let database = try authority.write(Array(index.joined().utf8), as: "index.txt")
        let number = try authority.write(Array("01\n".utf8), as: "number")
        let configuration = """
            [ca]
            default_ca = this
            [this]
            database = \(database)
            crlnumber = \(number)
            default_md = sha256
            crl_extensions = extensions
            [extensions]
            authorityKeyIdentifier = keyid
            \(extensions)
            [point]
            \(extensions.contains("indirect") ? "indirectCRL = TRUE" : "")
            fullname = URI:http://127.0.0.1:1/other.crl
            [ours]
            fullname = URI:http://127.0.0.1:1/ca.crl
            onlyuser = TRUE
            """
        let path = try authority.write(Array(configuration.utf8), as: "ca.cnf")
        let output = try authority.write([], as: "list.pem")
        try Tool.openssl(
            "ca", "-gencrl", "-config", path, "-cert", authority.path("\(signer).crt"), "-keyfile",
            authority.path("\(signer).key"), "-crldays", "7", "-out", output)
        let bytes = try Array(Data(contentsOf: URL(filePath: output)))
        return pem ? bytes : try PEMText.blocks(bytes)[0].der
    }

    private func code(_ read: () throws(RevocationError) -> Void) -> RevocationError.Code? {
        do throws(RevocationError) {
            try read()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func aListTellsRevokedFromGood() throws {
        let revoked = try authority.facts("p256")
        let good = try authority.facts("p384")
        for pem in [false, true] {
            let list = try RevocationList(list(revoked: [revoked, good].dropLast(), pem: pem), issuer: authority.root)
            let time = list.thisUpdate
            // The program reads the clock twice.
            #expect((604_800...604_802).contains(try #require(list.nextUpdate) - time))
            let judgement = try list.judgement(of: revoked, at: time)
            #expect(judgement.status == .revoked(at: 1_735_787_045, reason: 4) && judgement.source == .crl)
            #expect(try list.judgement(of: good, at: time).status == .good)
        }
    }

    @Test func anEmptyListRevokesNobody() throws {
        let list = try RevocationList(list(), issuer: authority.root)
        #expect(try list.judgement(of: authority.facts("p256"), at: list.thisUpdate).status == .good)
    }

    @Test func staleAndFutureListsAreRefused() throws {
        let list = try RevocationList(list(), issuer: authority.root)
        let leaf = try authority.facts("p256")
        let end = try #require(list.nextUpdate) + 300
        #expect(throws: Never.self) { try list.judgement(of: leaf, at: end) }
        #expect(throws: RevocationError(.stale)) { try list.judgement(of: leaf, at: end + 1) }
        #expect(throws: RevocationError(.notYetCurrent)) { try list.judgement(of: leaf, at: list.thisUpdate - 301) }
    }

    @Test func aListWithoutAnEndCountsForAnHour() throws {
        var forge = RevocationListForge(authority)
        forge.nextUpdate = nil
        let list = try RevocationList(forge.made(), issuer: authority.root)
        let leaf = try authority.facts("p256")
        let end = list.thisUpdate + 3_600 + 300
        #expect(try list.judgement(of: leaf, at: end).status == .good && list.nextUpdate == nil)
        #expect(throws: RevocationError(.stale)) { try list.judgement(of: leaf, at: end + 1) }
        #expect(throws: RevocationError(.notYetCurrent)) { try list.judgement(of: leaf, at: list.thisUpdate - 301) }
        forge.nextUpdate = forge.thisUpdate - 1
        let backwards = try RevocationList(forge.made(), issuer: authority.root)
        #expect(throws: RevocationError(.malformed)) { try backwards.judgement(of: leaf, at: list.thisUpdate) }
    }

    @Test func whoMayNotSignListsByItsKeyUsageSignsNone() throws {
        var forge = RevocationListForge(authority)
        // keyCertSign alone; and no key usage at all, which forbids nothing (RFC 5280, 6.3.3 f).
        for (extensions, refused) in [("bare", true), ("silent", false)] {
            forge.issuer = "lists-\(extensions)"
            try authority.makeKey(forge.issuer, "p256")
            let issuer = try TestAuthority.selfSigned(
                forge.issuer, subject: "/CN=\(extensions)", extensions: extensions, in: authority.folder)
            let made = try forge.made()
            let refusal = code { () throws(RevocationError) in _ = try RevocationList(made, issuer: issuer) }
            #expect(refusal == (refused ? .unauthorisedSigner : nil))
        }
    }

    @Test func aForgedListOrAnotherIssuersIsRefused() throws {
        var forged = try list()
        forged[forged.endIndex - 1] ^= 1
        #expect(throws: RevocationError(.badSignature)) { try RevocationList(forged, issuer: authority.root) }
        try authority.makeKey("other-root", "p256")
        let other = try TestAuthority.selfSigned("other-root", subject: "/CN=Başka", in: authority.folder)
        #expect(throws: RevocationError(.otherCertificate)) { try RevocationList(list(), issuer: other) }
        let theirs = try RevocationList(list(signer: "other-root"), issuer: other)
        #expect(throws: RevocationError(.otherCertificate)) {
            try theirs.judgement(of: authority.facts("p256"), at: theirs.thisUpdate)
        }
        // A leaf may not sign lists, even under its own name.
        let leaf = try authority.facts("p384")
        #expect(throws: RevocationError(.unauthorisedSigner)) {
            try RevocationList(list(signer: "p384"), issuer: leaf)
        }
    }

    @Test func deltaAndIndirectListsAreRefused() throws {
        let delta = try list(extensions: "2.5.29.27 = critical, ASN1:INTEGER:1")
        #expect(throws: RevocationError(.unsupported)) { try RevocationList(delta, issuer: authority.root) }
        let indirect = try list(extensions: "issuingDistributionPoint = critical, @point # indirect")
        #expect(throws: RevocationError(.unsupported)) { try RevocationList(indirect, issuer: authority.root) }
        let unknown = try list(extensions: "1.2.3.4 = critical, ASN1:NULL")
        #expect(throws: RevocationError(.unsupported)) { try RevocationList(unknown, issuer: authority.root) }
    }

    @Test func aListForAnotherPartOfTheCertificatesSaysNothing() throws {
        let leaf = try authority.facts("p256")
        let elsewhere = try RevocationList(
            list(extensions: "issuingDistributionPoint = critical, @point"), issuer: authority.root)
        #expect(throws: RevocationError(.otherCertificate)) {
            try elsewhere.judgement(of: leaf, at: elsewhere.thisUpdate)
        }
        let users = try RevocationList(
            list(extensions: "issuingDistributionPoint = critical, @ours"), issuer: authority.root)
        #expect(try users.judgement(of: leaf, at: users.thisUpdate).status == .good)
        #expect(throws: RevocationError(.otherCertificate)) {
            try users.judgement(of: authority.root, at: users.thisUpdate)
        }
    }

    @Test func eachByteFlippedAndEachTruncationIsRefused() throws {
        var bytes = try list(revoked: [authority.facts("p256")])
        for index in bytes.indices {
            bytes[index] ^= 0x81
            #expect(throws: RevocationError.self) { try RevocationList(bytes, issuer: authority.root) }
            bytes[index] ^= 0x81
            #expect(throws: RevocationError.self) {
                try RevocationList(Array(bytes.prefix(index)), issuer: authority.root)
            }
        }
    }
}
