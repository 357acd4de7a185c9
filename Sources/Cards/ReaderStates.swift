// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CPCSC
internal import Glibc

/// The list that a wait compares with: one entry for each reader, and one for readers that come and go.
///
/// It owns the names, to which the entries point for as long as they live. For one thread.
final class ReaderStates {
    /// pcsc-lite takes 16 entries, and the last one is ours.
    static let maximumReaders = 15

    private var names: [ReaderName] = []
    /// The readers' entries in the order of `names`, then the one for comings and goings.
    private var entries: [SCARD_READERSTATE] = []

    init() { entries = [Self.entry(#"\\?PnP?\Notification"#)] }

    deinit { for entry in entries { free(UnsafeMutablePointer(mutating: entry.szReader)) } }

    /// Whether a reader was not looked at yet; the next wait then returns at once.
    var hasUnseen: Bool { entries.dropLast().contains { $0.dwCurrentState == DWORD(SCARD_STATE_UNAWARE) } }

    /// Whether the last wait showed that the list of readers is another one.
    var needsNewList: Bool {
        Self.flags(entries[entries.count - 1].dwEventState).contains(.changed)
            || entries.dropLast().contains { Self.flags($0.dwEventState).contains(.unknown) }
    }

    /// Whether pcsc-lite counts comings and goings of readers (since 2.3.0), so that none between two waits is missed.
    var countsReaderEvents: Bool { entries[entries.count - 1].dwCurrentState >> 16 != 0 }

    /// The state of each reader at the last look.
    var observations: [ReaderObservation] {
        zip(names, entries).map { name, entry in
            ReaderObservation(
                name: name, flags: Self.flags(entry.dwCurrentState),
                events: UInt16(truncatingIfNeeded: entry.dwCurrentState >> 16),
                atr: withUnsafeBytes(of: entry.rgbAtr) { Array($0.prefix(Int(entry.cbAtr))) })
        }
    }

    /// Drops the readers that are gone and adds the new ones, unseen. Returns whether there was anything to do.
    func update(to list: [ReaderName]) -> Bool {
        let list = Array(list.prefix(Self.maximumReaders))
        guard list != names else { return false }
        var old = Dictionary(zip(names, entries)) { first, _ in first }
        let notification = entries[entries.count - 1]
        entries = list.map { old.removeValue(forKey: $0) ?? Self.entry($0) } + [notification]
        for entry in old.values { free(UnsafeMutablePointer(mutating: entry.szReader)) }
        names = list
        return true
    }

    /// Makes the next wait return at once with all states: the one way to see a change that has no event.
    func forget() {
        for index in entries.indices.dropLast() { entries[index].dwCurrentState = DWORD(SCARD_STATE_UNAWARE) }
    }

    func withEntries<Result>(_ body: (UnsafeMutableBufferPointer<SCARD_READERSTATE>) -> Result) -> Result {
        entries.withUnsafeMutableBufferPointer { body($0) }
    }

    /// Makes the states that a wait has brought the ones to compare with; the count of events in the upper half stays in.
    func takeOver() {
        for index in entries.indices {
            entries[index].dwCurrentState = entries[index].dwEventState & ~DWORD(SCARD_STATE_CHANGED)
        }
    }

    private static func flags(_ state: DWORD) -> ReaderFlags { ReaderFlags(rawValue: state & 0xFFFF) }

    private static func entry(_ name: ReaderName) -> SCARD_READERSTATE {
        var entry = SCARD_READERSTATE()
        // strdup needs the NUL that ends a C string; names hold none, since the list of them is cut at it.
        entry.szReader = UnsafePointer(strdup(name.octets.map { CChar(bitPattern: $0) } + [0]))
        entry.dwCurrentState = DWORD(SCARD_STATE_UNAWARE)
        return entry
    }
}

/// The lower half of a reader's state word in PC/SC: flags, of which several are set at a time.
struct ReaderFlags: OptionSet, Sendable {
    let rawValue: DWORD

    init(rawValue: DWORD) { self.rawValue = rawValue }

    private init(_ flag: Int32) { rawValue = DWORD(flag) }

    static let changed = ReaderFlags(SCARD_STATE_CHANGED)
    static let unknown = ReaderFlags(SCARD_STATE_UNKNOWN)
    static let unavailable = ReaderFlags(SCARD_STATE_UNAVAILABLE)
    static let present = ReaderFlags(SCARD_STATE_PRESENT)
    static let exclusive = ReaderFlags(SCARD_STATE_EXCLUSIVE)
    static let mute = ReaderFlags(SCARD_STATE_MUTE)
}

/// The state of one reader at one look.
struct ReaderObservation: Sendable, Equatable {
    let name: ReaderName
    let flags: ReaderFlags
    /// The number of cards that `pcscd` saw come and go there, modulo 65,536.
    let events: UInt16
    let atr: [UInt8]
}

/// Turns each look into readers and insertions: the comparison, without pcsc-lite.
///
/// A card that was out and in again between two looks shows by `pcscd`'s count of events alone.
struct InsertionLedger {
    private struct Entry {
        let events: UInt16
        let insertion: UInt64
    }

    private var cards: [ReaderName: Entry] = [:]
    private var last: UInt64 = 0

    /// Compares a look at all readers with the one before.
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
