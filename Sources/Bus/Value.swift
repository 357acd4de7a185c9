// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Any D-Bus value, for code that does not know its type beforehand: arguments of calls out, answers, signals, options.
public indirect enum Value: Hashable, Sendable {
    case byte(UInt8)
    case bool(Bool)
    case int16(Int16)
    case uint16(UInt16)
    case int32(Int32)
    case uint32(UInt32)
    case int64(Int64)
    case uint64(UInt64)
    case double(Double)
    case string(String)
    case objectPath(ObjectPath)
    case signature(Signature)
    case descriptor(FileDescriptorHandle)
    /// The elements' type, which an empty array has too, and the elements.
    case array(of: Signature, [Value])
    case structure([Value])
    /// The keys' and values' types, and the entries in their order on the wire.
    case dictionary(key: Signature, value: Signature, [Entry])
    case variant(Value)

    public struct Entry: Hashable, Sendable {
        public let key: Value
        public let value: Value

        public init(_ key: Value, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// The type, as a signature of one complete type. (Made up from the parts, so it need not be valid: an empty structure is not.)
    var signatureText: String {
        switch self {
        case .byte: "y"
        case .bool: "b"
        case .int16: "n"
        case .uint16: "q"
        case .int32: "i"
        case .uint32: "u"
        case .int64: "x"
        case .uint64: "t"
        case .double: "d"
        case .string: "s"
        case .objectPath: "o"
        case .signature: "g"
        case .descriptor: "h"
        case .array(let element, _): "a\(element.text)"
        case .structure(let members): "(\(members.map(\.signatureText).joined()))"
        case .dictionary(let key, let value, _): "a{\(key.text)\(value.text)}"
        case .variant: "v"
        }
    }
}

extension Value {
    // The value if it is of that type, else nil.

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var int32: Int32? { if case .int32(let value) = self { value } else { nil } }
    public var uint32: UInt32? { if case .uint32(let value) = self { value } else { nil } }
    public var int64: Int64? { if case .int64(let value) = self { value } else { nil } }
    public var uint64: UInt64? { if case .uint64(let value) = self { value } else { nil } }
    public var objectPath: ObjectPath? { if case .objectPath(let value) = self { value } else { nil } }
    public var descriptor: FileDescriptorHandle? { if case .descriptor(let value) = self { value } else { nil } }
    public var members: [Value]? { if case .structure(let value) = self { value } else { nil } }
    public var elements: [Value]? { if case .array(_, let value) = self { value } else { nil } }
    public var entries: [Entry]? { if case .dictionary(_, _, let value) = self { value } else { nil } }

    /// An array of bytes.
    public var bytes: [UInt8]? {
        elements?.reduce(into: [] as [UInt8]?) { bytes, element in
            if case .byte(let byte) = element { bytes?.append(byte) } else { bytes = nil }
        }
    }

    /// The value that a variant holds (of nested variants the innermost); any other value itself.
    public var unwrapped: Value {
        if case .variant(let value) = self { value.unwrapped } else { self }
    }

    /// The value of a dictionary's text key, taken out of its variant.
    public subscript(key: String) -> Value? {
        entries?.first { $0.key == .string(key) }?.value.unwrapped
    }

    /// A dictionary of options (`a{sv}`), sorted by key.
    public static func options(_ options: [String: Value]) -> Value {
        .dictionary(
            key: "s", value: "v",
            options.sorted { $0.key < $1.key }.map { Entry(.string($0.key), .variant($0.value)) })
    }

    public static func strings(_ values: [String]) -> Value {
        .array(of: "s", values.map { .string($0) })
    }

    public static func bytes(_ values: [UInt8]) -> Value {
        .array(of: "y", values.map { .byte($0) })
    }
}
