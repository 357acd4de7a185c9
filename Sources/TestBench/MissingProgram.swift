// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A program or file that a test needs is not installed.
public struct MissingProgram: Error, Equatable, CustomStringConvertible {
    public let name: String
    /// Debian's name of the package that has it.
    public let package: String

    public init(_ name: String, package: String) {
        self.name = name
        self.package = package
    }

    public var description: String { "\(name) is missing: apt-get install \(package)" }
}
