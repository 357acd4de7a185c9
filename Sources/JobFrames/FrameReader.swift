// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Reads values from a frame's payload; the forms are told at `Frame`.
///
/// The other side may be a crashed or hostile program: each length is checked against what is left and against a limit
/// before anything is reserved for it, and each error names the field.
public struct FrameReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    /// Creates a reader at the beginning of these bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many bytes are left.
    public var remaining: Int { bytes.count - position }

    /// Throws `.trailingBytes` if anything is left.
    public func end() throws(FrameError) {
        guard remaining == 0 else { throw FrameError(.trailingBytes, "frame") }
    }

    /// Reads one byte.
    public mutating func u8(_ field: String) throws(FrameError) -> UInt8 { try take(1, field).first! }

    /// Reads four bytes.
    public mutating func u32(_ field: String) throws(FrameError) -> UInt32 {
        try take(4, field).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads eight bytes.
    public mutating func i64(_ field: String) throws(FrameError) -> Int64 {
        Int64(bitPattern: try take(8, field).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Reads one byte that is 0 or 1.
    public mutating func bool(_ field: String) throws(FrameError) -> Bool {
        switch try u8(field) {
        case 0: return false
        case 1: return true
        default: throw FrameError(.unknownChoice, field)
        }
    }

    /// Reads a string in UTF-8.
    public mutating func string(_ field: String) throws(FrameError) -> String {
        let length = Int(try u32(field))
        guard let text = String(validating: try take(length, field), as: UTF8.self) else {
            throw FrameError(.invalidText, field)
        }
        return text
    }

    /// Reads a byte string.
    public mutating func bytes(_ field: String) throws(FrameError) -> [UInt8] {
        let length = Int(try u32(field))
        return Array(try take(length, field))
    }

    /// Reads a list of strings.
    public mutating func strings(_ field: String) throws(FrameError) -> [String] {
        var values: [String] = []
        for _ in 0..<(try count(field)) { values.append(try string(field)) }
        return values
    }

    /// Reads a list of byte strings.
    public mutating func byteStrings(_ field: String) throws(FrameError) -> [[UInt8]] {
        var values: [[UInt8]] = []
        for _ in 0..<(try count(field)) { values.append(try bytes(field)) }
        return values
    }

    /// Reads a string that may be missing.
    public mutating func optionalString(_ field: String) throws(FrameError) -> String? {
        try bool(field) ? try string(field) : nil
    }

    /// Reads a byte string that may be missing.
    public mutating func optionalBytes(_ field: String) throws(FrameError) -> [UInt8]? {
        try bool(field) ? try bytes(field) : nil
    }

    /// Reads a choice by its word.
    public mutating func choice<Choice: RawRepresentable<String>>(_ field: String) throws(FrameError) -> Choice {
        guard let value = Choice(rawValue: try string(field)) else { throw FrameError(.unknownChoice, field) }
        return value
    }

    /// Reads a value by its fields.
    public mutating func value<Value: FrameValue>(_ field: String) throws(FrameError) -> Value {
        try Value(from: &self)
    }

    /// Reads a value that may be missing.
    public mutating func optional<Value: FrameValue>(_ field: String) throws(FrameError) -> Value? {
        try bool(field) ? try Value(from: &self) : nil
    }

    /// Reads a list of values.
    public mutating func values<Value: FrameValue>(_ field: String) throws(FrameError) -> [Value] {
        var values: [Value] = []
        for _ in 0..<(try count(field)) { values.append(try Value(from: &self)) }
        return values
    }

    /// Every element takes a byte at least, so a count beyond what is left is false and costs nothing to refuse.
    private mutating func count(_ field: String) throws(FrameError) -> Int {
        let count = Int(try u32(field))
        guard count <= Frame.maximumCount, count <= remaining else { throw FrameError(.tooMany, field) }
        return count
    }

    private mutating func take(_ length: Int, _ field: String) throws(FrameError) -> ArraySlice<UInt8> {
        guard length <= remaining else { throw FrameError(.truncated, field) }
        defer { position += length }
        return bytes[position..<position + length]
    }
}
