// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One tag, length and value, as slices of the bytes they were read from.
struct DERElement {
    let tag: UInt8
    let content: ArraySlice<UInt8>
    /// Identifier, length and content octets together: what a signature or a digest over this element covers.
    let encoding: ArraySlice<UInt8>

    var isConstructed: Bool { tag & 0x20 != 0 }
}

/// Walks along elements without copying and never past the end of what it was given.
///
/// Nothing here recurses: the depth of what is read is the depth of the code that reads it, so that nested input cannot
/// exhaust the stack. Indefinite lengths are refused here; `BER.definite` turns them into definite ones where they are
/// allowed at all.
struct DERReader {
    enum Rules {
        /// X.690, 10.1: each length in the fewest octets.
        case der
        /// Lengths in more octets than needed are read too, as smart card software has been seen to write them.
        case forgiving
    }

    private(set) var rest: ArraySlice<UInt8>
    let rules: Rules

    init(_ bytes: ArraySlice<UInt8>, rules: Rules = .forgiving) {
        rest = bytes
        self.rules = rules
    }

    /// A reader for what is inside an element.
    func inside(_ element: DERElement) -> DERReader {
        DERReader(element.content, rules: rules)
    }

    var isAtEnd: Bool { rest.isEmpty }

    var nextTag: UInt8? { rest.first }

    mutating func next() throws(DERError) -> DERElement {
        let start = rest.startIndex
        var position = start
        guard let tag = rest.first else { throw DERError(.truncated) }
        position += 1
        if tag & 0x1F == 0x1F {
            // A tag number above 30: nothing we look for has one; step over its further octets.
            var octets = 0
            repeat {
                guard position < rest.endIndex else { throw DERError(.truncated) }
                octets += 1
                guard octets <= 4 else { throw DERError(.badValue) }
                position += 1
            } while rest[position - 1] & 0x80 != 0
        }
        let length = try Self.length(in: rest, at: &position, rules: rules)
        guard length <= rest.endIndex - position else { throw DERError(.truncated) }
        let end = position + length
        let element = DERElement(tag: tag, content: rest[position..<end], encoding: rest[start..<end])
        rest = rest[end...]
        return element
    }

    mutating func next(_ tag: UInt8) throws(DERError) -> DERElement {
        guard let found = nextTag else { throw DERError(.truncated) }
        guard found == tag else { throw DERError(.unexpectedTag) }
        return try next()
    }

    /// The next element where it has this tag, else nil and nothing is consumed.
    mutating func optional(_ tag: UInt8) throws(DERError) -> DERElement? {
        nextTag == tag ? try next() : nil
    }

    func expectEnd() throws(DERError) {
        guard rest.isEmpty else { throw DERError(.trailingBytes) }
    }

    /// All elements up to the end, at most `limit` of them.
    mutating func all(limit: Int) throws(DERError) -> [DERElement] {
        var elements: [DERElement] = []
        while !isAtEnd {
            guard elements.count < limit else { throw DERError(.tooLarge) }
            elements.append(try next())
        }
        return elements
    }

    /// The same, each of them a SEQUENCE, as readers of what is inside.
    mutating func sequences(limit: Int) throws(DERError) -> [DERReader] {
        let elements = try all(limit: limit)
        guard elements.allSatisfy({ $0.tag == DERTag.sequence }) else { throw DERError(.unexpectedTag) }
        return elements.map(inside)
    }

    /// A reader of what is inside the one SEQUENCE that these bytes are.
    static func sequence(_ bytes: ArraySlice<UInt8>, rules: Rules = .forgiving) throws(DERError) -> DERReader {
        DERReader(try single(bytes, tag: DERTag.sequence, rules: rules).content, rules: rules)
    }

    /// The one element that these bytes are.
    static func single(
        _ bytes: ArraySlice<UInt8>, tag: UInt8, rules: Rules = .forgiving
    ) throws(DERError) -> DERElement {
        var reader = DERReader(bytes, rules: rules)
        let element = try reader.next(tag)
        try reader.expectEnd()
        return element
    }

    private static func length(
        in bytes: ArraySlice<UInt8>, at position: inout Int, rules: Rules
    ) throws(DERError) -> Int {
        guard position < bytes.endIndex else { throw DERError(.truncated) }
        let first = bytes[position]
        position += 1
        if first < 0x80 { return Int(first) }
        let octets = Int(first & 0x7F)
        guard octets > 0, octets <= 8 else { throw DERError(.badLength) }
        guard bytes.endIndex - position >= octets else { throw DERError(.truncated) }
        var value = 0
        for _ in 0..<octets {
            guard value <= Int.max >> 16 else { throw DERError(.badLength) }
            value = value << 8 | Int(bytes[position])
            position += 1
        }
        if rules == .der {
            guard value >= 0x80, bytes[position - octets] != 0 else { throw DERError(.badLength) }
        }
        return value
    }
}

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

    /// The fields of an Extension (RFC 5280, 4.1.2.9).
    mutating func extensionFields() throws(DERError) -> (
        identifier: ObjectIdentifier, isCritical: Bool, value: ArraySlice<UInt8>
    ) {
        let identifier = try objectIdentifier()
        let isCritical = nextTag == DERTag.boolean ? try boolean() : false
        return (identifier, isCritical, try octetString())
    }

    /// A UTCTime or GeneralizedTime as seconds since 1970.
    mutating func time() throws(DERError) -> Int64 {
        let element = try next()
        return try DERTime.seconds(element, rules: rules)
    }
}

/// The identifier octets that X.509, CMS, OCSP and CRLs are made of (ITU-T X.690, 8.1.2).
enum DERTag {
    static let boolean: UInt8 = 0x01
    static let integer: UInt8 = 0x02
    static let bitString: UInt8 = 0x03
    static let octetString: UInt8 = 0x04
    static let null: UInt8 = 0x05
    static let objectIdentifier: UInt8 = 0x06
    static let enumerated: UInt8 = 0x0A
    static let utf8String: UInt8 = 0x0C
    static let numericString: UInt8 = 0x12
    static let printableString: UInt8 = 0x13
    static let teletexString: UInt8 = 0x14
    static let ia5String: UInt8 = 0x16
    static let utcTime: UInt8 = 0x17
    static let generalizedTime: UInt8 = 0x18
    static let visibleString: UInt8 = 0x1A
    static let universalString: UInt8 = 0x1C
    static let bmpString: UInt8 = 0x1E
    static let sequence: UInt8 = 0x30
    static let set: UInt8 = 0x31

    /// `[number]` of a primitive value: an IMPLICIT tag on a string, an integer, a time.
    static func context(_ number: UInt8) -> UInt8 { 0x80 | number }

    /// `[number]` of a constructed value: an EXPLICIT tag, or an IMPLICIT one on a SEQUENCE or SET.
    static func contextConstructed(_ number: UInt8) -> UInt8 { 0xA0 | number }
}

/// Why bytes could not be read as DER; stays inside this library, whose own errors say what the bytes should have been.
struct DERError: Error, Equatable {
    enum Code: String, Sendable {
        case truncated
        case badLength
        case unexpectedTag
        case trailingBytes
        case tooDeep
        case tooLarge
        case badValue
        /// Read, but not understood: a critical extension, another kind of answer.
        case unsupported
    }

    let code: Code

    init(_ code: Code) {
        self.code = code
    }
}
