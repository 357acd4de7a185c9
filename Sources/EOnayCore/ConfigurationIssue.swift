// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What is wrong in a configuration file, where, and what holds instead.
public struct ConfigurationIssue: Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// Counted from 1.
    public let line: Int
    /// A sentence's beginning, such as `ListDeadline in [Tokens]: not a number from 1 to 600, using 20`.
    public let text: String

    public var description: String { "\(file):\(line): \(text)" }
}
