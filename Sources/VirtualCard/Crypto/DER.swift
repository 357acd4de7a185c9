// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

internal import SystemBasics

/// Builds DER (X.690), and the tag-length-value lists of smart cards (ISO 7816-4), which have the same form.
///
/// Only builds: what the card bench reads is read by others, on purpose.
enum DER {
    /// Any element: a tag of one or two bytes, the shortest length, the parts one after the other.
    static func element(_ tag: UInt16, _ parts: [UInt8]...) -> [UInt8] { element(tag, joining: parts) }

    static func element(_ tag: UInt16, joining parts: [[UInt8]]) -> [UInt8] {
        let content = parts.flatMap { $0 }
        let tagBytes = tag > 0xFF ? [UInt8(tag >> 8), UInt8(tag & 0xFF)] : [UInt8(tag)]
        return tagBytes + length(content.count) + content
    }

    static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        let bytes = bigEndian(count)
        return [0x80 | UInt8(bytes.count)] + bytes
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, joining: parts) }
    static func set(_ parts: [UInt8]...) -> [UInt8] { element(0x31, joining: parts) }
    static func boolean(_ value: Bool) -> [UInt8] { [0x01, 0x01, value ? 0xFF : 0x00] }
    static func null() -> [UInt8] { [0x05, 0x00] }
    static func octets(_ bytes: [UInt8]) -> [UInt8] { element(0x04, bytes) }
    static func enumerated(_ value: UInt8) -> [UInt8] { [0x0A, 0x01, value] }

    /// A number that is not negative, from its bytes, most significant first.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return element(0x02, digits.first.map { $0 & 0x80 == 0 } ?? false ? digits : [0] + digits)
    }

    static func integer(_ value: Int) -> [UInt8] { integer(bigEndian(value)) }

    /// A bit string of whole bytes, such as a key or a signature.
    static func bits(_ bytes: [UInt8]) -> [UInt8] { element(0x03, [0], bytes) }

    /// A bit string that lists the numbers of its bits, such as a key usage; bit 0 is the first.
    static func bits(set numbers: [Int]) -> [UInt8] {
        guard let highest = numbers.max() else { return element(0x03, [0]) }
        var bytes = [UInt8](repeating: 0, count: highest / 8 + 1)
        for number in numbers { bytes[number / 8] |= 0x80 >> (number % 8) }
        return element(0x03, [UInt8(7 - highest % 8)], bytes)
    }

    /// An object identifier from its dotted text. A malformed text is a mistake in our own source.
    static func identifier(_ text: String) -> [UInt8] {
        let arcs = text.split(separator: ".").compactMap { UInt64($0) }
        precondition(arcs.count >= 2, "not an object identifier: \(text)")
        let content = ([arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2)).flatMap { arc -> [UInt8] in
            var bytes = [UInt8(arc & 0x7F)]
            var rest = arc >> 7
            while rest > 0 {
                bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
                rest >>= 7
            }
            return bytes
        }
        return element(0x06, content)
    }

    static func utf8(_ text: String) -> [UInt8] { element(0x0C, Array(text.utf8)) }
    static func printable(_ text: String) -> [UInt8] { element(0x13, Array(text.utf8)) }
    static func ia5(_ text: String) -> [UInt8] { element(0x16, Array(text.utf8)) }
    static func bmp(_ text: String) -> [UInt8] {
        element(0x1E, text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        precondition(value >= 0)
        var bytes: [UInt8] = []
        var rest = value
        repeat {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        } while rest > 0
        return bytes
    }
}

extension DER {
    /// A moment in UTC as certificates want it (RFC 5280, 4.1.2.5): UTCTime up to 2049, GeneralizedTime from 2050.
    static func time(_ moment: Int64) -> [UInt8] {
        let time = CivilTime(utc: moment)
        let digits = (time.date + time.clock).filter { $0.isNumber } + "Z"
        if (1950..<2050).contains(time.year) { return element(0x17, Array(digits.dropFirst(2).utf8)) }
        return element(0x18, Array(digits.utf8))
    }
}
