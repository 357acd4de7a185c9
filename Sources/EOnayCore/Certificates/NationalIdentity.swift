// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A T.C. Kimlik No: the eleven digits by which Turkey numbers a person.
///
/// It is personal data. Printing, interpolating or dumping a value shows it masked; only `digits` says it whole.
public struct NationalIdentity: Sendable, Hashable {
    /// The eleven digits, ASCII.
    public let digits: String

    /// A number that a person typed: its checksum must hold, or `InvalidIdentity` is thrown.
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
        /// Eleven digits that cannot be a number.
        case checksum
    }

    public let reason: Reason
}

/// The kind of the number in a certificate's subject (serialNumber, 2.5.4.5), by its form.
///
/// The checksum does not count: Kamu SM's test persons fail it.
public enum IdentityKind: String, Codable, Sendable, CaseIterable {
    /// T.C. Kimlik No: eleven digits.
    case citizen
    /// Yabancı Kimlik No: eleven digits that begin with 99.
    case foreigner
    /// Vergi Kimlik No: ten digits.
    case taxpayer
    /// Any other number by which a provider numbers its subjects.
    case other
    /// There is no number.
    case none

    /// The kind of a number, whole or masked (`IdentityMask`, `NationalIdentity.masked`): its first three digits are there.
    public init(_ number: String) {
        let octets = Array(number.utf8)
        // ETSI EN 319 412-1, 5.1.3: the kind of number and the country stand before the number itself.
        let prefixes = ["PNOTR-", "TINTR-", "VATTR-"].map { Array($0.utf8) }
        let digits = prefixes.first { octets.starts(with: $0) }.map { octets[$0.count...] } ?? octets[...]
        guard !octets.isEmpty else {
            self = .none
            return
        }
        let isNumber =
            digits.prefix(3).allSatisfy { (0x30...0x39).contains($0) }
            && digits.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "*") }
        switch digits.count {
        case 11 where isNumber && digits.starts(with: "99".utf8): self = .foreigner
        case 11 where isNumber && digits.first != UInt8(ascii: "0"): self = .citizen
        case 10 where isNumber: self = .taxpayer
        default: self = .other
        }
    }
}

/// Hides numbers by which people are known in text from elsewhere: a certificate's names.
public enum IdentityMask {
    /// Ten digits are a tax number, eleven a T.C. Kimlik No or a foreigner's number.
    private static let shortest = 10
    /// As many digits stay as `NationalIdentity.masked` shows.
    private static let shown = 3

    /// The text, with every digit but the first three of each long number replaced by "*".
    ///
    /// A number has ten digits or more, of any script, each after the other or with one blank, point, hyphen or slash in
    /// between.
    public static func masked(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        var digits: [Int] = []
        for place in scalars.indices {
            if isDigit(scalars[place]) {
                if let last = digits.last, place - last > 2 || (place - last == 2 && !joins(scalars[last + 1])) {
                    hide(digits, in: &scalars)
                    digits = []
                }
                digits.append(place)
            }
        }
        hide(digits, in: &scalars)
        var shown = String.UnicodeScalarView()
        shown.append(contentsOf: scalars)
        return String(shown)
    }

    private static func hide(_ digits: [Int], in scalars: inout [Unicode.Scalar]) {
        guard digits.count >= shortest else { return }
        for place in digits.dropFirst(shown) { scalars[place] = "*" }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "-", "/": true
        default: [.spaceSeparator, .format, .dashPunctuation].contains(scalar.properties.generalCategory)
        }
    }
}
