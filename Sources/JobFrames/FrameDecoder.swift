// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Reads a message from a frame's payload; `Frame` describes the form.
///
/// The other side may be a crashed or hostile program. Each length is checked against what is left, and each count against a
/// limit as well, before anything is reserved for it; the depth has a limit; and each error names the field.
final class FrameDecoder: Decoder {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// The name of the field that is being read.
    fileprivate var field = "frame"

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init(_ payload: [UInt8]) { bytes = payload }

    /// The message that fills this payload. Throws `FrameError`, also for what the message's own rules refuse.
    static func message<Message: Decodable>(in payload: [UInt8]) throws(FrameError) -> Message {
        let decoder = FrameDecoder(payload)
        do {
            guard try decoder.decode(UInt8.self) == Frame.version else { throw FrameError(.unknownVersion, "version") }
            let message: Message = try decoder.value(of: "\(Message.self)")
            guard decoder.remaining == 0 else { throw FrameError(.trailingBytes, "frame") }
            return message
        } catch let error as FrameError {
            throw error
        } catch is DecodingError {
            // A word that is no case. The standard library's own text would repeat it.
            throw FrameError(.unknownChoice, decoder.field)
        } catch {
            throw FrameError(.invalidValue, decoder.field)
        }
    }

    func container<Key>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(FieldReader(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        // Every element takes a byte at least, so a count beyond what is left is false.
        let count = Int(try decode(UInt32.self))
        guard count <= Frame.maximumCount, count <= remaining else { throw FrameError(.tooMany, field) }
        return ElementReader(decoder: self, end: count)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    private var remaining: Int { bytes.count - position }

    private func take(_ length: Int) throws(FrameError) -> ArraySlice<UInt8> {
        guard length <= remaining else { throw FrameError(.truncated, field) }
        defer { position += length }
        return bytes[position..<position + length]
    }

    private func counted() throws(FrameError) -> ArraySlice<UInt8> { try take(Int(try decode(UInt32.self))) }

    fileprivate func value<Value: Decodable>(of field: String) throws -> Value {
        enter(field)
        return try value()
    }

    /// Names the field for errors. A payload without a label has the name "_0", which says less than the case before it.
    fileprivate func enter(_ field: String) {
        if !field.hasPrefix("_") { self.field = field }
    }

    fileprivate func value<Value: Decodable>() throws -> Value {
        if Value.self == [UInt8].self, let bytes = Array(try counted()) as? Value { return bytes }
        guard depth < Frame.maximumDepth else { throw FrameError(.tooDeep, field) }
        depth += 1
        defer { depth -= 1 }
        return try Value(from: self)
    }
}

extension FrameDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { false }

    func decode(_ type: Bool.Type) throws(FrameError) -> Bool {
        switch try decode(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw FrameError(.unknownChoice, field)
        }
    }

    func decode(_ type: String.Type) throws(FrameError) -> String {
        guard let text = String(validating: try counted(), as: UTF8.self) else { throw FrameError(.invalidText, field) }
        return text
    }

    func decode(_ type: Double.Type) throws(FrameError) -> Double { Double(bitPattern: try decode(UInt64.self)) }

    func decode(_ type: Float.Type) throws(FrameError) -> Float { Float(bitPattern: try decode(UInt32.self)) }

    func decode<Number: Decodable & FixedWidthInteger>(_ type: Number.Type) throws(FrameError) -> Number {
        try take(Number.bitWidth / 8).reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try value() }
}

/// The fields of a struct, or the one case of an enum.
private struct FieldReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: FrameDecoder

    var codingPath: [any CodingKey] { [] }

    /// The case whose name stands here; empty for a name of no case. Synthesized code asks for it for an enum alone.
    var allKeys: [Key] {
        guard let name = try? decoder.decode(String.self), let key = Key(stringValue: name) else { return [] }
        return [key]
    }

    /// An optional field has a byte of its own, which `decodeNil` reads.
    func contains(_ key: Key) -> Bool { true }

    func decodeNil(forKey key: Key) throws -> Bool {
        decoder.enter(key.stringValue)
        return try !decoder.decode(Bool.self)
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder.value(of: key.stringValue)
    }

    func nestedContainer<Nested>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        decoder.enter(key.stringValue)
        return decoder.container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder.unkeyedContainer()
    }
    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) -> any Decoder { decoder }
}

/// The elements of a list.
private struct ElementReader: UnkeyedDecodingContainer {
    let decoder: FrameDecoder
    let end: Int
    private(set) var currentIndex = 0

    init(decoder: FrameDecoder, end: Int) { (self.decoder, self.end) = (decoder, end) }

    var codingPath: [any CodingKey] { [] }
    /// Not announced, so that no memory is reserved for elements that may not come.
    var count: Int? { nil }
    var isAtEnd: Bool { currentIndex == end }

    mutating func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard !isAtEnd else { throw FrameError(.truncated, decoder.field) }
        currentIndex += 1
        return try decoder.value()
    }

    func nestedContainer<Nested>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        decoder.container(keyedBy: type)
    }
    func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try decoder.unkeyedContainer() }
    func superDecoder() throws -> any Decoder { decoder }
}
