// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// The PKCS#11 modules of this machine, and where new ones would appear.
public struct ModuleList: FrameValue {
    /// In the order to try.
    public var modules: [ModuleDescription]
    /// Folders, existing or not, in which a module or what it needs may be installed, changed or removed.
    public var folders: [String]

    /// Creates the value from its fields.
    public init(modules: [ModuleDescription], folders: [String]) {
        self.modules = modules
        self.folders = folders
    }

    public init(from reader: inout FrameReader) throws(FrameError) {
        modules = try reader.values("modules")
        folders = try reader.strings("folders")
    }

    public func write(to writer: inout FrameWriter) {
        writer.values(modules)
        writer.strings(folders)
    }
}
