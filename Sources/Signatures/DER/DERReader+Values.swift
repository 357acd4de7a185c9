// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension DERReader {
    mutating func objectIdentifier() throws(DERError) -> ObjectIdentifier {
        try ObjectIdentifier(content: next(DERTag.objectIdentifier).content)
    }

    /// A small non-negative INTEGER or ENUMERATED: versions, path lengths, reasons.
    mutating func smallInteger(_ tag: UInt8 = DERTag.integer) throws(DERError) -> Int {
        try Self.smallInteger(next(tag).content)
    }

    static func smallInteger(_ content: ArraySlice<UInt8>) throws(DERError) -> Int {
        guard let first = content.first, first < 0x80, content.count <= 5 else { throw DERError(.badValue) }
        return content.reduce(0) { $0 << 8 | Int($1) }
    }

    /// The octets of an INTEGER, in DER of the fewest octets (X.690, 8.3.2).
    mutating func integerOctets() throws(DERError) -> ArraySlice<UInt8> {
        let content = try next(DERTag.integer).content
        guard let first = content.first else { throw DERError(.badValue) }
        if rules == .der, content.count > 1 {
            let second = content[content.startIndex + 1]
            guard !(first == 0 && second < 0x80), !(first == 0xFF && second >= 0x80) else { throw DERError(.badValue) }
        }
        return content
    }

    mutating func boolean() throws(DERError) -> Bool {
        let content = try next(DERTag.boolean).content
        guard content.count == 1, let value = content.first else { throw DERError(.badValue) }
        if rules == .der { guard value == 0 || value == 0xFF else { throw DERError(.badValue) } }
        return value != 0
    }

    mutating func octetString() throws(DERError) -> ArraySlice<UInt8> {
        try next(DERTag.octetString).content
    }

    /// A BIT STRING that holds whole octets: a key, a signature.
    mutating func wholeOctets() throws(DERError) -> ArraySlice<UInt8> {
        let content = try next(DERTag.bitString).content
        guard content.first == 0 else { throw DERError(.badValue) }
        return content.dropFirst()
    }

    /// The bits of a BIT STRING of named bits, bit 0 lowest; at most 32 are looked at.
    static func namedBits(_ content: ArraySlice<UInt8>) throws(DERError) -> UInt32 {
        guard let unused = content.first, unused < 8, content.count > 1 || unused == 0 else {
            throw DERError(.badValue)
        }
        var bits: UInt32 = 0
        let octets = content.dropFirst()
        for (index, octet) in octets.prefix(4).enumerated() {
            var value = octet
            if index == octets.count - 1 { value &= 0xFF << unused }
            for bit in 0..<8 where value & (0x80 >> bit) != 0 { bits |= 1 << UInt32(index * 8 + bit) }
        }
        return bits
    }

    /// A UTCTime or GeneralizedTime as seconds since 1970.
    mutating func time() throws(DERError) -> Int64 {
        let element = try next()
        return try DERTime.seconds(element, rules: rules)
    }
}
