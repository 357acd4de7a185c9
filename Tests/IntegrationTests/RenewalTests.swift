// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// `Renew`: the login is signed, and the E-Onay that stands at the portal signs the application.
@Suite(.timeLimit(.minutes(1)))
struct RenewalTests {
    /// A certificate that ends in so many days.
    private static func ending(in days: Int64) -> CertificateRequest {
        CertificateRequest(
            keyType: .p256, notBefore: Desktop.now() - 1000 * 86_400, notAfter: Desktop.now() + days * 86_400)
    }

    private static func bench(
        _ portal: ApprovalBench.Portal = .real, endingIn days: Int64 = 20, accepted: Bool = true
    ) async throws -> ApprovalBench {
        let bench = try await ApprovalBench(.piv, [ending(in: days)], portal: portal)
        if accepted {
            let approval = try await bench.approve()
            #expect(try await bench.end(of: approval) == End("recorded"))
        }
        return bench
    }

    private static func renew(_ bench: ApprovalBench, options: [String: Value] = [:]) async throws -> ObjectPath {
        let pin = ["pin": Value.descriptor(try ApprovalBench.pipe(holding: "\(bench.card.pin)\n"))]
        let answer = try await bench.bus.call("Renew", .string(""), .options(pin.merging(options) { $1 }))
        return try #require(answer.first?.objectPath)
    }

    @Test func aRenewalIsFiledUnderTheStandingConsent() async throws {
        let bench = try await Self.bench()
        let verifications = bench.verifications
        let renewal = try await Self.renew(bench)
        #expect(try await bench.end(of: renewal) == End("recorded"))
        #expect(bench.verifications == verifications + 1)

        let facts = try await bench.facts(renewal)
        #expect(facts["State"]?.string == "done")
        #expect(facts["Decision"]?.string == "")
        #expect(facts["Step"]?.members == [.uint32(1), .uint32(1)])
        #expect(facts["ConfirmationNumber"]?.string == "")
        let reference = try #require(facts["Reference"]?.string)
        #expect(try await bench.signatures(of: renewal).map(\.step) == ["login"])
        // It is no decision: neither history nor status speak of it.
        #expect(try await bench.history() == ["recorded"])

        let web = try Web(bench.origin)
        try await web.signIn(bench)
        let filed = try await web.list("/applications")
        #expect(filed.count == 1)
        #expect(filed.first?["reference"] as? String == reference)
        #expect(filed.first?["kind"] as? String == "renewal")
        let standing = try await web.get("/status")
        #expect(filed.first?["consent"] as? String == standing["reference"] as? String)
        await bench.stop()
    }

    @Test func aSecondRenewalIsRefused() async throws {
        let bench = try await Self.bench()
        #expect(try await bench.end(of: Self.renew(bench)) == End("recorded"))
        #expect(try await bench.end(of: Self.renew(bench)) == End("failed", "AlreadyFiled"))
        #expect(try await bench.records() == 2)
        await bench.stop()
    }

    @Test func withoutAConsentNothingIsFiled() async throws {
        let bench = try await Self.bench(accepted: false)
        #expect(try await bench.end(of: Self.renew(bench)) == End("failed", "NoConsent"))
        #expect(try await bench.end(of: bench.approve("decline")) == End("recorded"))
        #expect(try await bench.end(of: Self.renew(bench)) == End("failed", "NoConsent"))
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func longBeforeTheEndNothingIsFiled() async throws {
        let bench = try await Self.bench(endingIn: 200)
        let renewal = try await Self.renew(bench)
        #expect(try await bench.end(of: renewal) == End("failed", "TooEarly"))
        // A program's word is no part of the sentence.
        #expect(try await bench.facts(renewal)["ErrorDetail"]?.string == "too-early")
        await bench.stop()
    }

    @Test func aLostAnswerIsAskedForAgain() async throws {
        let bench = try await Self.bench(.gated)
        let gate = try #require(bench.gate)
        try await gate.lose(.answer, of: "applications 2")
        let renewal = try await Self.renew(bench)
        #expect(try await bench.end(of: renewal) == End("recorded"))
        #expect(try await bench.records() == 2)
        let reference = try #require(try await bench.facts(renewal)["Reference"]?.string)
        let web = try Web(bench.origin)
        try await web.signIn(bench)
        #expect(try await web.list("/applications").first?["reference"] as? String == reference)
        await bench.stop()
    }

    /// An older application, say another certificate's renewal of another year, is not taken for the lost one.
    @Test func anOlderApplicationIsNotTakenForTheOneThatWasLost() async throws {
        let bench = try await Self.bench(.gated)
        #expect(try await bench.end(of: Self.renew(bench)) == End("recorded"))
        // The third is the list that the second renewal begins with, the fourth what it files.
        try await bench.gate?.lose(.answer, of: "applications 4")
        #expect(try await bench.end(of: Self.renew(bench)) == End("failed", "AlreadyFiled"))
        #expect(try await bench.records() == 2)
        await bench.stop()
    }

    @Test func aRequestThatIsLostIsMadeAgain() async throws {
        let bench = try await Self.bench(.gated)
        try await bench.gate?.lose(.request, of: "applications 2")
        #expect(try await bench.end(of: Self.renew(bench)) == End("recorded"))
        #expect(try await bench.records() == 2)
        await bench.stop()
    }

    @Test func aServiceThatDiedMeanwhileDoesNotKnow() async throws {
        let bench = try await Self.bench(.gated)
        let gate = try #require(bench.gate)
        try await gate.hold(.answer, of: "applications 2")
        let renewal = try await Self.renew(bench, options: ["handle-token": .string("renewal")])
        try await gate.reached(.answer, of: "applications 2")
        try await bench.restartService()
        gate.release()
        try await bench.bus.wait(for: "Result", of: "Approval", at: renewal) { $0.string == "unknown" }
        // The next question is answered from the record.
        #expect(try await bench.end(of: Self.renew(bench)) == End("failed", "AlreadyFiled"))
        await bench.stop()
    }

    @Test func aRenewalThatIsCancelledBeforeItWasSignedFilesNothing() async throws {
        let bench = try await Self.bench(.gated)
        let gate = try #require(bench.gate)
        try await gate.hold(.request, of: "sessions 2")
        let renewal = try await Self.renew(bench)
        try await gate.reached(.request, of: "sessions 2")
        try await bench.cancel(renewal)
        #expect(try await bench.end(of: renewal) == End("cancelled", "Cancelled"))
        gate.release()
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func badOptionsAreRefusedAtOnce() async throws {
        let bench = try await ApprovalBench(portal: .none)
        await #expect(throws: BusError(name: "org.eonay.EOnay1.Error.PortalNotConfigured", message: "")) {
            _ = try await bench.bus.call("Renew", .string(""), .options([:]))
        }
        await #expect(throws: BusError(name: "org.eonay.EOnay1.Error.InvalidArgument", message: "")) {
            _ = try await bench.bus.call("Renew", .string(""), .options(["decision": .string("accept")]))
        }
        await bench.stop()
    }
}
