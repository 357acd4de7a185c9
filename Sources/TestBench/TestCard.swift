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
