// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TokenJob

/// Two readers under one name: whose slot is whose, or that it cannot be told.
@Suite(.timeLimit(.minutes(1)))
struct SharedSlotsTests {
    private typealias Slot = SharedSlots.Slot
    private typealias Card = SharedSlots.Card

    private func slot(_ certificates: String..., serial: String = "", rivals: Set<Int> = [0]) -> Slot {
        Slot(certificates: Set(certificates), serialNumber: Array(serial.utf8), rivals: rivals)
    }

    private func own(_ slots: [Slot], rivals: [Card], kin: Set<String> = []) -> [Int]? {
        SharedSlots(own: Card(kin: kin), rivals: rivals).own(among: slots)
    }

    private let known = Card(certificates: ["a"], isComplete: true)

    @Test func withoutARivalEverySlotIsTheReaders() {
        #expect(own([slot("a", rivals: []), slot(rivals: [])], rivals: []) == [0, 1])
    }

    @Test func twoCardsOfWhichNothingIsKnownCannotBeTold() {
        #expect(own([slot("a"), slot("b")], rivals: [Card()]) == nil)
    }

    @Test func oneSlotForTwoCardsCannotBeToldEither() {
        #expect(own([slot("b")], rivals: [Card()]) == nil)
    }

    @Test func theOtherIsTheOneThatIsLeft() {
        #expect(own([slot("a"), slot("b")], rivals: [known]) == [1])
        #expect(own([slot("b"), slot("a")], rivals: [known]) == [0])
    }

    @Test func aCardThatTheModuleDoesNotShowIsNoExclusion() {
        // Another module has shown what is known of it, and may show other certificates of the same card.
        #expect(own([slot("b")], rivals: [Card(certificates: ["a"])]) == nil)
        #expect(own([slot("a"), slot("b")], rivals: [Card(certificates: ["a"])]) == nil)
        #expect(own([slot("b")], rivals: [known]) == nil)
    }

    @Test func aCardThatTheModuleDoesNotKnowHasNoSlot() {
        #expect(own([slot("a")], rivals: [known]) == [])
    }

    @Test func kindTellsWhereItIsNotTheSame() {
        #expect(own([slot("b"), slot("a")], rivals: [Card(kin: ["a"])], kin: ["b"]) == [0])
        #expect(own([slot("b")], rivals: [Card(kin: ["a"])], kin: ["b"]) == [0])
        #expect(
            own([slot("a"), slot("b")], rivals: [Card(certificates: ["a"], isComplete: true, kin: ["a"])], kin: []) == [
                1
            ])
        // Two of a kind.
        #expect(own([slot("a"), slot("b")], rivals: [Card(kin: ["a", "b"])], kin: ["a", "b"]) == nil)
    }

    @Test func aCopyOfACertificateIsNoProof() {
        #expect(own([slot("a"), slot("a")], rivals: [known, known]) == nil)
        let both = [slot("a", rivals: [0, 1])]
        #expect(own(both, rivals: [known, known]) == nil)
    }

    @Test func aSecondSlotOfACardIsFoundByItsNumber() {
        let slots = [slot("a", serial: "1"), slot(serial: "1"), slot("b", serial: "2"), slot(serial: "2")]
        #expect(own(slots, rivals: [known]) == [2, 3])
    }

    @Test func cardsOfOneNumberAreNotMixed() {
        // Some makers give every card the same: the empty slot could be either's.
        let slots = [slot("a", serial: "1"), slot(serial: "1"), slot("b", serial: "1")]
        #expect(own(slots, rivals: [known]) == [2])
        #expect(own([slot("a", serial: "1"), slot(serial: "1")], rivals: [known]) == [])
    }

    @Test func anEmptyCardBesideAKnownOneIsTheOther() {
        #expect(own([slot("a", serial: "1"), slot(serial: "2")], rivals: [known]) == [1])
        #expect(own([slot(serial: "2")], rivals: [Card()]) == nil)
    }

    @Test func threeReadersOfOneName() {
        let other = Card(certificates: ["c"], isComplete: true)
        let slots = [slot("a", rivals: [0, 1]), slot("b", rivals: [0, 1]), slot("c", rivals: [0, 1])]
        #expect(own(slots, rivals: [known, other]) == [1])
        #expect(own(slots, rivals: [known, Card()]) == nil)
    }
}
