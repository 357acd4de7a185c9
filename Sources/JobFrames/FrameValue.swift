// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Something that can stand in a frame: what `write` writes, `init(from:)` reads back, or throws.
public protocol FrameValue: Sendable, Equatable {
    /// Reads the value. Throws `FrameError` naming the field that is wrong; never traps, whatever the bytes.
    init(from reader: inout FrameReader) throws(FrameError)
    /// Appends the value.
    func write(to writer: inout FrameWriter)
}

/// A value that fills a frame of its own: a request or a reply.
public protocol FrameMessage: FrameValue {}

extension FrameMessage {
    /// The frame's payload: the protocol's version and the message, without the length in front.
    ///
    /// Throws `FrameError` `.tooLong` where the message does not fit a frame.
    public func payload() throws(FrameError) -> [UInt8] {
        var writer = FrameWriter()
        writer.u8(Frame.version)
        write(to: &writer)
        guard writer.bytes.count <= Frame.maximumLength else { throw FrameError(.tooLong, "frame") }
        return writer.bytes
    }

    /// Reads a frame's payload whole. Throws `FrameError`; bytes left over are an error, too.
    public init(payload: [UInt8]) throws(FrameError) {
        var reader = FrameReader(payload)
        guard try reader.u8("version") == Frame.version else { throw FrameError(.unknownVersion, "version") }
        try self.init(from: &reader)
        try reader.end()
    }
}
