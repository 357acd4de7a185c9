// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench

/// Runs programs of the system for the tests that need them.
enum Tool {
    /// A program is missing, or ended with an error.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The package's folder.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Runs `openssl` (Debian package openssl) and gives what it wrote to its standard output.
    @discardableResult
    static func openssl(_ arguments: String..., input: [UInt8] = []) throws -> [UInt8] {
        try run("/usr/bin/openssl", debianPackage: "openssl", arguments, input: input)
    }

    @discardableResult
    static func run(
        _ program: String, debianPackage: String, _ arguments: [String], input: [UInt8] = []
    ) throws -> [UInt8] {
        let process = try Process.beginning(program, arguments, package: debianPackage)
        let folder = FileManager.default.temporaryDirectory.appending(path: "eonay-tool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files instead of pipes: no program waits for a reader, whatever it writes.
        try Data(input).write(to: folder.appending(path: "in"))
        for name in ["out", "err"] { try Data().write(to: folder.appending(path: name)) }
        process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "in"))
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let error = try String(decoding: read(folder.appending(path: "err")), as: UTF8.self)
            throw Failure(
                description: "\(program) \(arguments.joined(separator: " ")): \(process.terminationStatus)\n\(error)")
        }
        return try read(folder.appending(path: "out"))
    }

    /// Not by `Data(contentsOf:)`, which loses a page for each empty file and so drowns what LeakSanitizer has to say.
    private static func read(_ url: URL) throws -> [UInt8] {
        try Array(FileHandle(forReadingFrom: url).readToEnd() ?? Data())
    }
}
