// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import TestBench
import Testing

/// The monitor before a stub of pcscd, for what a real one does too seldom or cannot be made to do.
@Suite(.timeLimit(.minutes(1)))
struct CardMonitorStubTests {
    private let atr: [UInt8] = [0x3B, 0x88, 0x80, 0x01]

    @Test func aReaderThatIsPluggedInIsToldAndSoIsItsEnd() async throws {
        let stub = try await StubPCSCD([])
        let watch = try Watch()
        try await watch.next(.noReader)
        stub.change { $0 = [StubReader(name: "A")] }
        #expect(try await watch.next(.watching).readers.map(\.name.shown) == ["A"])
        stub.change { [atr] in $0.append(StubReader(name: "B", atr: atr)) }
        let both = try await watch.told.next { $0.readers.count == 2 }
        #expect(both.readers[1].card == .present(atr: atr, insertion: 1))
        stub.change { $0.removeFirst() }
        #expect(try await watch.next(.watching).readers == [ReaderState(name: "B", card: both.readers[1].card)])
        stub.change { $0 = [] }
        try await watch.next(.noReader)
    }

    /// pcsc-lite 1.9.9 compares the number of readers with that at the beginning of its wait.
    @Test(arguments: 1...2) func aReaderThatComesBetweenListAndWaitIsNotMissed(question: Int) async throws {
        let stub = try await StubPCSCD([StubReader(name: "A")])
        stub.changeAfter(question: question) { $0.append(StubReader(name: "B")) }
        let watch = try Watch()
        #expect(try await watch.told.next { $0.readers.count == 2 }.readers.map(\.name.shown) == ["A", "B"])
    }

    @Test(arguments: 1...3) func aReaderThatGoesBetweenListAndWaitIsNotKept(question: Int) async throws {
        let stub = try await StubPCSCD([StubReader(name: "A"), StubReader(name: "B", atr: atr)])
        stub.changeAfter(question: question) { $0.removeLast() }
        let watch = try Watch()
        if question == 3 {
            // Where pcsc-lite counts comings and goings, nothing asks a third time unless it is told to.
            try await watch.told.next { $0.readers.count == 2 }
            watch.monitor.retry()
        }
        try await watch.told.next { $0.readers.map(\.name.shown) == ["A"] }
    }

    @Test func aReaderThatIsExchangedForAnotherIsToldThoughTheirNumberIsTheSame() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A", atr: atr)])
        let watch = try Watch()
        try await watch.next(\.isPresent)
        stub.change { [atr] in $0 = [StubReader(name: "B", atr: atr)] }
        #expect(try await watch.told.next { $0.readers.map(\.name.shown) == ["B"] }.readers[0].card.insertion == 2)
    }

    @Test func aCardThatWasOutBetweenTwoLooksIsToldAsANewOne() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A", events: 1, atr: atr)])
        let watch = try Watch()
        #expect(try await watch.next(\.isPresent) == .present(atr: atr, insertion: 1))
        stub.change { $0[0].events += 2 }
        #expect(try await watch.next(\.isPresent) == .present(atr: atr, insertion: 2))
    }

    @Test func anExclusiveHoldIsToldWithAnyOtherEvent() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A", events: 1, atr: atr), StubReader(name: "B")])
        let watch = try Watch()
        try await watch.next(\.isPresent)
        stub.changeSilently { $0[0].isHeldExclusively = true }
        stub.change { [atr] in $0[1] = StubReader(name: "B", events: 1, atr: atr) }
        #expect(try await watch.next(reader: 1, \.isPresent).insertion == 2)
        #expect(watch.told.all.last?.readers[0].card == .exclusive(atr: atr, insertion: 1))
    }

    @Test func aReaderThatDoesNotWorkHasNoCardUntilItDoes() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A", events: 1, atr: atr)])
        let watch = try Watch()
        try await watch.next(\.isPresent)
        stub.change { $0[0].isBroken = true }
        try await watch.next { $0 == .none }
        stub.change { $0[0].isBroken = false }
        #expect(try await watch.next(\.isPresent).insertion == 2)
    }

    @Test func moreReadersThanPCSCLiteWaitsForAreCut() async throws {
        let names = (0..<16).map { "Reader \($0)" }
        let stub = try await StubPCSCD(names.map { StubReader(name: $0) })
        let watch = try Watch()
        #expect(try await watch.next(.watching).readers.map(\.name.shown) == Array(names.prefix(15)))
        stub.change { [atr] in $0[14] = StubReader(name: "Reader 14", events: 1, atr: atr) }
        try await watch.next(reader: 14, \.isPresent)
    }

    @Test func aRefusalIsToldAndTakenBackAtTheNextTry() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A")], .refusing)
        let watch = try Watch()
        try await watch.next(.denied)
        #expect(watch.told.all.map(\.service) == [.denied])
        stub.behave(.serving)
        watch.monitor.retry()
        try await watch.next(.watching)
    }

    /// The library may give them any names and any order.
    @Test(
        arguments: [
            [.reset], [.end], [.atOnce], [.reset, .end], [.reset, .atOnce], [.end, .atOnce, .reset],
            [.reset, .reset, .reset, .reset, .reset, .end, .atOnce], [.atOnce, .reset, .reset, .end, .end],
        ] as [[StubPCSCD.TurnAway]])
    func aRefusalWithoutAWordIsTold(ways: [StubPCSCD.TurnAway]) async throws {
        let stub = try await StubPCSCD([StubReader(name: "A")], .turningAway(ways))
        let watch = try Watch()
        try await watch.next(.denied)
        #expect(watch.told.all.map(\.service) == [.denied])
        // The next refusals change nothing.
        let before = stub.refusals
        watch.monitor.retry()
        stub.behave(.serving)
        watch.monitor.retry()
        try await watch.next(.watching)
        #expect(stub.refusals >= before)
        #expect(!watch.told.all.map(\.service).contains(.noService))
    }

    @Test func aServiceThatClosesEachConnectionIsNone() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A")], .closing)
        let watch = try Watch()
        stub.behave(.closing)
        try await watch.told.next { $0.service == .noService || $0.service == .denied }
        stub.behave(.serving)
        watch.monitor.retry()
        try await watch.next(.watching)
    }

    @Test func aStaleSocketIsNoServiceUntilSomebodyListensThere() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A")])
        let watch = try Watch()
        try await watch.next(.watching)
        stub.close()
        try await watch.next(.noService)
        try stub.open()
        try await watch.next(.watching)
    }

    @Test func theEndIsNotHeldUpByAServiceThatKeepsSilent() async throws {
        let stub = try await StubPCSCD([StubReader(name: "A")], .silent)
        let watch = try Watch()
        watch.monitor.stop()
        await #expect(throws: EventLog<CardSnapshot>.Missed.self) { try await watch.next(.watching) }
        stub.close()
    }
}
