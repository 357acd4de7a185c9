// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Which portal a courier speaks to, and for how long it waits.
public struct PortalEndpoint: FrameValue {
    /// Scheme, host and port if not the default; no slash at the end.
    public var origin: String
    /// A PEM file of certificates to trust instead of the system's; empty for the system's.
    public var caFile: String
    /// Longest wait for a connection, in milliseconds.
    public var connectTimeout: UInt32
    /// Longest wait for an answer, in milliseconds.
    public var totalTimeout: UInt32

    /// Creates the value from its fields.
    public init(origin: String, caFile: String, connectTimeout: UInt32, totalTimeout: UInt32) {
        self.origin = origin
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        origin = try reader.string("origin")
        caFile = try reader.string("caFile")
        connectTimeout = try reader.u32("connectTimeout")
        totalTimeout = try reader.u32("totalTimeout")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(origin)
        writer.string(caFile)
        writer.u32(connectTimeout)
        writer.u32(totalTimeout)
    }
}
