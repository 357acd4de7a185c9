// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench

/// A program that a test needs, run to its end.
public struct Tool: Sendable {
    /// A program that is missing or failed, with what it said; a missing one names its Debian package.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    let path: String
    private let package: String

    /// Throws where no such program is installed.
    public init(_ name: String, package: String) throws {
        self.package = package
        let folders = ["/usr/bin", "/bin", "/usr/sbin"]
        guard let path = folders.map({ $0 + "/" + name }).first(where: FileManager.default.isExecutableFile) else {
            throw Failure("\(name) is missing: install the Debian package \(package)")
        }
        self.path = path
    }

    /// Its standard output. Throws with what it said on standard error where it does not end well.
    @discardableResult
    public func run(_ arguments: [String], environment: [String: String] = [:]) throws -> [UInt8] {
        let process = try Process.beginning(path, arguments, package: package)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complaint = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("\(path) \(arguments): \(String(decoding: complaint, as: UTF8.self))")
        }
        return [UInt8](said)
    }
}
