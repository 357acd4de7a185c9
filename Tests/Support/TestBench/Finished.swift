// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A program that has run to its end.
public struct Finished: Sendable, CustomStringConvertible {
    public let command: String
    public let status: ChildProcess.Status
    /// Its standard output.
    public let output: [UInt8]
    /// Both streams, line by line, as they came.
    public let lines: [ChildProcess.Line]

    public var text: String { String(decoding: output, as: UTF8.self) }
    public var succeeded: Bool { status == .exited(0) }

    public var description: String { "\(command): \(status)\n\(lines.map(\.text).joined(separator: "\n"))" }

    /// A program ended with an error where a test needs its success.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Itself, or `Failure` with all that the program wrote.
    @discardableResult
    public func check() throws -> Finished {
        guard succeeded else { throw Failure(description: description) }
        return self
    }
}

/// Runs a program to its end. `input` is written to its standard input, which then ends.
@discardableResult
public func run(
    _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], input: [UInt8] = [],
    descriptors: [Int32: Int32] = [:], folder: String? = nil
) async throws -> Finished {
    let child = try await ChildProcess.start(
        path, arguments, environment: environment, descriptors: descriptors, folder: folder)
    child.write(input)
    child.closeInput()
    let status = await child.end()
    return Finished(
        command: ([path] + arguments).joined(separator: " "), status: status, output: child.output,
        lines: child.lines.all)
}

extension Process {
    /// A program that Foundation starts for a test, with no signal ignored and none blocked.
    ///
    /// A child inherits both from the thread that starts it: `nohup make test` ignores SIGHUP, and the threads of swift-testing block
    /// SIGTERM and more. A program that is meant to end by a signal would then live for ever. env(1) puts that right and becomes the
    /// program, so the process identifier is the program's.
    ///
    /// Throws `MissingProgram` where there is no such program; `package` is the Debian package that has it.
    public static func beginning(_ program: String, _ arguments: [String] = [], package: String) throws -> Process {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw MissingProgram(program, package: package)
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["--default-signal", program] + arguments
        return process
    }
}
