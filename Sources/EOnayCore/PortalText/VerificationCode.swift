// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A verification code of the portal: fifteen decimal digits that stand for one signature, for a few minutes.
///
/// Codes are not for logs: printing, interpolating or dumping a value does not show it; only `digits` does.
public struct VerificationCode: Sendable, Hashable {
    /// The fifteen digits, ASCII.
    public let digits: String

    /// Reads a code as a person pastes it: spaces, line ends and hyphens are dropped, all else must be its fifteen
    /// digits.
    ///
    /// A page may show the groups on lines of their own, with no-break spaces or with real hyphens, and copying keeps
    /// those: they count as spaces and hyphens too.
    public init(_ text: String) throws(InvalidCode) {
        var digits = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case " ", "\t", "\r", "\n", "\u{A0}", "\u{202F}", "-", "\u{2010}", "\u{2011}": continue
            default: throw InvalidCode()
            }
            guard digits.utf8.count <= Self.length else { throw InvalidCode() }
        }
        guard digits.utf8.count == Self.length else { throw InvalidCode() }
        self.digits = digits
    }

    /// The code of a number in `numbers`, with zeros before it.
    public init(number: UInt64) {
        precondition(Self.numbers.contains(number), "more than fifteen digits")
        let digits = String(number)
        self.digits = String(repeating: "0", count: Self.length - digits.utf8.count) + digits
    }

    /// Fifteen digits.
    public static let length = 15

    /// Each number that is a code.
    public static let numbers: Range<UInt64> = 0..<1_000_000_000_000_000
}

extension VerificationCode: CodedAsText {
    public var codedText: String { digits }

    /// The digits alone: programs add no blanks to a code.
    public init(codedText: String) throws {
        guard codedText.utf8.count == Self.length else { throw InvalidCode() }
        try self.init(codedText)
    }
}

extension VerificationCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "VerificationCode" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A text that is no verification code. It never holds the text.
public struct InvalidCode: Error, Equatable, Sendable {
    public init() {}
}

/// A value that travels between programs as one text, and is checked when it arrives.
public protocol CodedAsText: Codable {
    /// The one spelling in which it travels.
    var codedText: String { get }
    /// Throws for a text that is no such value, in that spelling.
    init(codedText: String) throws
}

extension CodedAsText {
    public init(from decoder: any Decoder) throws {
        try self.init(codedText: decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(codedText)
    }
}
