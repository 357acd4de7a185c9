// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import CVirtualCard
internal import Glibc
internal import Synchronization
internal import SystemBasics

/// A command to a card that is running.
public enum CardCommand: Sendable, Equatable {
    /// Puts it in. `CardEvent.inserted` follows when the reader has it.
    case insert
    /// Pulls it out, whatever it is doing. `CardEvent.removed` follows.
    case remove
    /// Pulls it out when the n-th APDU from now arrives (1: the next one), before it is answered.
    case removeAt(apdu: Int)
    /// Pulls it out when the next signature is asked for, before it is answered.
    case removeInSignature
    /// Takes back `removeAt` and `removeInSignature`.
    case keepIn
    /// Answers each signature this much later.
    case signatureDelay(milliseconds: Int)
    /// Sets how many wrong PINs are left; 0 locks it.
    case triesLeft(Int)
    /// Makes it answer no reset any more, or again.
    case mute(Bool)

    /// Reads a line such as "remove-at 12"; nil where it is none of the commands.
    public init?(line: String) {
        let words = line.split(separator: " ")
        let number = words.count == 2 ? Int(words[1]).flatMap { $0 >= 0 ? $0 : nil } : nil
        switch (words.first, words.count, number) {
        case ("insert", 1, _): self = .insert
        case ("remove", 1, _): self = .remove
        case ("remove-at", _, let number?) where number > 0: self = .removeAt(apdu: number)
        case ("remove-in-signature", 1, _): self = .removeInSignature
        case ("keep-in", 1, _): self = .keepIn
        case ("signature-delay", _, let number?): self = .signatureDelay(milliseconds: number)
        case ("tries-left", _, let number?): self = .triesLeft(number)
        case ("mute", 2, _) where words[1] == "on" || words[1] == "off": self = .mute(words[1] == "on")
        default: return nil
        }
    }

    /// The lines that `init(line:)` reads, for people.
    public static let help = """
        insert, remove, remove-at N, remove-in-signature, keep-in, signature-delay MILLISECONDS, tries-left N, \
        mute on|off
        """
}

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
    /// The PIN has a new value.
    case pinSet
    case pukWrong(triesLeft: Int)
    case pukLocked
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
        case .pinSet: "pin set"
        case .pukWrong(let triesLeft): "puk wrong, \(triesLeft) left"
        case .pukLocked: "puk locked"
        case .signing: "signing"
        case .signed: "signed"
        case .set: "set"
        case .failed(let reason): "failed: \(reason)"
        }
    }
}

/// Commands on their way to a card's thread, and the descriptor that wakes it.
final class CardMailbox: Sendable {
    private struct Content {
        var commands: [CardCommand] = []
        var isEnded = false
    }

    private let content = Mutex(Content())
    private let wake: Descriptor

    init() throws {
        wake = Descriptor(owning: try SystemError.check(eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "eventfd"))
    }

    /// Readable while there is something to fetch.
    var descriptor: Int32 { wake.number }

    func send(_ command: CardCommand) {
        content.withLock { $0.commands.append(command) }
        eventfd_write(wake.number, 1)
    }

    func end() {
        content.withLock { $0.isEnded = true }
        eventfd_write(wake.number, 1)
    }

    /// The commands so far; nil when there are none left and the card is to end.
    func fetch() -> [CardCommand]? {
        var count: eventfd_t = 0
        // Before the look, so that a command sent in between wakes the thread again. Fails where nothing was sent.
        eventfd_read(wake.number, &count)
        return content.withLock { content in
            defer { content.commands = [] }
            return content.isEnded && content.commands.isEmpty ? nil : content.commands
        }
    }
}
