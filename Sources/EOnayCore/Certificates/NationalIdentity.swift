// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A T.C. Kimlik No: the eleven digits by which Turkey numbers a person.
///
/// It is personal data. Printing, interpolating or dumping a value shows it masked; only `digits` says it whole.
public struct NationalIdentity: Sendable, Hashable {
    /// The eleven digits, ASCII.
    public let digits: String

    /// A number that somebody typed: its checksum must hold, or `InvalidIdentity` is thrown.
    public init(typed text: String) throws(InvalidIdentity) {
        let values = try Self.values(text)
        guard Self.hasChecksum(values) else { throw InvalidIdentity(reason: .checksum) }
        digits = text
    }

    /// The number that a certificate bears (`serialNumber`, 2.5.4.5): eleven digits, whatever their checksum.
    ///
    /// Kamu SM's test certificates fail the checksum, so a failing one is no reason to doubt a certificate.
    public init(certified text: String) throws(InvalidIdentity) {
        _ = try Self.values(text)
        digits = text
    }

    /// Whether the last two digits are the sums that the numbering demands.
    public var hasValidChecksum: Bool { Self.hasChecksum(digits.utf8.map { Int($0) - 0x30 }) }

    /// The first three digits, then one `*` for each that is kept back.
    public var masked: String { digits.prefix(3) + String(repeating: "*", count: Self.length - 3) }

    private static let length = 11

    private static func values(_ text: String) throws(InvalidIdentity) -> [Int] {
        let octets = Array(text.utf8)
        guard octets.count == length else { throw InvalidIdentity(reason: .length) }
        guard octets.allSatisfy({ (0x30...0x39).contains($0) }) else { throw InvalidIdentity(reason: .character) }
        return octets.map { Int($0) - 0x30 }
    }

    /// d10 = 7·(d1+d3+d5+d7+d9) − (d2+d4+d6+d8), d11 = d1+…+d10, both modulo 10; d1 is not 0.
    private static func hasChecksum(_ digits: [Int]) -> Bool {
        guard digits[0] != 0 else { return false }
        let odd = stride(from: 0, to: 9, by: 2).reduce(0) { $0 + digits[$1] }
        let even = stride(from: 1, to: 8, by: 2).reduce(0) { $0 + digits[$1] }
        // The difference can be negative, and % keeps its sign: 19090909018 is a valid number with −29 here.
        let tenth = ((7 * odd - even) % 10 + 10) % 10
        let eleventh = digits[..<10].reduce(0, +) % 10
        return digits[9] == tenth && digits[10] == eleventh
    }
}

extension NationalIdentity: CodedAsText {
    public var codedText: String { digits }

    public init(codedText: String) throws { try self.init(certified: codedText) }
}

extension NationalIdentity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { masked }
    public var debugDescription: String { masked }
    public var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}

/// Why a text is no T.C. Kimlik No. It never holds the text.
public struct InvalidIdentity: Error, Equatable, Sendable {
    public enum Reason: Sendable {
        /// Not eleven octets.
        case length
        /// Something other than an ASCII digit.
        case character
        /// Eleven digits that are nobody's number.
        case checksum
    }

    public let reason: Reason

    public init(reason: Reason) { self.reason = reason }
}
