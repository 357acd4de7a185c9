// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Testing
import TokenBench
import VirtualCard

/// The work that needs no card, through the program itself.
@Suite(.timeLimit(.minutes(1)))
struct InspectionJobTests {
    private let now: Int64 = 1_800_000_000

    private func inspect(_ data: [UInt8]) throws -> TokenReply? {
        try TokenProcess().ask(.inspect(InspectRequest(data: data)))
    }

    @Test(arguments: IssuedKind.allCases)
    func aCertificateFileIsToldAsTheCardsWouldBe(_ kind: IssuedKind) throws {
        let issued = try TestAuthority(now: now).issue(CertificateRequest(kind, keyType: .p256), now: now)
        for data in [issued.certificate, Array(issued.pem.utf8)] {
            let certificate = try #require(try inspect(data).inspected().first)
            #expect(certificate.holder == Holder.sukru.name)
            #expect(certificate.maskedIdentity == "100********")
            #expect(certificate.keyType == "ec-p256")
            // A fault that only a chain or a clock can find is not the certificate's own.
            let passes: Set<IssuedKind> = [.nes, .expired, .notYetValid, .forgedSignature, .forgedIssuer]
            #expect(certificate.qualified == passes.contains(kind))
            let hindrance: ErrorName = kind == .noUserNotice ? .userNoticeMissing : .notQualified
            #expect(certificate.hindrances == (passes.contains(kind) ? [] : [hindrance]))
            #expect(certificate.reasons.isEmpty == passes.contains(kind))
            #expect(certificate.isTest == (kind == .test))
            let kinds: [IssuedKind: CertificateKind] = [
                .seal: .eSeal, .institutionalSeal: .eSeal, .companySeal: .seal, .companyCipher: .encryption,
                .authentication: .authentication,
            ]
            #expect(certificate.kind == kinds[kind] ?? .nes)
            #expect(certificate.kind.isNES || !certificate.qualified)
            #expect(certificate.issuerKey.utf8.count == 40)
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

    private func verify(_ signature: [UInt8]) throws -> TokenReply? {
        try TokenProcess().ask(.verify(VerifyRequest(signature: signature, content: nil, trust: [], at: now)))
    }

    @Test func whatHoldsNoSignatureIsNotJudged() throws {
        let certificate = try TestAuthority(now: now).issue(now: now)
        // A ContentInfo of plain data (RFC 5652, 4) is CMS, too.
        let data: [UInt8] = [0x30, 0x0F, 6, 9, 42, 134, 72, 134, 247, 13, 1, 7, 1, 0xA0, 2, 4, 0]
        for file in [
            [], Array("hello".utf8), Array("0 begins a text like a SEQUENCE".utf8), Array("%PDF-1.7\n".utf8), data,
            certificate.certificate, Array(certificate.pem.utf8), [UInt8](repeating: 0, count: 100),
        ] {
            #expect(try verify(file).failure == "InvalidArgument")
        }
    }

    @Test func aSignatureThatIsCutOffIsJudgedInvalid() throws {
        let start: [UInt8] = [
            0x30, 0x82, 0x10, 0, 6, 9, 42, 134, 72, 134, 247, 13, 1, 7, 2, 0xA0, 0x82, 0x0F, 0xF0, 0x30,
        ]
        for bytes in [start, Array("-----BEGIN CMS-----\nAA\n".utf8)] {
            let verification = try verify(bytes).verified()
            #expect(verification.conclusion == .invalid && verification.signers.count == 1)
            #expect(verification.signers.allSatisfy { $0.reasons.allSatisfy { $0.subIndication == .formatFailure } })
        }
    }
}
