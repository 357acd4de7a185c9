// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import TokenBench
import VirtualCard

/// Modules that lie about a card that is in: the next module, the next attempt, or an error that says so everywhere.
@Suite(.timeLimit(.minutes(3)))
struct CardFaultTests {
    private func bench(_ lies: [String], andOpenSC: Bool = false) async throws -> (ServiceBench, LyingModule) {
        let desktop = try await Desktop(locale: "en_GB.UTF-8")
        let module = try LyingModule(over: desktop.openSC.module)
        try module.tell(lies)
        try desktop.configure(
            "[Portal \"deneme\"]\nOrigin=http://127.0.0.1:9\n",
            modules: [module.path] + (andOpenSC ? [desktop.openSC.module] : []))
        return (try await ServiceBench(on: desktop), module)
    }

    private static let answers = ["5", "30", "32", "e0"]

    @Test(
        arguments: ["C_GetSlotList", "C_GetSlotInfo", "C_GetTokenInfo", "C_OpenSession", "C_GetAttributeValue"], answers
    )
    func theNextModuleReadsTheCard(_ function: String, _ answer: String) async throws {
        let (bench, _) = try await bench(["\(function) return \(answer)"], andOpenSC: true)
        let card = try await bench.insert()
        let (_, facts) = try await bench.token()
        #expect(facts.errorName == "")
        #expect(facts["Certificates"]?.elements?.count == 1)
        try await card.remove()
    }

    @Test(arguments: [
        "C_GetSlotList return 5", "C_GetSlotInfo return 5", "C_GetTokenInfo return e0", "C_GetTokenInfo return e1",
        "C_GetTokenInfo return 32", "C_GetTokenInfo return 30", "C_OpenSession return e0", "C_OpenSession return 32",
        "C_OpenSession return 5", "C_FindObjectsInit return 32", "C_GetAttributeValue return 5",
        "C_GetAttributeValue fail 11 30", "C_GetAttributeValue length 11 max", "C_GetAttributeValue length 11 0",
        "C_FindObjects repeat 0", "C_Initialize return 5", "* die",
    ])
    func aCardThatCannotBeReadSaysSoAndApproveSaysTheSame(_ lie: String) async throws {
        let (bench, _) = try await bench([lie])
        let card = try await bench.insert()
        let (_, facts) = try await bench.token()
        let name = try #require(facts.errorName)
        #expect(["TokenFailed", "NoModule", "ModuleUnusable", "TokenBusy"].contains(name))
        #expect(facts["Certificates"]?.elements == [])
        let refusal = await #expect(throws: BusError.self) {
            try await bench.bus.call("Approve", .string(""), .string("accept"), .options([:]))
        }
        #expect(refusal?.name.hasSuffix("." + name) == true)
        let tokens = try await bench.desktop.run("eonay", "tokens")
        #expect(!tokens.text.contains(" read\n"))
        try await card.remove()
        try await bench.tokens(0)
    }

    @Test func approveTellsWhyTheCardIsNotKnown() async throws {
        let bench = try await ApprovalBench(lies: [])
        try bench.lying?.tell(["C_GetAttributeValue fail 11 30"])
        let other = try await bench.desktop.pcscd.insert(
            bench.desktop.card(.piv, [CertificateRequest(for: .isil)]), into: bench.desktop.pcscd.plugIn())
        try await bench.bus.until { bus in
            try await bus.objects("Token").values.contains { $0.errorName == "TokenFailed" }
        }
        // A certificate that nobody knows may be on the card that could not be read.
        #expect(await bench.refusal("Approve", String(repeating: "0", count: 64), "accept") == "TokenFailed")
        #expect(await bench.refusal("Renew", "", "") != "")
        try await other.remove()
        #expect(try await bench.end(of: bench.approve()) == End("failed", "TokenFailed"))
        try bench.lying?.tell([])
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        await bench.stop()
    }

    @Test(arguments: ["5", "30"])
    func whatWentWrongOnceIsTriedInAFreshJob(_ answer: String) async throws {
        let (bench, module) = try await bench(["C_OpenSession load=1 return \(answer)"])
        let card = try await bench.insert()
        #expect(try await bench.token().facts.errorName == "")
        #expect(module.loads == 2)
        try await card.remove()
    }

    @Test func aTroubleThatStaysIsToldAfterOneRepetition() async throws {
        let (bench, module) = try await bench(["C_OpenSession return 5"])
        let card = try await bench.insert()
        #expect(try await bench.token().facts.errorName == "TokenFailed")
        #expect(module.loads == 2)
        try await card.remove()
    }

    @Test func aPreparationThatFailedOnceIsRepeatedAndTakesThePIN() async throws {
        let bench = try await ApprovalBench(lies: ["C_OpenSession load=2 return 5"])
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        #expect(bench.lying?.loads == 3)
        await bench.stop()
    }

    @Test(arguments: ["C_SignInit return 32", "C_Login return 32", "C_OpenSession load=2+ return e0"])
    func aModuleIsNotBelievedThatTheCardHasGone(_ lie: String) async throws {
        let bench = try await ApprovalBench(lies: [lie])
        #expect(try await bench.end(of: bench.approve()) == End("failed", "TokenFailed"))
        #expect(try await bench.bus.objects("Token").count == 1)
        await bench.stop()
    }

    @Test func anEmptyCardSaysThatItIs() async throws {
        let desktop = try await Desktop(locale: "en_GB.UTF-8")
        let screen = try await Screen(on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert(CardDescription(.piv, contents: []))
        let (_, facts) = try await bench.token()
        #expect(facts.errorName == "NoCertificate")
        try await screen.shows("There is no certificate on this card.")
        #expect(try await desktop.run("eonay", "tokens").text.contains("There is no certificate on this card."))
        try await card.remove()
    }

    @Test func aTokenThatIsNotMarkedAsSetUpIsListed() async throws {
        let (bench, _) = try await bench(["C_GetTokenInfo lower 400"])
        let card = try await bench.insert()
        #expect(try await bench.token().facts.errorName == "")
        try await card.remove()
    }
}
