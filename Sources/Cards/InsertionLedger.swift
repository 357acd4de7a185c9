// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Turns what each look told into readers and insertions: the comparing, with no pcsc-lite in it.
///
/// A card that was out and in again between two looks shows by `pcscd`'s count of events alone.
struct InsertionLedger {
    private struct Entry {
        let events: UInt16
        let insertion: UInt64
    }

    private var cards: [ReaderName: Entry] = [:]
    private var last: UInt64 = 0

    /// Takes note of a look at all readers.
    mutating func readers(_ observations: [ReaderObservation]) -> [ReaderState] {
        var present: [ReaderName: Entry] = [:]
        let readers = observations.map { observation in
            guard observation.flags.contains(.present), observation.flags.isDisjoint(with: [.unknown, .unavailable])
            else { return ReaderState(name: observation.name, card: .none) }
            let entry = entry(observation)
            present[observation.name] = entry
            return ReaderState(name: observation.name, card: presence(observation, entry.insertion))
        }
        cards = present
        return readers
    }

    /// Forgets all cards: after a restart of `pcscd` each is a new insertion, reset at least and perhaps another one.
    mutating func forget() { cards = [:] }

    private mutating func entry(_ observation: ReaderObservation) -> Entry {
        if let known = cards[observation.name], known.events == observation.events { return known }
        last += 1
        return Entry(events: observation.events, insertion: last)
    }

    private func presence(_ observation: ReaderObservation, _ insertion: UInt64) -> CardPresence {
        if observation.flags.contains(.exclusive) { return .exclusive(atr: observation.atr, insertion: insertion) }
        // A card that could not be powered up is marked as mute, or has no answer to reset.
        if observation.flags.contains(.mute) || observation.atr.isEmpty { return .mute(insertion: insertion) }
        return .present(atr: observation.atr, insertion: insertion)
    }
}
