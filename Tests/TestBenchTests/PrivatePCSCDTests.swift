// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import TestBench
import Testing
import VirtualCard

@Suite(.timeLimit(.minutes(1))) struct PrivatePCSCDTests {
    @Test func aReaderIsThereWhenStartReturns() async throws {
        let pcscd = try await PrivatePCSCD(.own(2)).start()
        let list = try await OpenSC(pcscd).tool("opensc-tool", "--list-readers").check()
        for reader in pcscd.readers { #expect(list.text.contains(reader.name)) }
    }

    @Test func itCanHaveNoReader() async throws {
        let pcscd = try await PrivatePCSCD(.own(0)).start()
        #expect(try await OpenSC(pcscd).tool("opensc-tool", "--list-readers").text.contains("No smart card readers"))
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGINT])
    func aCardStaysInItsReaderOverARestart(signal: Int32) async throws {
        let pcscd = try await PrivatePCSCD().start()
        let opensc = try await OpenSC(pcscd)
        let card = try await pcscd.insert(CardDescription(.akis))
        let before = pcscd.pid
        try await pcscd.restart(signal: signal)
        #expect(pcscd.pid != before)
        try await card.events.next(.readerGone)
        try await card.events.next(.powered)
        #expect(try await opensc.pkcs11("-L").text.contains("AKIS_"))
    }

    @Test func thoseOfThisProcessTakeTurns() async throws {
        let order = EventLog<String>("turns")
        var first: PrivatePCSCD? = try await PrivatePCSCD(at: .thisProcess).start()
        #expect(first?.socketPath == getenv("PCSCLITE_CSOCK_NAME").map { String(cString: $0) })
        let second = try PrivatePCSCD(at: .thisProcess)
        #expect(second.socketPath == first?.socketPath)
        async let started = {
            try await second.start()
            order.append("second started")
        }()
        await first?.stop()
        order.append("first stopped")
        first = nil
        try await started
        #expect(order.all == ["first stopped", "second started"])
    }

    @Test func manyLiveSideBySide() async throws {
        var daemons: [PrivatePCSCD] = []
        for _ in 0..<3 { daemons.append(try await PrivatePCSCD().start()) }
        let card = try await daemons[1].insert(CardDescription(.akis))
        #expect(card.events.all.contains(.powered))
        #expect(Set(daemons.map(\.socketPath)).count == 3)
    }
}
