// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Cards

@Suite(.timeLimit(.minutes(1)))
struct InsertionLedgerTests {
    private let atr: [UInt8] = [0x3B, 0x00]

    private func look(
        _ flags: ReaderFlags, events: UInt16 = 1, atr: [UInt8] = [0x3B, 0x00], reader: String = "R"
    ) -> ReaderObservation {
        ReaderObservation(
            name: ReaderName(reader), flags: flags, events: events, atr: flags.contains(.present) ? atr : [])
    }

    @Test func aCardThatStaysIsTheSameInsertion() {
        var ledger = InsertionLedger()
        #expect(ledger.readers([look([])]) == [ReaderState(name: "R", card: .none)])
        let first = ledger.readers([look(.present, events: 2)])
        #expect(first == [ReaderState(name: "R", card: .present(atr: atr, insertion: 1))])
        #expect(ledger.readers([look([.present, .changed], events: 2)]) == first)
    }

    @Test func aCardThatWasOutBetweenTwoLooksIsANewInsertion() {
        var ledger = InsertionLedger()
        _ = ledger.readers([look(.present, events: 1)])
        #expect(ledger.readers([look(.present, events: 3)])[0].card == .present(atr: atr, insertion: 2))
    }

    @Test func theCountOfEventsMayStartAnew() {
        var ledger = InsertionLedger()
        _ = ledger.readers([look(.present, events: .max)])
        #expect(ledger.readers([look(.present, events: 1)])[0].card.insertion == 2)
    }

    @Test func aCardAfterARestartOfTheServiceIsANewInsertion() {
        var ledger = InsertionLedger()
        _ = ledger.readers([look(.present, events: 0)])
        ledger.forget()
        #expect(ledger.readers([look(.present, events: 0)])[0].card.insertion == 2)
    }

    @Test func aCardThatIsHeldByAnotherIsExclusiveAndKeepsItsInsertion() {
        var ledger = InsertionLedger()
        _ = ledger.readers([look(.present)])
        #expect(ledger.readers([look([.present, .exclusive])])[0].card == .exclusive(atr: atr, insertion: 1))
        #expect(ledger.readers([look(.present)])[0].card == .present(atr: atr, insertion: 1))
    }

    @Test func aCardThatDoesNotAnswerIsMute() {
        var ledger = InsertionLedger()
        #expect(ledger.readers([look([.present, .mute], atr: [])])[0].card == .mute(insertion: 1))
        #expect(ledger.readers([look([.present], atr: [])])[0].card == .mute(insertion: 1))
    }

    @Test func aReaderThatGoesTakesItsCardWithIt() {
        var ledger = InsertionLedger()
        _ = ledger.readers([look(.present), look(.present, reader: "S")])
        #expect(ledger.readers([look(.present, reader: "S")]).map(\.card.insertion) == [2])
        #expect(ledger.readers([look(.present), look(.present, reader: "S")]).map(\.card.insertion) == [3, 2])
    }

    @Test func aReaderThatIsUnknownOrUnavailableHasNoCard() {
        var ledger = InsertionLedger()
        #expect(ledger.readers([look([.present, .unavailable])])[0].card == .none)
        #expect(ledger.readers([look([.present, .unknown])])[0].card == .none)
    }
}
