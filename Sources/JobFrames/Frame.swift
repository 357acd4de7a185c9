// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The frames between `eonayd` and its jobs: four bytes of length, most significant first, then the payload.
///
/// The payload's first byte is the protocol's version, the rest one message. Numbers are big-endian; a string, a byte
/// string and a list begin with a count of four bytes; an optional begins with a byte that is 0 or 1; a choice is one
/// byte, or its word as a string.
public enum Frame {
    /// The version both sides must speak; they are installed together.
    public static let version: UInt8 = 1
    /// The longest payload, in bytes.
    public static let maximumLength = 1 << 20
    /// The most elements a list may have.
    public static let maximumCount = 1024
    /// The length of the header, in bytes.
    public static let headerLength = 4
    /// The descriptor on which a job speaks with its parent.
    public static let descriptor: Int32 = 3

    /// The payload with its length in front. Throws `.tooLong`.
    public static func framed(_ payload: [UInt8]) throws(FrameError) -> [UInt8] {
        guard payload.count <= maximumLength else { throw FrameError(.tooLong, "frame") }
        var writer = FrameWriter()
        writer.bytes(payload)
        return writer.bytes
    }

    /// The payload's length by its header of four bytes. Throws `.tooLong` before anybody reserves memory for it.
    public static func length(header: some Collection<UInt8>) throws(FrameError) -> Int {
        guard header.count == headerLength else { throw FrameError(.truncated, "frame") }
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        guard length <= maximumLength else { throw FrameError(.tooLong, "frame") }
        return length
    }
}
