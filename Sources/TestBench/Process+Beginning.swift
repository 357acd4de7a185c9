// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import Foundation

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
