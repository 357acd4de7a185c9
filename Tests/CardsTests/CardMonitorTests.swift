// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPCSC
import Cards
import Foundation
import TestBench
import Testing
import VirtualCard

/// The monitor before a real pcscd with virtual readers.
@Suite(.timeLimit(.minutes(1)))
struct CardMonitorTests {
    @Test func theServiceMayComeAfterTheMonitor() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        await pcscd.stop()
        let watch = try Watch()
        try await watch.next(.noService)
        try await pcscd.start()
        let snapshot = try await watch.next(.watching)
        #expect(snapshot.readers == [ReaderState(name: ReaderName(pcscd.readers[0].name), card: .none)])
    }

    @Test func aServiceWithoutReadersIsToldAsThat() async throws {
        let pcscd = try await PrivatePCSCD(.own(0), at: .thisProcess).start()
        let watch = try Watch()
        #expect(try await watch.next(.noReader).readers.isEmpty)
        await pcscd.stop()
        try await watch.next(.noService)
    }

    @Test func aCardIsToldWithItsAnswerToResetAndGoesAgain() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let watch = try Watch()
        try await watch.next { $0 == .none }
        let card = try await pcscd.insert(CardDescription(.akis))
        #expect(try await watch.next { $0 != .none } == .present(atr: AnswerToReset.akis.bytes, insertion: 1))
        try await card.remove()
        try await watch.next { $0 == .none }
    }

    @Test func twoCardsInTwoReadersAreToldApart() async throws {
        let pcscd = try await PrivatePCSCD(.own(2), at: .thisProcess).start()
        let watch = try Watch()
        let first = try await pcscd.insert(CardDescription(.piv))
        try await watch.next(\.isPresent)
        let second = try await pcscd.insert(CardDescription(.unknown), reader: 1)
        let snapshot = try await watch.told.next { $0.readers.allSatisfy(\.card.isPresent) && $0.readers.count == 2 }
        #expect(snapshot.readers.map(\.name.shown) == pcscd.readers.map(\.name))
        #expect(
            snapshot.readers.map(\.card) == [
                .present(atr: AnswerToReset.piv.bytes, insertion: 1),
                .present(atr: AnswerToReset.unknown.bytes, insertion: 2),
            ])
        try await first.remove()
        try await watch.next { $0 == .none }
        #expect(watch.told.all.last?.readers[1].card.insertion == 2)
        try await second.remove()
    }

    @Test func aReaderThatIsPluggedInAndPulledOutIsTold() async throws {
        let pcscd = try await PrivatePCSCD(.own(0), at: .thisProcess).start()
        let watch = try Watch()
        try await watch.next(.noReader)
        for round in 1...5 {
            let reader = try pcscd.plugIn()
            #expect(
                try await watch.next(.watching).readers == [ReaderState(name: ReaderName(reader.name), card: .none)])
            let card = try TestCard(CardDescription(.piv), in: reader)
            try await card.insert()
            #expect(try await watch.next(\.isPresent).insertion == UInt64(round))
            try pcscd.unplug(reader)
            try await watch.next(.noReader)
        }
    }

    @Test func twoReadersPluggedInTogetherAreBothSeen() async throws {
        let pcscd = try await PrivatePCSCD(.own(0), at: .thisProcess).start()
        let watch = try Watch()
        try await watch.next(.noReader)
        let names = [try pcscd.plugIn().name, try pcscd.plugIn().name]
        try await watch.told.next { $0.readers.map(\.name.shown).sorted() == names }
    }

    @Test func aMuteCardIsToldAsThat() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let watch = try Watch()
        let card = try await pcscd.insert(CardDescription(.mute))
        #expect(try await watch.next { $0.isMute } == .mute(insertion: 1))
        try await card.remove()
        try await watch.next { $0 == .none }
    }

    @Test func readingACardIsNoNewInsertion() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let watch = try Watch()
        let card = try await pcscd.insert(CardDescription(.akis))
        try await watch.next(\.isPresent)
        let opensc = try await OpenSC(pcscd)
        for _ in 0..<3 { #expect(try await opensc.pkcs11("-L").text.contains("AKIS_")) }
        try await card.remove()
        try await watch.next { $0 == .none }
        #expect(watch.told.all.compactMap { $0.readers.first?.card.insertion } == [1])
    }

    @Test func aCardHeldByAnotherProgramIsToldAtTheNextLookAndSoIsTheEndOfThat() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let watch = try Watch()
        let card = try await pcscd.insert(CardDescription(.piv))
        let atr = AnswerToReset.piv.bytes
        try await watch.next(\.isPresent)
        let holder = try Holder(of: pcscd.readers[0].name)
        watch.monitor.retry()
        #expect(try await watch.next(\.isExclusive) == .exclusive(atr: atr, insertion: 1))
        holder.letGo()
        watch.monitor.retry()
        #expect(try await watch.next(\.isPresent) == .present(atr: atr, insertion: 1))
        try await card.remove()
    }

    @Test func fiftyRestartsOfTheServiceAreSurvived() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let watch = try Watch()
        let card = try await pcscd.insert(CardDescription(.akis))
        var last = try #require(try await watch.next(\.isPresent).insertion)
        for round in 0..<50 {
            // A crash, the service manager's way, and now and then the way of a terminal.
            let signal = round % 16 == 15 ? SIGINT : round.isMultiple(of: 2) ? SIGKILL : SIGTERM
            try await pcscd.restart(signal: signal)
            try await watch.next(.noService)
            let insertion = try #require(try await watch.next(\.isPresent).insertion)
            #expect(insertion > last)
            last = insertion
        }
        #expect(!watch.told.all.contains { $0.service == .denied })
        try await card.remove()
    }

    @Test func twoHundredCardsInAndOutAreAllSeen() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        let watch = try Watch()
        let card = try await pcscd.insert(CardDescription(.akis))
        try await watch.next(\.isPresent)
        try await card.remove()
        try await watch.next { $0 == .none }
        let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        for round in 1...200 {
            try await card.insert()
            #expect(try await watch.next(\.isPresent).insertion == UInt64(round + 1))
            try await card.remove()
            try await watch.next { $0 == .none }
        }
        // Other tests run beside this one; two hundred leaks would show all the same.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count < before + 100)
    }

    @Test func aMonitorStopsAtAnyMoment() async throws {
        let pcscd = try await PrivatePCSCD(at: .thisProcess).start()
        for round in 0..<50 {
            let watch = try Watch()
            if round.isMultiple(of: 2) { try await watch.next(.watching) }
            watch.monitor.stop()
            watch.monitor.stop()
            await #expect(throws: EventLog<CardSnapshot>.Missed.self) { try await watch.next(.denied) }
        }
        await pcscd.stop()
        let watch = try Watch()
        try await watch.next(.noService)
        watch.monitor.stop()
        try CardMonitor().stop()
    }
}

/// Holds a card for itself alone, as some signing programs do.
private struct Holder {
    private let context: SCARDCONTEXT
    private let card: SCARDHANDLE

    init(of reader: String) throws {
        var context: SCARDCONTEXT = 0
        try #require(SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &context) == SCARD_S_SUCCESS)
        var card: SCARDHANDLE = 0
        var protocolInUse: DWORD = 0
        let result = SCardConnect(
            context, reader, DWORD(SCARD_SHARE_EXCLUSIVE), DWORD(SCARD_PROTOCOL_T1), &card, &protocolInUse)
        try #require(result == SCARD_S_SUCCESS)
        self.context = context
        self.card = card
    }

    func letGo() {
        SCardDisconnect(card, DWORD(SCARD_LEAVE_CARD))
        SCardReleaseContext(context)
    }
}
