// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// Point 3: cards that others use, and a pcscd that refuses.
@Suite(.timeLimit(.minutes(1)))
struct BusyCardTests {
    @Test func aCardHeldByAnotherProgramIsToldWithItsNameAndReadWhenItIsFree() async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card())
        let holder = try await CardHolder(of: desktop.pcscd.readers[0], on: desktop)
        let bench = try await ServiceBench(on: desktop)
        let held = try await bench.token()
        #expect(held.facts.errorName == "TokenBusy")
        #expect(held.facts["HeldBy"]?.string == holder.description)
        #expect(try await bench.bus.objects("Certificate").isEmpty)
        await holder.letGo()
        // No event tells it, so it is asked for after 1, 2, 4 … seconds.
        let free = try await bench.token { $1.errorName == "" }
        #expect(free.path == held.path)
        #expect(free.facts["HeldBy"]?.string == "")
        #expect(free.facts["Certificates"]?.elements?.count == 1)
        try await card.remove()
    }

    @Test func aCardThatWasReadIsFreeForOthers() async throws {
        let bench = try await ServiceBench()
        let card = try await bench.insert()
        try await bench.token()
        let holder = try await CardHolder(of: bench.reader, on: bench.desktop)
        await holder.letGo()
        try await card.remove()
    }

    @Test func aRefusalIsToldAndTakenBackAtTheNextCall() async throws {
        let desktop = try await Desktop()
        let door = try RefusingDoor(before: desktop.pcscd)
        let bench = try await ServiceBench(on: desktop, environment: ["PCSCLITE_CSOCK_NAME": door.path])
        try await bench.waitFor(watcher: "denied")
        door.open()
        _ = try await bench.bus.call("Status")
        try await bench.waitFor(watcher: "watching")
        let card = try await bench.insert()
        try await bench.token { $1.errorName == "" }
        try await card.remove()
    }

    @Test func aRefusalIsTakenBackWhenLogindTellsOfSessions() async throws {
        let system = try await PrivateBus.start()
        let logind = try await Logind(on: system)
        let desktop = try await Desktop()
        let door = try RefusingDoor(before: desktop.pcscd)
        let bench = try await ServiceBench(
            on: desktop,
            environment: ["PCSCLITE_CSOCK_NAME": door.path, "DBUS_SYSTEM_BUS_ADDRESS": system.address])
        try await bench.waitFor(watcher: "denied")
        door.open()
        try await logind.tellThatTheSessionIsActive()
        try await bench.waitFor(watcher: "watching")
    }
}
