// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing
import TokenBench
import VirtualCard

/// The work that needs no card, through the program itself.
@Suite(.timeLimit(.minutes(1)))
struct InspectionJobTests {
    private let now: Int64 = 1_800_000_000

    private func inspect(_ data: [UInt8]) throws -> TokenReply? {
        try JobProcess().ask(.inspect(InspectRequest(data: data)))
    }

    @Test(arguments: CertificateKind.allCases)
    func aCertificateFileIsToldAsTheCardsWouldBe(_ kind: CertificateKind) throws {
        let issued = try TestAuthority(now: now).issue(CertificateRequest(kind, keyType: .p256), now: now)
        for data in [issued.certificate, Array(issued.pem.utf8)] {
            let certificate = try #require(try inspect(data).inspected().first)
            #expect(certificate.holder == Holder.sukru.name)
            #expect(certificate.maskedIdentity == "100********")
            #expect(certificate.keyType == "ec-p256")
            // What only a chain or a clock can find is not the certificate's own fault.
            let passes: Set<CertificateKind> = [.nes, .expired, .notYetValid, .forgedSignature, .forgedIssuer]
            #expect(certificate.qualified == passes.contains(kind))
            #expect(certificate.hindrances == (passes.contains(kind) ? [] : ["NotQualified"]))
            #expect(certificate.reasons.isEmpty == passes.contains(kind))
            #expect(certificate.isTest == (kind == .test))
        }
    }

    @Test func allCertificatesOfAPEMFileAreTold() throws {
        let authority = try TestAuthority(now: now)
        let reply = try inspect(Array((authority.issuer.pem + authority.root.pem).utf8))
        #expect(try reply.inspected().count == 2)
    }

    @Test func whatIsNoCertificateIsAnInvalidArgument() throws {
        for data in [
            [], Array("hello".utf8), [0x30, 0x03, 0x02, 0x01, 0x00], [UInt8](repeating: 0x30, count: 600_000),
        ] {
            #expect(try inspect(data).failure == "InvalidArgument")
        }
    }

    @Test func whatIsNoSignatureIsJudgedInvalid() throws {
        let request = VerifyRequest(signature: Array("hello".utf8), content: nil, trust: [], at: now)
        let verification = try JobProcess().ask(.verify(request)).verified()
        #expect(verification.conclusion != .valid)
        #expect(verification.signers.allSatisfy { !$0.reasons.isEmpty })
        #expect(verification.signers.count == 1)
    }
}
