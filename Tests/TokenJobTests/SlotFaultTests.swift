// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import SystemBasics
import TestBench
import Testing
import TokenBench
import VirtualCard

import struct Signatures.CertificateFacts

/// OpenSC with a card, and a module before it that lies: what one slot, one call or one object costs.
///
/// OpenSC shows two readers here, the card being in the second; so slot 0 is somebody else's.
@Suite(.timeLimit(.minutes(3)))
struct SlotFaultTests {
    private let now: Int64 = 1_800_000_000
    private let pcscd: PrivatePCSCD
    private let opensc: OpenSC
    private let cards: [TestCard]
    private let issued: [IssuedCertificate]

    init() async throws {
        pcscd = try await PrivatePCSCD(.own(2)).start()
        opensc = try await OpenSC(pcscd)
        let authority = try TestAuthority(now: now)
        issued = [
            try authority.issue(CertificateRequest(.nes), now: now),
            try authority.issue(CertificateRequest(.nes, for: .isil), now: now),
        ]
        var cards: [TestCard] = []
        for (issued, reader) in zip(issued, pcscd.readers) {
            let card = try TestCard(CardDescription(.akis, contents: [CardContent(issued)]), in: reader)
            try await card.insert()
            cards.append(card)
        }
        self.cards = cards
    }

    private func lying(_ lies: [String]) throws -> LyingModule {
        let module = try LyingModule(over: opensc.module)
        try module.tell(lies)
        return module
    }

    /// The certificates that the module shows of the second card.
    private func list(_ lies: String...) throws -> TokenReply? {
        let request = ListRequest(
            module: try lying(lies).path, reader: pcscd.readers[1].octets, atr: [0x3B, 0], identitySalt: [])
        return try TokenProcess(environment: opensc.environment).ask(.list(request))
    }

    private func prepare(_ lies: String...) throws -> TokenReply? {
        let request = Requests.prepare(
            module: try lying(lies).path, reader: pcscd.readers[1].name,
            id: try CertificateFacts.read(der: issued[1].certificate).id)
        let pin = PINLines(cards[1].pin)
        // The descriptor closes with its owner, which a bare expression would release before the job starts.
        return try withExtendedLifetime(pin) {
            try TokenProcess(environment: opensc.environment, pin: pin.descriptor).ask(request)
        }
    }

    private static let answers = ["5", "6", "30", "32", "e0", "e1", "3", "80000001"]

    @Test(arguments: ["C_GetSlotInfo", "C_GetTokenInfo", "C_OpenSession"], answers)
    func oneSlotThatFailsHidesNoOther(_ function: String, _ answer: String) throws {
        #expect(
            try list("\(function) slot=0 return \(answer)").listed().certificates.map(\.holder) == [Holder.isil.name])
        _ = try prepare("\(function) slot=0 return \(answer)").prepared()
    }

    @Test(
        arguments: ["C_OpenSession", "C_FindObjectsInit", "C_FindObjects", "C_GetAttributeValue"], ["5", "30", "31"])
    func aCardThatCannotBeReadIsNoEmptyCard(_ function: String, _ answer: String) throws {
        let reply = try list("\(function) return \(answer)")
        guard case .listed(let token?)? = reply else {
            #expect(["TokenFailed"].contains(reply.failure))
            return
        }
        #expect(token.certificates.isEmpty)
        #expect(token.broken > 0)
        #expect(token.trouble?.detail.hasPrefix("CKR_") == true && token.trouble?.module != nil)
        #expect(["TokenFailed"].contains(try prepare("\(function) return \(answer)").failure))
    }

    @Test(arguments: ["e0", "32"])
    func aSlotThatSaysThatNoCardIsThereKnowsNone(_ answer: String) throws {
        #expect(try list("C_GetTokenInfo return \(answer)").isUnrecognised)
    }

    @Test func aTokenThatNobodySetUpIsListedWhereItHasCertificates() throws {
        #expect(try list("C_GetTokenInfo lower 400").listed().certificates.count == 1)
        _ = try prepare("C_GetTokenInfo lower 400").prepared()
    }

    @Test func aTokenThatNobodySetUpAndThatIsEmptyIsUnknown() throws {
        #expect(
            try list("C_GetTokenInfo lower 400", "C_FindObjects repeat 0", "C_FindObjectsInit return 0").isUnrecognised)
    }

    @Test(arguments: [1, 255, 256, 700])
    func hundredsOfSlotsAreLookedThrough(_ count: Int) throws {
        #expect(try list("C_GetSlotList extra \(count)").listed().certificates.count == 1)
    }

    @Test func slotsThatGrowBetweenTwoCallsAreAskedForAgain() throws {
        #expect(try list("C_GetSlotList call=1 return 150", "C_GetSlotList extra 3").listed().certificates.count == 1)
    }

    @Test func slotsThatAreRenumberedMeanwhileAreLookedThroughAgain() throws {
        #expect(
            try list("C_GetSlotInfo call=1 return 3", "C_GetSlotInfo call=2 return 3").listed().certificates.count == 1)
    }

    @Test(arguments: [
        "C_GetAttributeValue length * max", "C_GetAttributeValue length * 0",
        "C_GetAttributeValue length 11 99999999999",
        "C_GetAttributeValue length 11 +1", "C_FindObjects repeat 0",
    ])
    func absurdSizesAreAFailureAndNoEmptyCard(_ lie: String) throws {
        let reply = try list(lie)
        guard case .listed(let token?)? = reply else {
            #expect(reply.failure == "TokenFailed")
            return
        }
        #expect(token.certificates.isEmpty)
        #expect(token.broken > 0)
    }

    @Test func aCertificateThatNestsDeeplyIsBroken() throws {
        var nested: [UInt8] = []
        while nested.count < 60_000 {
            let length = nested.count
            let head: [UInt8] =
                length < 128
                ? [0x30, UInt8(length)] : [0x30, 0x82, UInt8(length >> 8), UInt8(truncatingIfNeeded: length)]
            nested = head + nested
        }
        // Where a module may read what a test writes.
        let file = try Scratch(in: "/dev/shm").path + "/nested"
        try Files.write(nested, to: file)
        let token = try list("C_GetAttributeValue value 11 \(file)").listed()
        #expect(token.certificates.isEmpty)
        #expect(token.broken == 1)
    }

    @Test func aCertificateInOneOfTwoReadersOfOneNameIsFoundThere() throws {
        let name = Array(String(repeating: "r", count: 70).utf8)
        let module = try lying([
            "C_GetSlotInfo description \(String(repeating: "r", count: 64))", "C_GetTokenInfo slot=0 return e0",
        ])
        let id = try CertificateFacts.read(der: issued[1].certificate).id
        var request = PrepareRequest(
            module: module.path, reader: name + Array("1 00".utf8), certificateId: id, expectedIdentity: nil,
            prompt: .descriptor, finalTry: false, locale: "tr_TR.UTF-8", timeZone: "Europe/Istanbul")
        request.rivals = [
            RivalReader(name: name + Array("2 00".utf8), certificates: [], isKnownToModule: false, kin: [])
        ]
        let pin = PINLines(cards[1].pin)
        defer { withExtendedLifetime(pin) {} }
        let job = try TokenProcess(environment: opensc.environment, pin: pin.descriptor)
        _ = try job.ask(.prepare(request)).prepared()
    }

    @Test func aSearchThatRepeatsItselfShowsEachCertificateOnce() throws {
        #expect(try list("C_FindObjects repeat 7").listed().certificates.count == 1)
    }

    @Test(arguments: ["label", "manufacturer", "model", "serial"])
    func fieldsThatAreNoTextAreRepaired(_ field: String) throws {
        #expect(try list(#"C_GetTokenInfo \#(field) \xff\xfe\x00"#).listed().certificates.count == 1)
    }
}
