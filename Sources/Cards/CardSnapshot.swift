// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// All readers and what is in them, at one moment.
public struct CardSnapshot: Sendable, Equatable {
    /// Whether there is a smart-card service to ask.
    public enum Service: String, Sendable, CaseIterable {
        /// Nobody has answered yet.
        case starting
        /// There are readers, and they are watched.
        case watching
        /// `pcscd` does not run; its coming is waited for.
        case noService
        /// `pcscd` runs and has no reader.
        case noReader
        /// `pcscd` refuses this user or this session (SCARD_W_SECURITY_VIOLATION); see `CardWatcher.retry()`.
        case denied
    }

    public var service: Service
    /// The readers in `pcscd`'s order; empty unless `service` is `.watching`.
    public var readers: [ReaderState]

    /// Creates a snapshot.
    public init(service: Service, readers: [ReaderState] = []) {
        self.service = service
        self.readers = readers
    }
}

/// One reader and what is in it.
public struct ReaderState: Sendable, Equatable {
    public var name: ReaderName
    public var card: CardPresence

    /// Creates a reader's state.
    public init(name: ReaderName, card: CardPresence) {
        self.name = name
        self.card = card
    }
}

/// The contents of a reader.
///
/// An `insertion` is never used twice while the process lives: as long as it is the same, the card was neither taken out
/// nor reset by a restart of `pcscd`. `atr` is the answer to reset (ISO/IEC 7816-3), 33 bytes at most.
public enum CardPresence: Sendable, Equatable {
    /// No card.
    case none
    /// A card that answers.
    case present(atr: [UInt8], insertion: UInt64)
    /// A card that does not answer: dead, or put in the wrong way round.
    case mute(insertion: UInt64)
    /// A card that another program holds for itself alone; `CardWatcher.holder(of:)` may know which. No event tells the
    /// end of that: ask for a new look by `CardWatcher.retry()`.
    case exclusive(atr: [UInt8], insertion: UInt64)

    /// The insertion of the card; nil where there is none.
    public var insertion: UInt64? {
        switch self {
        case .none: nil
        case .present(_, let insertion), .mute(let insertion), .exclusive(_, let insertion): insertion
        }
    }
}
