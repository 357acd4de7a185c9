// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Dispatch
public import VirtualCard

/// A card in a test's hand. Its thread and its place in the reader end with the last reference.
public final class TestCard: Sendable {
    public let description: CardDescription
    /// All that happens to the card, to wait for: `try await card.events.next(.signing)`.
    public let events: EventLog<CardEvent>
    private let card: VirtualCard

    /// Makes the card, out of the reader.
    public init(_ description: CardDescription, in reader: TestReader) throws {
        self.description = description
        let events = EventLog<CardEvent>("card in \(reader.name)")
        self.events = events
        card = try VirtualCard(description, in: reader.address) { events.append($0) }
    }

    deinit { card.end() }

    public var pin: String { description.pin }

    /// Sends a command and does not wait.
    public func send(_ command: CardCommand) { card.send(command) }

    /// Puts it in and returns when pcscd has powered it up; a mute card is powered up as well, in vain.
    public func insert() async throws {
        events.skip()
        card.send(.insert)
        try await events.next(.powered)
    }

    /// Pulls it out and returns when pcscd has taken note of it.
    public func remove() async throws {
        events.skip()
        card.send(.remove)
        try await events.next(.removed)
        try await events.next(.removalSeen)
    }

    /// Waits until it is asked to sign. With a `signatureDelay` there is then time to do something to it.
    public func signing(within limit: DispatchTimeInterval = .seconds(20)) async throws {
        try await events.next(.signing, within: limit)
    }
}

/// A reader of a private pcscd.
public struct TestReader: Sendable, Equatable {
    /// As PC/SC names it; what is no UTF-8 is replaced.
    public let name: String
    /// The name's own octets.
    public let octets: [UInt8]
    /// The place into which cards are put.
    public let address: ReaderAddress

    public init(name: String, address: ReaderAddress) { self.init(octets: Array(name.utf8), address: address) }

    public init(octets: [UInt8], address: ReaderAddress) {
        name = String(decoding: octets, as: UTF8.self)
        self.octets = octets
        self.address = address
    }

    /// The device name for pcscd's configuration. It must begin with an existing file.
    var device: String {
        switch address {
        case .virtualReader(let path): "/dev/null:\(path)"
        case .vpcd(let port): "/dev/null:\(port)"
        }
    }
}
