// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Writes a message as a frame's payload; `Frame` describes the form (docs/decisions/0021).
///
/// The fields stand one after the other in the order in which the type encodes them, so a type has to decode them in the same
/// order, as synthesized code does. Dictionaries and lists of optionals have no form here.
final class FrameEncoder: Encoder {
    private var bytes: [UInt8] = [Frame.version]
    /// The name of the field that is being written.
    fileprivate var field = "frame"

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init() {}

    /// The payload of a message. Throws `FrameError`.
    static func payload(of message: some Encodable) throws(FrameError) -> [UInt8] {
        let encoder = FrameEncoder()
        do {
            try message.encode(to: encoder)
        } catch {
            throw error as? FrameError ?? FrameError(.unsupported, encoder.field)
        }
        guard encoder.bytes.count <= Frame.maximumLength else { throw FrameError(.tooLong, "frame") }
        return encoder.bytes
    }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(FieldWriter(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { ElementWriter(self) }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Appends any value by what it consists of. Bytes are no list: they are copied at once.
    fileprivate func append<Value: Encodable>(_ value: Value) throws {
        if Value.self == [UInt8].self, let bytes = value as? [UInt8] {
            append(counted: bytes)
        } else {
            try value.encode(to: self)
        }
    }

    /// Appends octets with their count. A count past 32 bits belongs to a message that is refused as too long anyway.
    fileprivate func append(counted octets: some Collection<UInt8>) {
        encode(UInt32(clamping: octets.count))
        bytes.append(contentsOf: octets)
    }

    /// Makes room for a count that is not known yet.
    fileprivate func beginCount() -> Int {
        defer { encode(UInt32(0)) }
        return bytes.count
    }

    fileprivate func set(count: UInt32, at place: Int) {
        withUnsafeBytes(of: count.bigEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
    }
}

extension FrameEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { throw FrameError(.unsupported, field) }

    func encode(_ value: Bool) { bytes.append(value ? 1 : 0) }

    func encode(_ value: String) { append(counted: value.utf8) }

    func encode(_ value: Double) { encode(value.bitPattern) }

    func encode(_ value: Float) { encode(value.bitPattern) }

    func encode<Number: Encodable & FixedWidthInteger>(_ value: Number) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    func encode<Value: Encodable>(_ value: Value) throws { try append(value) }
}

/// The fields of a struct, or the one case of an enum.
private struct FieldWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: FrameEncoder

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { throw FrameError(.unsupported, key.stringValue) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        encoder.field = key.stringValue
        try encoder.append(value)
    }

    private func append<Value: Encodable>(optional value: Value?, _ key: Key) throws {
        encoder.encode(value != nil)
        if let value { try encode(value, forKey: key) }
    }

    // The standard library's own versions of these write nothing for nil, so each kind needs one here.
    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try append(optional: value, key) }
    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        try append(optional: value, key)
    }

    /// Called for an enum's case, which stands in the frame by its name.
    func nestedContainer<Nested>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder.field = key.stringValue
        encoder.encode(key.stringValue)
        return encoder.container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey key: Key) -> any Encoder { encoder }
}

/// The elements of a list; each one corrects the count before them.
private struct ElementWriter: UnkeyedEncodingContainer {
    private let encoder: FrameEncoder
    private let place: Int
    private(set) var count = 0

    var codingPath: [any CodingKey] { [] }

    init(_ encoder: FrameEncoder) {
        self.encoder = encoder
        place = encoder.beginCount()
    }

    private mutating func begin() throws -> FrameEncoder {
        guard count < Frame.maximumCount else { throw FrameError(.tooMany, encoder.field) }
        count += 1
        encoder.set(count: UInt32(count), at: place)
        return encoder
    }

    mutating func encodeNil() throws { throw FrameError(.unsupported, encoder.field) }
    mutating func encode<Value: Encodable>(_ value: Value) throws { try begin().append(value) }
    func nestedContainer<Nested>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder.container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder }
}
