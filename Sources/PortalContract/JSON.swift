// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics

/// A JSON value (RFC 8259), as much of it as the contract and the commands of `eonay` need.
///
/// Foundation is no alternative: courier and client are small programs that start for one task, and FoundationEssentials
/// alone would double their start time and add 4 MB. Our reader is also strict enough for messages from strangers: it
/// accepts no duplicate member, no deep nesting and no invalid UTF-8.
public indirect enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case fraction(Double)
    case string(String)
    case array([JSON])
    /// The members in their order; a reader never finds a name twice.
    case object([Member])

    /// One member of an object.
    public struct Member: Sendable, Equatable {
        public let name: String
        public let value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// An object of the members that have a value: an absent one is left out, never null.
    public static func members(_ pairs: (String, JSON?)...) -> JSON {
        .object(pairs.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// Octets in base64.
    public static func octets(_ octets: some Collection<UInt8>) -> JSON { .string(Base64.encode(octets)) }

    /// An instant, in seconds since 1970 (RFC 3339, UTC).
    public static func instant(_ seconds: Int64) -> JSON { .string(Timestamp(seconds: seconds).text) }

    /// The member of an object; nil if it is absent or `null`, or if this is no object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        let value = members.first { $0.name == name }?.value
        return value == .null ? nil : value
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member($0, $1) })
    }

    public init(stringLiteral value: String) { self = .string(value) }
}

extension JSON {
    /// The text of a member; throws `InvalidMessage` if it is absent or something else.
    public func text(_ name: String) throws(InvalidMessage) -> String {
        guard let text = try optionalText(name) else { throw InvalidMessage(field: name) }
        return text
    }

    /// The text of a member that may be absent.
    public func optionalText(_ name: String) throws(InvalidMessage) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else { throw InvalidMessage(field: name) }
        return text
    }

    /// The integer of a member.
    public func integer(_ name: String) throws(InvalidMessage) -> Int64 {
        guard case .integer(let number)? = self[name] else { throw InvalidMessage(field: name) }
        return number
    }

    /// The instant of a member, in seconds since 1970 (RFC 3339, UTC).
    public func instant(_ name: String) throws(InvalidMessage) -> Int64 {
        guard let instant = try optionalInstant(name) else { throw InvalidMessage(field: name) }
        return instant
    }

    /// The instant of a member that may be absent.
    public func optionalInstant(_ name: String) throws(InvalidMessage) -> Int64? {
        guard let text = try optionalText(name) else { return nil }
        guard let instant = Timestamp(text) else { throw InvalidMessage(field: name) }
        return instant.seconds
    }

    /// The octets of a member in base64.
    public func octets(_ name: String) throws(InvalidMessage) -> [UInt8] {
        guard let octets = Base64.decode(try text(name)) else { throw InvalidMessage(field: name) }
        return octets
    }

    /// The octets of each element of a member.
    public func octetLists(_ name: String) throws(InvalidMessage) -> [[UInt8]] {
        guard case .array(let elements)? = self[name] else { throw InvalidMessage(field: name) }
        var lists: [[UInt8]] = []
        for element in elements {
            guard case .string(let text) = element, let octets = Base64.decode(text) else {
                throw InvalidMessage(field: name)
            }
            lists.append(octets)
        }
        return lists
    }

    /// The member, read as one of a set of words.
    public func word<Word: RawRepresentable>(
        _ name: String, as type: Word.Type = Word.self
    ) throws(InvalidMessage) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text(name)) else { throw InvalidMessage(field: name) }
        return word
    }
}

extension JSON {
    /// The member, read as a message of its own.
    public func message<Value: WireValue>(_ name: String) throws(InvalidMessage) -> Value {
        guard let value: Value = try optionalMessage(name) else { throw InvalidMessage(field: name) }
        return value
    }

    /// The message in a member that may be absent.
    public func optionalMessage<Value: WireValue>(_ name: String) throws(InvalidMessage) -> Value? {
        guard let json = self[name] else { return nil }
        return try Value(json: json)
    }
}

/// The member of a message that is absent or wrong; empty for a message that is no JSON. It never holds the value.
public struct InvalidMessage: Error, Equatable, Sendable {
    public let field: String

    public init(field: String) { self.field = field }
}

extension JSON {
    /// The value as one line of UTF-8, without space between its parts.
    public var utf8: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .fraction(let number): bytes.append(contentsOf: String(number).utf8)
        case .string(let text): Self.write(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (place, element) in elements.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (place, member) in members.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var octets = text.utf8.makeIterator()
        while let byte = octets.next() {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            // Control characters of both sets, so that no name from outside moves a terminal's cursor.
            case 0..<0x20, 0x7F: escape(byte, to: &bytes)
            case 0xC2:
                let next = octets.next() ?? 0
                if next < 0xA0 { escape(next, to: &bytes) } else { bytes += [byte, next] }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// `\u001b`; in UTF-8, the characters from U+0080 to U+009F have their own number as second octet.
    private static func escape(_ number: UInt8, to bytes: inout [UInt8]) {
        let digits = String(number, radix: 16)
        bytes.append(contentsOf: (#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
}

/// A message of the contract, which can be written as JSON and read back.
///
/// A reader ignores members that it does not know, so that later versions can add some.
public protocol WireValue: Sendable {
    /// Throws `InvalidMessage` with the absent or wrong member.
    init(json: JSON) throws(InvalidMessage)

    var json: JSON { get }
}

extension WireValue {
    /// Reads the value from the body of a message.
    public init(utf8 bytes: some Collection<UInt8>) throws(InvalidMessage) {
        try self.init(json: JSON(utf8: bytes))
    }
}
