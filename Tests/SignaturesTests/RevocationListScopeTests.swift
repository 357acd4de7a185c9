// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Signatures

/// An authority may cut its certificates into parts, each with a list of its own: "good" by the list of another part means
/// nothing (RFC 5280, 6.3.3).
@Suite(.timeLimit(.minutes(1)))
struct RevocationListScopeTests {
    private typealias Forge = RevocationListForge
    private let authority: TestAuthority
    private let ours = Forge.address("http://127.0.0.1:1/ca.crl")
    private let other = Forge.address("http://127.0.0.1:1/other.crl")
    private let partition = Forge.directoryName("Partition 1")

    init() throws {
        authority = try TestAuthority.shared.get()
    }

    /// The answer that a list of this scope cannot give for a certificate; nil where it says "good".
    private func fault(
        _ scope: [UInt8], _ certificate: CertificateFacts? = nil, copies: Int = 1
    ) throws -> RevocationError.Code? {
        var forge = Forge(authority)
        forge.scope = scope
        forge.copies = copies
        let made = try forge.made()
        let certificate = try certificate ?? authority.facts("p256")
        do throws(RevocationError) {
            let list = try RevocationList(made, issuer: authority.root)
            let judgement = try list.judgement(of: certificate, at: list.thisUpdate)
            #expect(judgement.status == .good)
            return nil
        } catch {
            return error.code
        }
    }

    private func certificate(_ extensions: String) throws -> CertificateFacts {
        try authority.issue("point-\(extensions)", key: "p256", extensions: extensions)
    }

    @Test func oneCommonAddressMakesItTheCertificatesList() throws {
        #expect(try fault(Forge.point(ours)) == nil)
        #expect(try fault(Forge.point(other, ours, partition)) == nil)
        #expect(try fault(Forge.point(other)) == .otherCertificate)
        #expect(try fault(Forge.point(other, partition)) == .otherCertificate)
        #expect(try fault([]) == nil)
    }

    @Test func aListForAPartThatIsNamedByADirectoryNameProvesNothing() throws {
        #expect(try fault(Forge.point(partition)) == .unsupported)
        #expect(try fault(Forge.point(Forge.directoryName("Partition 2"))) == .unsupported)
        #expect(try fault(Forge.point()) == .unsupported)
    }

    @Test func aPartThatIsNamedRelativeToTheIssuerProvesNothing() throws {
        let pair = DERWriter.sequence(
            DERWriter.objectIdentifier(.commonName), DERWriter.element(DERTag.utf8String, Array("Partition 1".utf8)))
        let relative = DERWriter.element(DERTag.contextConstructed(1), pair)
        #expect(try fault(DERWriter.element(DERTag.contextConstructed(0), relative)) == .unsupported)
    }

    @Test func theCertificatesOwnDirectoryNameMakesItItsList() throws {
        let named = try certificate("partition")
        #expect(named.der.firstRange(of: partition) != nil && named.crl.isEmpty)
        #expect(try fault(Forge.point(partition), named) == nil)
        #expect(try fault(Forge.point(other, partition), named) == nil)
        #expect(try fault(Forge.point(Forge.directoryName("Partition 2")), named) == .unsupported)
        #expect(try fault(Forge.point(ours), named) == .otherCertificate)
    }

    @Test func aCertificateWithoutDistributionPointIsInNoPart() throws {
        let plain = try certificate("plain")
        #expect(try fault(Forge.point(ours), plain) == .otherCertificate)
        #expect(try fault(Forge.point(partition), plain) == .unsupported)
        #expect(try fault([], plain) == nil)
    }

    @Test func aPointForSomeReasonsOrOfAnotherIssuerIsNoProof() throws {
        for extensions in ["reasoned", "handedOver"] {
            let certificate = try certificate(extensions)
            #expect(certificate.crl == ["http://127.0.0.1:1/ca.crl"])
            #expect(try fault(Forge.point(ours), certificate) == .otherCertificate)
        }
    }

    @Test func aScopeThatSaysAThingTwiceIsMalformed() throws {
        #expect(try fault(Forge.point(other) + Forge.point(ours)) == .malformed)
        #expect(try fault(Forge.point(ours), copies: 2) == .malformed)
        #expect(try fault(Forge.point(ours) + [0x81, 1, 0xFF, 0x81, 1, 0]) == .malformed)
    }

    @Test func someReasonsAndAttributeCertificatesAreNotSupported() throws {
        #expect(try fault([0x83, 2, 6, 0x40]) == .unsupported)
        #expect(try fault([0x84, 1, 0xFF]) == .unsupported)
        #expect(try fault([0x85, 1, 0xFF]) == .unsupported)
    }
}
