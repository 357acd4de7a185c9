// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The two sentences a person may sign, as the portal gives them.
public struct Statement: FrameValue {
    /// Their version.
    public var version: String
    /// The sentence that accepts.
    public var accept: String
    /// The sentence that declines.
    public var decline: String

    /// Creates the value from its fields.
    public init(version: String, accept: String, decline: String) {
        self.version = version
        self.accept = accept
        self.decline = decline
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        version = try reader.string("version")
        accept = try reader.string("accept")
        decline = try reader.string("decline")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(version)
        writer.string(accept)
        writer.string(decline)
    }
}
