// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
