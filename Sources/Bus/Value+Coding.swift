// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension MessageReader {
    /// The next value, whatever it is.
    public mutating func value() throws -> Value {
        switch nextCode {
        case TypeCode.byte: return .byte(try byte())
        case TypeCode.bool: return .bool(try bool())
        case TypeCode.int16: return .int16(try int16())
        case TypeCode.uint16: return .uint16(try uint16())
        case TypeCode.int32: return .int32(try int32())
        case TypeCode.uint32: return .uint32(try uint32())
        case TypeCode.int64: return .int64(try int64())
        case TypeCode.uint64: return .uint64(try uint64())
        case TypeCode.double: return .double(try double())
        case TypeCode.string: return .string(try string())
        case TypeCode.objectPath: return .objectPath(try objectPath())
        case TypeCode.signature: return .signature(try signature())
        case TypeCode.descriptor: return .descriptor(try descriptor())
        case TypeCode.array: return try arrayValue()
        case TypeCode.structure:
            var members: [Value] = []
            try structure { members = try $0.remainingValues() }
            return .structure(members)
        case TypeCode.variant:
            var value: Value?
            try variant { value = try $0.value() }
            return .variant(value!)  // the closure has set it, or thrown
        case TypeCode.end: throw BusError.invalidArgs("a value is missing")
        case let other: throw BusError.invalidArgs("a value is of the unknown type \(other)")
        }
    }

    /// All values that are left.
    public mutating func remainingValues() throws -> [Value] {
        var values: [Value] = []
        while !isAtEnd { values.append(try value()) }
        return values
    }

    private mutating func arrayValue() throws -> Value {
        let type = String(nextSignature.text.dropFirst())
        if type == "y" { return .bytes(try bytes()) }
        guard type.hasPrefix("{") else {
            var elements: [Value] = []
            try array { elements.append(try $0.value()) }
            return .array(of: Signature(checked: type), elements)
        }
        var entries: [Value.Entry] = []
        try array { try $0.dictionaryEntry { entries.append(Value.Entry(try $0.value(), try $0.value())) } }
        // A dictionary's key is a basic type: one letter.
        return .dictionary(
            key: Signature(checked: String(type.dropFirst().prefix(1))),
            value: Signature(checked: String(type.dropFirst(2).dropLast())), entries)
    }
}

extension MessageWriter {
    /// A value of the type that the signature demands here.
    public mutating func value(_ value: Value) {
        append(value, depth: 0)
    }

    private mutating func append(_ value: Value, depth: Int) {
        // The signature bounds all but variants in variants.
        guard depth < 32 else { return fail(.tooDeep) }
        switch value {
        case .byte(let value): byte(value)
        case .bool(let value): bool(value)
        case .int16(let value): int16(value)
        case .uint16(let value): uint16(value)
        case .int32(let value): int32(value)
        case .uint32(let value): uint32(value)
        case .int64(let value): int64(value)
        case .uint64(let value): uint64(value)
        case .double(let value): double(value)
        case .string(let value): string(value)
        case .objectPath(let value): objectPath(value)
        case .signature(let value): signature(value)
        case .descriptor(let value): descriptor(value)
        case .array(_, let elements):
            array { for element in elements { $0.append(element, depth: depth + 1) } }
        case .structure(let members):
            structure { for member in members { $0.append(member, depth: depth + 1) } }
        case .dictionary(_, _, let entries):
            array {
                for entry in entries {
                    $0.dictionaryEntry {
                        $0.append(entry.key, depth: depth + 1)
                        $0.append(entry.value, depth: depth + 1)
                    }
                }
            }
        case .variant(let value):
            guard let type = try? Signature(value.signatureText) else { return fail(.wrongType) }
            variant(type) { $0.append(value, depth: depth + 1) }
        }
    }
}
