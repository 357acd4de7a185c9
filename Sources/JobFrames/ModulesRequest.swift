// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// Asks which PKCS#11 modules this machine has.
public struct ModulesRequest: FrameValue {
    /// Paths from the configuration, in its order.
    public var configured: [String]
    /// Whether p11-kit's module files and the known places are looked through as well.
    public var discover: Bool

    /// Creates the value from its fields.
    public init(configured: [String], discover: Bool) {
        self.configured = configured
        self.discover = discover
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        configured = try reader.strings("configured")
        discover = try reader.bool("discover")
    }

    public func write(to writer: inout FrameWriter) {
        writer.strings(configured)
        writer.bool(discover)
    }
}
