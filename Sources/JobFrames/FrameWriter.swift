// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Appends values to a frame's payload; the forms are told at `Frame`.
public struct FrameWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// Creates an empty writer.
    public init() {}

    /// Appends one byte.
    public mutating func u8(_ value: UInt8) { bytes.append(value) }

    /// Appends four bytes.
    public mutating func u32(_ value: UInt32) { appendBigEndian(value) }

    /// Appends eight bytes.
    public mutating func i64(_ value: Int64) { appendBigEndian(value) }

    /// Appends one byte, 0 or 1.
    public mutating func bool(_ value: Bool) { u8(value ? 1 : 0) }

    /// Appends a string in UTF-8.
    public mutating func string(_ value: String) {
        count(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    /// Appends a byte string.
    public mutating func bytes(_ value: [UInt8]) {
        count(value.count)
        bytes.append(contentsOf: value)
    }

    /// Appends a list of strings.
    public mutating func strings(_ values: [String]) {
        count(values.count)
        for value in values { string(value) }
    }

    /// Appends a list of byte strings.
    public mutating func byteStrings(_ values: [[UInt8]]) {
        count(values.count)
        for value in values { bytes(value) }
    }

    /// Appends a string that may be missing.
    public mutating func optionalString(_ value: String?) {
        bool(value != nil)
        if let value { string(value) }
    }

    /// Appends a byte string that may be missing.
    public mutating func optionalBytes(_ value: [UInt8]?) {
        bool(value != nil)
        if let value { bytes(value) }
    }

    /// Appends a choice by its word.
    public mutating func choice(_ value: some RawRepresentable<String>) { string(value.rawValue) }

    /// Appends a value by its fields.
    public mutating func value(_ value: some FrameValue) { value.write(to: &self) }

    /// Appends a value that may be missing.
    public mutating func optional(_ value: (some FrameValue)?) {
        bool(value != nil)
        value?.write(to: &self)
    }

    /// Appends a list of values.
    public mutating func values(_ values: [some FrameValue]) {
        count(values.count)
        for value in values { value.write(to: &self) }
    }

    /// A count past 32 bits can only belong to a message that `payload()` refuses as too long.
    private mutating func count(_ value: Int) { u32(UInt32(clamping: value)) }

    private mutating func appendBigEndian<Number: FixedWidthInteger>(_ value: Number) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
