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
