// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

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
