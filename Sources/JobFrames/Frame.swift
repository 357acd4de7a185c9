// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The frames between `eonayd` and its jobs: four bytes of length, most significant first, then the payload.
///
/// The payload's first byte is the protocol's version, the rest is one message: its fields in their order, without names. A number
/// has its own width, big-endian; a Boolean is a byte that is 0 or 1; text, bytes and a list begin with a count of four bytes; an
/// optional field begins with a Boolean; a case of an enum is its name, or its raw value, as text.
public enum Frame {
    /// The version both sides must speak; they are installed together.
    public static let version: UInt8 = 4
    /// The longest payload, in bytes.
    public static let maximumLength = 1 << 20
    /// The most elements a list may have.
    public static let maximumCount = 1024
    /// How often values may stand in values.
    public static let maximumDepth = 16
    /// The length of the header, in bytes.
    public static let headerLength = 4
    /// The descriptor on which a job speaks with its parent.
    public static let descriptor: Int32 = 3

    /// The payload with its length in front. Throws `.tooLong`.
    public static func framed(_ payload: [UInt8]) throws(FrameError) -> [UInt8] {
        guard payload.count <= maximumLength else { throw FrameError(.tooLong, "frame") }
        return withUnsafeBytes(of: UInt32(payload.count).bigEndian) { Array($0) } + payload
    }

    /// The payload's length by its header of four bytes. Throws `.tooLong` before anybody reserves memory for it.
    public static func length(header: some Collection<UInt8>) throws(FrameError) -> Int {
        guard header.count == headerLength else { throw FrameError(.truncated, "frame") }
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        guard length <= maximumLength else { throw FrameError(.tooLong, "frame") }
        return length
    }
}

/// A value that fills a frame of its own: a request or a reply. Its `Codable` is what the compiler synthesizes.
public protocol FrameMessage: Codable, Sendable, Equatable {}

extension FrameMessage {
    /// The frame's payload: the protocol's version and the message, without the length in front.
    ///
    /// Throws `FrameError`: `.tooLong` where the message does not fit a frame, `.tooMany` where a list in it is too long.
    public func payload() throws(FrameError) -> [UInt8] { try FrameEncoder.payload(of: self) }

    /// Reads a frame's payload whole. Throws `FrameError`; bytes left over are an error, too. Never traps, whatever the bytes.
    public init(payload: [UInt8]) throws(FrameError) { self = try FrameDecoder.message(in: payload) }
}

/// Cuts a stream of bytes, which arrives in pieces of any size, into payloads.
public struct FrameAssembler: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    /// Creates an assembler that has seen nothing.
    public init() {}

    /// Whether the stream may end here: no frame is half there.
    public var isEmpty: Bool { start == buffer.count }

    /// How many bytes wait to be taken as payloads.
    public var buffered: Int { buffer.count - start }

    /// Appends what was read.
    public mutating func append(_ bytes: some Collection<UInt8>) {
        // Drop what has been returned once per read, not once per frame.
        buffer.removeFirst(start)
        start = 0
        buffer.append(contentsOf: bytes)
    }

    /// The next whole payload; nil if more must be read first. Throws `.tooLong`; the stream is useless from then on.
    public mutating func next() throws(FrameError) -> [UInt8]? {
        guard buffered >= Frame.headerLength else { return nil }
        let body = start + Frame.headerLength
        let length = try Frame.length(header: buffer[start..<body])
        guard buffer.count - body >= length else { return nil }
        start = body + length
        return Array(buffer[body..<start])
    }
}

/// A frame that is not what was agreed, and the field where that showed. It never holds a value from the frame.
public struct FrameError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The fault.
    public enum Code: String, Sendable {
        /// The frame ends before the field does.
        case truncated
        /// Bytes follow the message.
        case trailingBytes = "trailing bytes"
        /// The frame, or a part of it, is longer than is allowed.
        case tooLong = "too long"
        /// A list has more elements than is allowed or than the frame can hold.
        case tooMany = "too many elements"
        /// A tag or a word that is not defined.
        case unknownChoice = "unknown choice"
        /// A string is not UTF-8.
        case invalidText = "not UTF-8"
        /// The other side speaks another version of the protocol.
        case unknownVersion = "unknown version"
        /// The stream ended inside a frame.
        case incomplete
        /// Reading from or writing to the socket failed.
        /// A value has no form in a frame: a nil in a list.
        case unsupported = "no form in a frame"
        /// Values stand in values more often than is allowed.
        case tooDeep = "too deep"
        /// A value that its own type refuses.
        case invalidValue = "invalid value"
        case inputOutput = "input or output failed"
    }

    public let code: Code
    /// Name of the field; "frame" for the frame as a whole, the call's name for a failed call.
    public let field: String
    /// `errno` of a failed call, else 0.
    public let errorNumber: Int32

    /// Creates an error of this code at this field.
    public init(_ code: Code, _ field: String, errorNumber: Int32 = 0) {
        self.code = code
        self.field = field
        self.errorNumber = errorNumber
    }

    public static func == (left: FrameError, right: FrameError) -> Bool { left.code == right.code }

    public var description: String {
        errorNumber == 0 ? "\(field): \(code.rawValue)" : "\(field): \(code.rawValue) (errno \(errorNumber))"
    }
}
