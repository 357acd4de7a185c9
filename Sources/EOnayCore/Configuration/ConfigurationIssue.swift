// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What is wrong in a configuration file, where, and what holds instead.
public struct ConfigurationIssue: Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// Counted from 1; 0: the file as a whole.
    public let line: Int
    public let problem: ConfigurationProblem

    public init(file: String, line: Int, problem: ConfigurationProblem) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    /// For the log, in English.
    public var description: String { line == 0 ? "\(file): \(problem)" : "\(file):\(line): \(problem)" }
}
