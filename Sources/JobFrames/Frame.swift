// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The frames between `eonayd` and its jobs: four bytes of length, most significant first, then the payload.
///
/// The payload's first byte is the protocol's version, the rest is one message: its fields in their order, without names. A number
/// has its own width, big-endian; a Boolean is a byte that is 0 or 1; text, bytes and a list begin with a count of four bytes; an
/// optional field begins with a Boolean; a case of an enum is its name, or its raw value, as text.
public enum Frame {
    /// The version both sides must speak; they are installed together.
    public static let version: UInt8 = 3
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
