// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A family of cards and tokens, as its answer to reset shows: which driver it needs, and not what is on it.
///
/// AKİS is also the national identity card: the same chip, the same answer, and a signature on some of them.
public enum CardFamily: String, CaseIterable, Sendable {
    case akis
    case eToken = "etoken"
    case idPrime = "idprime"
    case safeSign = "safesign"
    case idProtect = "idprotect"
    case cardOS = "cardos"

    /// The family of a card with this answer to reset (ISO/IEC 7816-3); nil where it is none that we know.
    public init?(answerToReset: [UInt8]) {
        guard let pattern = Self.pattern(of: answerToReset) else { return nil }
        self = pattern.family
    }

    /// The name that its makers use.
    public var name: String {
        switch self {
        case .akis: "AKİS"
        case .eToken: "SafeNet eToken"
        case .idPrime: "SafeNet IDPrime"
        case .safeSign: "SafeSign"
        case .idProtect: "Athena IDProtect"
        case .cardOS: "CardOS"
        }
    }

    /// The driver to install for it: the first of the table.
    public var driver: CardDriver? { CardDriver.all.first { $0.families.contains(self) } }

    /// Whether the certificates of a card with this answer to reset can be read without a driver: AKİS 1.0 and 2.x.
    public static func isReadableWithoutDriver(_ answerToReset: [UInt8]) -> Bool {
        pattern(of: answerToReset)?.isReadable == true
    }

    /// The mark of a family in its cards' answer to reset.
    public struct Pattern: Sendable {
        public let family: CardFamily
        /// The historical bytes, as hexadecimal digits with a point for each that differs from card to card.
        public let historicalBytes: String
        /// The cards that are meant, in their makers' words.
        public let cards: String
        /// Whether certificates can be read before a PIN, and without a key to speak with the card.
        public var isReadable = false
    }

    /// Historical bytes and not whole answers: the others differ from chip to chip, and two published answers have a wrong check byte. Made
    /// anew at each look, so that a resident process does not keep it.
    public static var patterns: [Pattern] {
        [
            Pattern(
                family: .akis, historicalBytes: "55 45 4B 41 45 20 56 31 2E 30", cards: "AKİS 1.0", isReadable: true),
            Pattern(
                family: .akis, historicalBytes: "80 67 55 45 4B 41 45 .. .. 31 80 73 B3 A1 80", cards: "AKİS 1.1 – 1.3"),
            Pattern(
                family: .akis, historicalBytes: "80 65 54 43 .. .. .. 31 C0 73 F. .1 80 81 ..",
                cards: "AKİS 2.x, T.C. Kimlik Kartı", isReadable: true),
            Pattern(
                family: .akis, historicalBytes: "80 66 68 32 .9 .. .. .. 31 95 81 05", cards: "AKİS V3"),
            Pattern(family: .eToken, historicalBytes: "80 73 C8 21 10", cards: "eToken"),
            Pattern(
                family: .idPrime, historicalBytes: "80 31 80 65 B0 .. .. .. .. 12 0F F. 82 90 00",
                cards: "IDPrime, newer eTokens"),
            Pattern(family: .safeSign, historicalBytes: "80 67 04 12 B0 03 0. 00 00 81 05", cards: "STARCOS 3.x"),
            Pattern(family: .idProtect, historicalBytes: "80 73 C8 21 13", cards: "IDProtect"),
            Pattern(family: .cardOS, historicalBytes: "C8 ..", cards: "CardOS 4.x"),
            Pattern(family: .cardOS, historicalBytes: "C9 ..", cards: "CardOS 5.x"),
        ]
    }

    private static func pattern(of answerToReset: [UInt8]) -> Pattern? {
        guard let bytes = historicalBytes(of: answerToReset) else { return nil }
        return patterns.first { $0.matches(bytes) }
    }

    /// The bytes with which a card's maker says what it is; nil where the answer is cut off before their end.
    private static func historicalBytes(of answer: [UInt8]) -> ArraySlice<UInt8>? {
        guard answer.count >= 2 else { return nil }
        var (index, format) = (2, answer[1])
        // The upper half of a format byte says which of four bytes follow; the last of them is the next format byte.
        while true {
            index += (4...6).count { format & 1 << $0 != 0 }
            guard format & 0x80 != 0 else { break }
            guard index < answer.count else { return nil }
            format = answer[index]
            index += 1
        }
        let end = index + Int(answer[1] & 0x0F)
        return end <= answer.count ? answer[index..<end] : nil
    }
}

extension CardFamily.Pattern {
    fileprivate func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        var digits = historicalBytes.utf8.filter { $0 != UInt8(ascii: " ") }[...]
        guard digits.count == bytes.count * 2 else { return false }
        return bytes.allSatisfy { byte in
            [byte >> 4, byte & 0x0F].allSatisfy { half in
                let digit = digits.removeFirst()
                return digit == UInt8(ascii: ".") || digit == (half < 10 ? 0x30 + half : 0x37 + half)
            }
        }
    }
}
