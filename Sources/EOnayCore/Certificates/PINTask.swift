// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// How a card's PIN is given a new value. The raw value is the word of the bus.
public enum PINTask: String, Codable, Sendable, CaseIterable {
    /// By the present PIN.
    case change
    /// By the PUK, because the PIN is locked or forgotten.
    case unblock
}

/// A token's facts about its PIN besides the state: the rules for a new one, and its PUK.
public struct PINFacts: Codable, Sendable, Equatable {
    /// The fewest and the most octets that a PIN may have; both 0 where the token does not say.
    public var shortest: UInt32
    public var longest: UInt32
    /// The card wants a new PIN before it signs.
    public var mustChange: Bool
    /// The state of the PUK, which is PKCS#11's SO PIN, by the token's flags.
    public var pukState: PINState

    /// Creates the value from its fields.
    public init(
        shortest: UInt32 = 0, longest: UInt32 = 0, mustChange: Bool = false, pukState: PINState = .unknown
    ) {
        (self.shortest, self.longest) = (shortest, longest)
        (self.mustChange, self.pukState) = (mustChange, pukState)
    }
}
