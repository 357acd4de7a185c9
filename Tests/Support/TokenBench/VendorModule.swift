// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A PKCS#11 module with one fault, built from Tests/Support/modules for one test.
public struct VendorModule: Sendable {
    public let path: String
    private let scratch: Scratch

    /// Builds "hangs", "crashes" and so on; the reader of their one slot is "Test Reader 00 00".
    public init(_ name: String) throws {
        scratch = try Scratch()
        path = scratch.path + "/" + name + ".so"
        // A file of its own for each test: a library that is loaded twice keeps its state.
        try Tool("cc", package: "gcc").run([
            "-shared", "-fPIC", "-I/usr/include/p11-kit-1", "-o", path, Self.sources + "/\(name).c",
        ])
    }

    /// The path of a file beside the module, that module and test can write: a link into memory, for a module changes nothing on a disk.
    public func file(_ suffix: String) throws -> String { try Self.file(path + suffix) }

    static func file(_ path: String) throws -> String {
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: Scratch(in: "/dev/shm").path + "/" + (path as NSString).lastPathComponent
        )
        return path
    }

    /// The folder with the modules' sources.
    public static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("modules").path

    public static let reader = "Test Reader 00 00"
}
