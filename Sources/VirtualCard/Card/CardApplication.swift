// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An application on a card: answers whole commands, after the transport has put chained ones together.
protocol CardApplication: Sendable {
    /// The user's PIN; nil where the card has none.
    var pin: PINCounter? { get set }

    /// Forgets what a loss of power takes: selected file, verified PIN.
    mutating func reset()

    mutating func answer(_ command: CommandAPDU) -> Response

    /// Whether the command makes the card sign; such a one can be slow, or the last one of a card being pulled.
    func isSignature(_ command: CommandAPDU) -> Bool
}

/// A card that is alive and understands nothing.
struct UnknownApplication: CardApplication {
    var pin: PINCounter?

    mutating func reset() {}
    mutating func answer(_ command: CommandAPDU) -> Response { .failed(.unknownClass) }
    func isSignature(_ command: CommandAPDU) -> Bool { false }
}
