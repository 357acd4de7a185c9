// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// Checks that end an approval before the card is given a PIN.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalCheckTests {
    @Test func aCertificateThatCannotGiveEOnaySaysWhy() async throws {
        let key = try SigningKey.generate(.rsa2048)
        let kinds: [(IssuedKind, String)] = [
            (.expired, "CertificateExpired"), (.notYetValid, "CertificateNotYetValid"),
            (.noNonRepudiation, "NotQualified"), (.noETSIStatement, "NotQualified"), (.noBTKStatement, "NotQualified"),
            (.seal, "NotQualified"), (.institutionalSeal, "NotQualified"), (.restricted, "NotQualified"),
            (.test, "NotQualified"),
        ]
        let bench = try await ApprovalBench(.akis, kinds.map { CertificateRequest($0.0, key: key) })
        let ids = try await bench.certificates(on: "/org/eonay/EOnay1/token/1")
        #expect(ids.count == kinds.count)
        // None of them can do it.
        #expect(await bench.refusal("Approve", "", "accept") == "NoCertificate")
        for (id, (kind, error)) in zip(ids, kinds) {
            let approval = try await bench.approve(certificate: id)
            #expect(try await bench.end(of: approval) == End("failed", error), "\(kind)")
        }
        #expect(bench.verifications == 0)
        #expect(try await bench.records() == 0)
        #expect(try await bench.history().count == kinds.count)
        await bench.stop()
    }

    @Test(arguments: [IssuedKind.forgedSignature, .forgedIssuer])
    func aForgedCertificateIsThePortalsToRefuse(kind: IssuedKind) async throws {
        let bench = try await ApprovalBench(.piv, [CertificateRequest(kind, keyType: .p256)])
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", "UntrustedIssuer"))
        #expect(try await bench.records() == 0)
        await bench.stop()
    }

    @Test func aLockedPINIsNotAskedFor() async throws {
        let bench = try await ApprovalBench { $0.triesLeft = 0 }
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", "PinLocked"))
        #expect(bench.verifications == 0)
        await bench.stop()
    }

    @Test func theLastTryIsOnlyUsedWhenTold() async throws {
        let bench = try await ApprovalBench { $0.triesLeft = 1 }
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", "PinFinalTry"))
        #expect(bench.verifications == 0)
        let again = try await bench.approve(options: ["final-try": .bool(true)])
        #expect(try await bench.end(of: again) == End("recorded"))
        await bench.stop()
    }

    @Test func withoutAWayToAskNothingBegins() async throws {
        let bench = try await ApprovalBench(portal: .scripted([PortalScript.statement, PortalScript.statement]))
        // No pinentry works, and none may.
        for options in [[:], ["interactive": Value.bool(false)]] {
            let approval = try await bench.ask("Approve", "", "accept", options)
            #expect(try await bench.end(of: approval) == End("failed", "PinPromptUnavailable"))
        }
        #expect(bench.verifications == 0)
        await bench.stop()
    }

    @Test func aPortalThatIsNotThereIsToldBeforeThePIN() async throws {
        let bench = try await ApprovalBench(portal: .nobody, withPinentry: true)
        for (method, what) in [("Approve", "accept"), ("SignCode", "638856212993845")] {
            let approval = try await bench.ask(method, "", what, [:])
            #expect(try await bench.end(of: approval) == End("failed", "PortalUnreachable"))
        }
        #expect(bench.pinentry?.entries == 0)
        await bench.stop()
    }

    @Test func anotherPersonsCardIsNotUsed() async throws {
        let bench = try await ApprovalBench()
        let approval = try await bench.approve(options: ["identity": .string(Holder.isil.identity)])
        #expect(try await bench.end(of: approval) == End("failed", "IdentityMismatch"))
        #expect(bench.verifications == 0)
        let own = try await bench.approve(options: ["identity": .string(Holder.sukru.identity)])
        #expect(try await bench.end(of: own) == End("recorded"))
        await bench.stop()
    }

    @Test func aCodeThatThePortalTakesNoMoreIsToldBeforeThePIN() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let unknown = try await bench.ask("SignCode", "", "638856212993845", [:])
        #expect(try await bench.end(of: unknown) == End("failed", "InvalidCode"))
        let code = try await Web(bench.origin).openSession()
        #expect(try await bench.end(of: bench.sign(code)) == End("signed"))
        let used = try await bench.ask("SignCode", "", code, [:])
        #expect(try await bench.end(of: used) == End("failed", "CodeUsed"))
        #expect(bench.pinentry?.entries == 0)
        await bench.stop()
    }
}

extension CertificateRequest {
    /// A good one, with a key that the card has.
    static func of(_ model: CardDescription.Model) -> CertificateRequest {
        CertificateRequest(keyType: model == .akis ? .rsa2048 : .p256)
    }
}
