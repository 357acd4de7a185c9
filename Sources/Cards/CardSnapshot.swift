// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// All readers and what is in them, at one moment.
public struct CardSnapshot: Sendable, Equatable {
    /// Whether there is a smart-card service to ask.
    public enum Service: String, Sendable, CaseIterable {
        /// There was no answer yet.
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
    /// A card that another program holds for itself alone; `CardWatcher.holder(of:)` may know which. No event shows the
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

/// The name by which PC/SC knows a reader, such as "ACS ACR39U ICC Reader 00 00": octets in no certain encoding.
///
/// It comes from the reader's USB descriptor or from pcscd's configuration. PC/SC and the modules are given the octets as they
/// are; a repaired name would name no reader. Two names that look alike when repaired stay two.
public struct ReaderName: Hashable, Sendable, Comparable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let octets: [UInt8]

    public init(_ octets: [UInt8]) { self.octets = octets }

    public init(_ text: String) { octets = Array(text.utf8) }

    public init(stringLiteral text: String) { self.init(text) }

    /// For people: what is no UTF-8 is replaced by U+FFFD.
    public var shown: String { String(decoding: octets, as: UTF8.self) }

    public var description: String { shown }

    public static func < (left: Self, right: Self) -> Bool { left.octets.lexicographicallyPrecedes(right.octets) }

    /// Whether a module that cuts long names may show both readers under one. PKCS#11 leaves a name 64 octets, of which some
    /// modules use the last ones to say that it was cut.
    public func isAlike(_ other: ReaderName) -> Bool {
        octets.prefix(Self.shortestCut) == other.octets.prefix(Self.shortestCut)
    }

    private static let shortestCut = 57
}
