// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Tells whose slots they are where a module shows two readers under one name.
///
/// **The problem.** PKCS#11 has no other way from a slot to a PC/SC reader than the slot's description, and of two long names that
/// begin alike it shows the same 64 octets. **The rule.** A slot is its reader's by what is on the card: certificates that were read
/// from the card that is in that reader now, or from cards with its answer to reset; then by exclusion, once the module has shown
/// every other card. **Forbidden.** No guess: neither the slots' order nor their numbers say anything about readers, and a
/// mistake would show the state of one card's PIN as the other's.
struct SharedSlots {
    /// The contents of one slot, as the module shows them.
    struct Slot: Equatable {
        /// Ids of the certificates; empty where there is none, or none could be read.
        var certificates: Set<String>
        var serialNumber: [UInt8]
        /// The other readers, by their place, for which the slot may stand as well.
        var rivals: Set<Int>
    }

    /// The known facts about a card in a reader.
    struct Card: Equatable {
        var certificates: Set<String> = []
        /// They are all that this module shows of it.
        var isComplete = false
        var kin: Set<String> = []
    }

    /// The card in the reader that is meant.
    let own: Card
    let rivals: [Card]

    private enum Owner: Hashable {
        case own
        case rival(Int)
    }

    /// The places of the slots of the reader that is meant; nil where that cannot be decided.
    func own(among slots: [Slot]) -> [Int]? {
        var owners = [Owner?](repeating: nil, count: slots.count)
        for (place, slot) in slots.enumerated() {
            let known = possibleOwners(of: slot).filter { !card($0).certificates.isDisjoint(with: slot.certificates) }
            // One certificate on two cards: a copy, or a card that was moved without anybody seeing it.
            if known.count > 1 { return nil }
            owners[place] = slot.rivals.isEmpty ? .own : known.first
        }
        let accounted = Set(owners.compactMap { $0 }.filter { card($0).isComplete })
        for (place, slot) in slots.enumerated() where owners[place] == nil && !slot.certificates.isEmpty {
            let candidates = possibleOwners(of: slot).subtracting(accounted)
            let kin = candidates.filter { !card($0).kin.isDisjoint(with: slot.certificates) }
            owners[place] = candidates.count == 1 ? candidates.first : kin.count == 1 ? kin.first : nil
            if owners[place] == nil, candidates.contains(.own) { return nil }
        }
        var isUnclear = false
        for (place, slot) in slots.enumerated() where owners[place] == nil && slot.certificates.isEmpty {
            let kindred = Set(
                slots.indices.filter { slots[$0].serialNumber == slot.serialNumber }.compactMap { owners[$0] })
            let candidates = possibleOwners(of: slot).subtracting(accounted)
            if !slot.serialNumber.isEmpty, kindred.count == 1 {
                owners[place] = kindred.first
            } else if kindred.isEmpty, candidates == [.own] {
                owners[place] = .own
            } else if candidates.contains(.own) {
                isUnclear = true
            }
        }
        let places = slots.indices.filter { owners[$0] == .own }
        if !places.isEmpty { return places }
        // Two slots that show the same may be one card's, or its copy's in the reader that is meant.
        let shown = slots.map(\.certificates).filter { !$0.isEmpty }
        return isUnclear || Set(shown).count < shown.count ? nil : []
    }

    private func possibleOwners(of slot: Slot) -> Set<Owner> { Set(slot.rivals.map(Owner.rival)).union([.own]) }

    private func card(_ owner: Owner) -> Card {
        switch owner {
        case .own: own
        case .rival(let place): rivals[place]
        }
    }
}
