// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
