// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// An event of a card, delivered in the order in which they happen.
public enum CardEvent: Sendable, Equatable {
    /// There is no reader yet; the card goes in as soon as there is one.
    case waitingForReader
    /// It is in the reader. pcscd takes notice a moment later: `powered`.
    case inserted
    /// It was pulled out.
    case removed
    /// pcscd has taken note of the removal: who asks for the card now is told that there is none. vsmartcard's reader cannot tell
    /// that; there it follows `removed` at once.
    case removalSeen
    /// The reader went away with the card in it.
    case readerGone
    case powered
    case unpowered
    case reset
    /// The n-th APDU since the card was put in has arrived.
    case apdu(Int)
    case pinRight
    case pinWrong(triesLeft: Int)
    case pinLocked
    /// A signature was asked for; the delay begins.
    case signing
    /// The signature has been sent.
    case signed
    /// A command that changes the card, and not its place, has been carried out.
    case set
    /// The card could not be put in.
    case failed(String)

    /// One line, as `eonay-vcard` prints it.
    public var line: String {
        switch self {
        case .waitingForReader: "waiting for the reader"
        case .inserted: "inserted"
        case .removed: "removed"
        case .removalSeen: "removal seen"
        case .readerGone: "reader gone"
        case .powered: "powered"
        case .unpowered: "unpowered"
        case .reset: "reset"
        case .apdu(let number): "apdu \(number)"
        case .pinRight: "pin right"
        case .pinWrong(let triesLeft): "pin wrong, \(triesLeft) left"
        case .pinLocked: "pin locked"
        case .signing: "signing"
        case .signed: "signed"
        case .set: "set"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}
