// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Asks for the facts of a certificate file.
public struct InspectRequest: FrameValue {
    /// DER or PEM; 512 KiB at most.
    public var data: [UInt8]

    /// Creates the value from its fields.
    public init(data: [UInt8]) {
        self.data = data
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        data = try reader.bytes("data")
    }

    public func write(to writer: inout FrameWriter) {
        writer.bytes(data)
    }

    /// How many bytes `data` may have.
    public static let maximumSize = 512 * 1024
}
