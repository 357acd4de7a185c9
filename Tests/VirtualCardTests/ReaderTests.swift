// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench
import Testing
import VirtualCard

/// The readers themselves: ours, and vsmartcard's as a second opinion on the card's protocol.
@Suite(.timeLimit(.minutes(1))) struct ReaderTests {
    @Test func twoCardsInTwoReadersAreTwoTokens() async throws {
        let pcscd = try await PrivatePCSCD(.own(2)).start()
        let opensc = try await OpenSC(pcscd)
        let first = try await pcscd.insert(CardDescription(.akis), reader: 0)
        let second = try await pcscd.insert(CardDescription(.piv), reader: 1)
        let slots = try await opensc.pkcs11("-L").check().text
        #expect(slots.contains("AKIS_") && slots.contains("PIV"))
        try await first.remove()
        #expect(try await !opensc.pkcs11("-L").check().text.contains("AKIS_"))
        #expect(!second.events.all.contains(.removed))
    }

    @Test func aCardWaitsForItsReader() async throws {
        let pcscd = try PrivatePCSCD()
        let card = try TestCard(CardDescription(.akis), in: pcscd.readers[0])
        card.send(.insert)
        try await card.events.next(.waitingForReader)
        try await pcscd.start()
        try await card.events.next(.powered)
    }

    @Test func aSecondCardGoesInWhenTheFirstIsOut() async throws {
        let pcscd = try await PrivatePCSCD().start()
        let first = try await pcscd.insert(CardDescription(.akis))
        let second = try TestCard(CardDescription(.piv), in: pcscd.readers[0])
        second.send(.insert)
        try await second.events.next(.inserted)
        try await first.remove()
        try await second.events.next(.powered)
    }

    /// Nobody waits in between: once `remove` has returned, pcscd answers that there is no card.
    @Test func aRemovalHasBeenSeenWhenItReturns() async throws {
        let pcscd = try await PrivatePCSCD().start()
        let opensc = try await OpenSC(pcscd)
        let card = try await pcscd.insert(CardDescription(.akis))
        for _ in 0..<20 {
            try await card.remove()
            #expect(try await !opensc.tool("opensc-tool", "--list-readers").text.contains("Yes"))
            try await card.insert()
        }
    }

    @Test func aCardThatIsBackAtOnceIsPoweredEachTime() async throws {
        let pcscd = try await PrivatePCSCD().start()
        let card = try await pcscd.insert(CardDescription(.akis))
        for _ in 0..<50 {
            card.send(.remove)
            card.send(.insert)
            try await card.events.next(.removed)
            try await card.events.next(.removalSeen)
            try await card.events.next(.powered)
        }
    }

    @Test func aHundredTimesInAndOutItSignsEachTime() async throws {
        let bench = try await CardOnBench.start(
            CardDescription(.akis, contents: [CardContent(try CardOnBench.certificate())]))
        let pid = try #require(bench.pcscd.pid)
        func descriptors() async throws -> Int { try await run("/bin/ls", ["/proc/\(pid)/fd"]).lines.count }
        try await bench.sign(id: "41").check()
        let before = try await descriptors()
        for _ in 0..<100 {
            try await bench.card.remove()
            try await bench.card.insert()
            try await bench.sign(id: "41").check()
        }
        #expect(try await descriptors() <= before + 1)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func pcscdEndsByItselfWithACardInTheReader(signal: Int32) async throws {
        let pcscd = try await PrivatePCSCD().start()
        let card = try await pcscd.insert(CardDescription(.akis))
        await pcscd.stop(signal: signal)
        try await card.events.next(.readerGone)
    }

    @Test func vsmartcardsReaderTakesTheCardAsWell() async throws {
        let nes = try CardOnBench.certificate()
        let port = try Self.freePort()
        let bench = try await CardOnBench.start(
            CardDescription(.akis, contents: [CardContent(nes)]), readers: .vpcd(port: port))
        #expect(try await bench.opensc.pkcs11("-L").check().text.contains("AKIS_"))
        try await bench.sign(id: "41").check()
        #expect(try await bench.verify(nes))
        try await bench.card.remove()
    }

    @Test func withoutVsmartcardsReaderTheCardSaysSo() async throws {
        let reader = TestReader(name: "none", address: .vpcd(port: try Self.freePort()))
        let card = try TestCard(CardDescription(.akis), in: reader)
        card.send(.insert)
        try await card.events.next { if case .failed = $0 { true } else { false } }
    }

    /// A port that nobody listens at now. Below those that the kernel gives to whoever connects to somebody
    /// (ip_local_port_range begins at 32768): a test beside this one would get it before vpcd does.
    private static func freePort() throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000..<32_000)
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(socket) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isFree = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 }
            }
            if isFree { return port }
        }
        throw PrivatePCSCD.StartFailure(description: "no free port")
    }
}
