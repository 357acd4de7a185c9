// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The readers and the cards in them at one moment, as PC/SC shows them.
public struct ReaderSurvey: Codable, Sendable, Equatable {
    /// The state of `pcscd`.
    public enum Service: String, Codable, CaseIterable, Sendable {
        case running
        /// It is installed, and no process listens.
        case stopped
        case missing
        /// It refuses this user or this session, as polkit has it.
        case denied
    }

    public var service: Service
    /// In `pcscd`'s order.
    public var readers: [SurveyedReader]
    /// The other programs that have a connection to `pcscd`, as "name (pid)"; none where the system does not show them.
    public var clients: [String]

    /// Creates the value from its fields.
    public init(service: Service, readers: [SurveyedReader], clients: [String]) {
        self.service = service
        self.readers = readers
        self.clients = clients
    }
}

/// A reader, and what is in it.
public struct SurveyedReader: Codable, Sendable, Equatable {
    /// The contents of a reader.
    public enum Card: String, Codable, CaseIterable, Sendable {
        case none
        case present
        /// A card that does not answer.
        case mute
        /// Another program holds the card for itself alone.
        case held
    }

    /// The name as PC/SC gives it: octets in no certain encoding.
    public var name: [UInt8]
    public var card: Card
    /// The card's answer to reset; 33 bytes at most.
    public var atr: [UInt8]

    /// Creates the value from its fields.
    public init(name: [UInt8], card: Card, atr: [UInt8]) {
        self.name = name
        self.card = card
        self.atr = atr
    }
}
