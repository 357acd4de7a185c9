// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// One PKCS#11 module that was found; none was loaded to learn this.
public struct ModuleDescription: FrameValue {
    /// Absolute path of the shared object.
    public var path: String
    /// A short name for people, such as the file's base name or the name of p11-kit's module file.
    public var name: String
    /// Where the module was learned of.
    public var origin: Origin

    /// Creates the value from its fields.
    public init(path: String, name: String, origin: Origin) {
        self.path = path
        self.name = name
        self.origin = origin
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        path = try reader.string("path")
        name = try reader.string("name")
        origin = try reader.choice("origin")
    }

    public func write(to writer: inout FrameWriter) {
        writer.string(path)
        writer.string(name)
        writer.choice(origin)
    }

    /// Where a module was learned of.
    public enum Origin: String, CaseIterable, Sendable {
        /// Named in the configuration.
        case configured
        /// Named in one of p11-kit's module files.
        case p11Kit = "p11-kit"
        /// Found in one of the places where vendors put it.
        case known
    }
}
