// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import TestBench
import Testing
import VirtualCard

@Suite(.timeLimit(.minutes(1))) struct PluggedReaderTests {
    private static func list(_ pcscd: PrivatePCSCD) async throws -> String {
        try await OpenSC(pcscd).tool("opensc-tool", "--list-readers").text
    }

    @Test func aReaderIsPluggedInAndPulledOut() async throws {
        let pcscd = try await PrivatePCSCD(.own(0)).start()
        let reader = try pcscd.plugIn()
        let card = try await pcscd.insert(CardDescription(.akis), into: reader)
        #expect(try await Self.list(pcscd).contains("Yes             \(reader.name)"))
        try pcscd.unplug(reader)
        try await card.events.next(.readerGone)
        try await card.events.next(.waitingForReader)
        #expect(try pcscd.plugIn() == reader)
        try await card.events.next(.powered)
        #expect(try await Self.list(pcscd).contains(reader.name))
    }

    @Test func severalReadersAreToldApartBesideAConfiguredOne() async throws {
        let pcscd = try await PrivatePCSCD(.own(1)).start()
        let (first, second) = (try pcscd.plugIn(), try pcscd.plugIn())
        _ = try await pcscd.insert(CardDescription(.akis), into: first)
        let card = try await pcscd.insert(CardDescription(.akis), into: second)
        let list = try await Self.list(pcscd)
        for reader in pcscd.readers + [first, second] { #expect(list.contains(reader.name)) }
        try pcscd.unplug(first)
        #expect(!card.events.all.contains(.readerGone))
    }

    @Test func aPluggedReaderIsFoundAtTheStart() async throws {
        let pcscd = try PrivatePCSCD(.own(0))
        let reader = try pcscd.plugIn()
        try await pcscd.start()
        #expect(try await Self.list(pcscd).contains(reader.name))
    }

    @Test func theComputersOwnDriversAreNotLoaded() async throws {
        let pcscd = try await PrivatePCSCD(.own(0)).start()
        let pid = try #require(pcscd.pid)
        let maps = try await run("/bin/cat", ["/proc/\(pid)/maps"]).check().text
        #expect(!maps.contains("libccid"))
        #expect(maps.contains("libVirtualUSB"))
    }
}
