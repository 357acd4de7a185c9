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
        #expect(try await bench.opensc.tool("opensc-tool", "--name").check().text.contains("AKIS"))
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

    /// A port that nobody listens at now, and whose successor is free as well.
    private static func freePort() throws -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(socket, $0, length)
                _ = getsockname(socket, $0, &length)
            }
            return UInt16(bigEndian: $0.pointee.sin_port)
        }
    }
}
