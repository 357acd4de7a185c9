// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// How deep arrays and objects may lie in each other. The contract needs three.
    public static let deepest = 16

    /// Reads one JSON text and nothing after it; throws `InvalidMessage` with no field.
    public init(utf8 bytes: some Collection<UInt8>) throws(InvalidMessage) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw InvalidMessage(field: "") }
        var reader = JSONReader(bytes: Array(bytes))
        self = try reader.wholeText()
    }
}

/// The reader's place in the text. The octets are valid UTF-8, so strings can be cut out as they are.
private struct JSONReader {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func wholeText() throws(InvalidMessage) -> JSON {
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw malformed }
        return value
    }

    private var malformed: InvalidMessage { InvalidMessage(field: "") }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ byte: Character) -> Bool {
        guard index < bytes.count, bytes[index] == byte.asciiValue else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(InvalidMessage) -> JSON {
        guard depth <= JSON.deepest else { throw malformed }
        skipSpace()
        guard index < bytes.count else { throw malformed }
        switch Character(UnicodeScalar(bytes[index])) {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"": return .string(try string())
        case "t": return try literal("true", .bool(true))
        case "f": return try literal("false", .bool(false))
        case "n": return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func literal(_ word: String, _ value: JSON) throws(InvalidMessage) -> JSON {
        guard bytes[index...].starts(with: word.utf8) else { throw malformed }
        index += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(InvalidMessage) -> JSON {
        index += 1
        var members: [JSON.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            let name = try string()
            // Programs differ in which of two members of one name they read, so this refuses both.
            guard names.insert(name).inserted else { throw malformed }
            skipSpace()
            guard take(":") else { throw malformed }
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw malformed }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(InvalidMessage) -> JSON {
        index += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array([]) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw malformed }
        return .array(elements)
    }

    private mutating func string() throws(InvalidMessage) -> String {
        guard take("\"") else { throw malformed }
        var octets: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x22: return String(decoding: octets, as: UTF8.self)
            case 0x5C: octets.append(contentsOf: String(Character(try escape())).utf8)
            case 0..<0x20: throw malformed
            default: octets.append(byte)
            }
        }
        throw malformed
    }

    private mutating func escape() throws(InvalidMessage) -> UnicodeScalar {
        guard index < bytes.count else { throw malformed }
        let letter = Character(UnicodeScalar(bytes[index]))
        index += 1
        switch letter {
        case "\"", "\\", "/": return letter.unicodeScalars.first!
        case "b": return "\u{08}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": break
        default: throw malformed
        }
        var unit = try fourHexDigits()
        if (0xD800..<0xDC00).contains(unit) {
            guard take("\\"), take("u") else { throw malformed }
            let low = try fourHexDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw malformed }
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        }
        // A surrogate without its other half is no character.
        guard let scalar = UnicodeScalar(unit) else { throw malformed }
        return scalar
    }

    private mutating func fourHexDigits() throws(InvalidMessage) -> UInt32 {
        guard index + 4 <= bytes.count else { throw malformed }
        var unit: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { throw malformed }
            unit = unit << 4 | UInt32(digit)
        }
        index += 4
        return unit
    }

    private mutating func number() throws(InvalidMessage) -> JSON {
        let start = index
        _ = take("-")
        let leadingZero = index < bytes.count && bytes[index] == 0x30
        let whole = digits()
        guard whole > 0, !(leadingZero && whole > 1) else { throw malformed }
        var isInteger = true
        if take(".") {
            isInteger = false
            guard digits() > 0 else { throw malformed }
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw malformed }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let number = Int64(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else { throw malformed }
        return .fraction(number)
    }

    private mutating func digits() -> Int {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        return index - start
    }
}
