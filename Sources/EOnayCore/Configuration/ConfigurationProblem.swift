// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// A mistake in a configuration file, and the value that is used instead.
public enum ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    /// The line is neither a group nor a key with a value.
    case line(KeyFile.Fault.Kind)
    case unknownGroup(String)
    case unknownKey(String, group: String)
    /// A later line has the same key, and counts.
    case repeated(String, group: String, line: Int)
    case invalid(String, group: String, rule: Rule, instead: Instead)
    case noOrigin(group: String)
    /// Another portal has the same origin.
    case repeatedOrigin(group: String)
    case invalidPage(String, group: String)
    /// The file exists and cannot be read; the number is its errno.
    case unreadable(Int32)
    /// It is larger than a configuration can be.
    case tooLarge

    /// The form of a value.
    public enum Rule: Sendable, Equatable {
        case flag
        case number(ClosedRange<Int>)
        case numbers(ClosedRange<Int>)
        case path
        case paths
        /// As `CommandWords` reads it.
        case command
        case locale
        case zone
        case origin
        /// An https address.
        case page
        case phone
        /// Some of these words, with `;` between them.
        case words([String])
        /// A text in one line, of so many characters at most.
        case sentence(Int)
        /// A text in a form of its key's own.
        case text
    }

    /// The value that is used instead of a wrong or missing one.
    public enum Instead: Sendable, Equatable {
        case value(String)
        case none
        case noPortal
        case ofTheSession
        case ofTheSystem
        /// The value that the program has by itself, if it has one.
        case builtIn
    }

    /// For the log, such as `ListDeadline in [Tokens]: not a number from 1 to 600, using 20`.
    public var description: String {
        switch self {
        case .line(let kind): "\(kind.rawValue), ignored"
        case .unknownGroup(let group): "[\(group)]: no such group, ignored"
        case .unknownKey(let key, let group): "\(key) in [\(group)]: no such key, ignored"
        case .repeated(let key, let group, let line): "\(key) in [\(group)]: given again in line \(line), ignored"
        case .invalid(let key, let group, let rule, let instead): "\(key) in [\(group)]: not \(rule), using \(instead)"
        case .noOrigin(let group): "[\(group)]: no Origin, ignored"
        case .repeatedOrigin(let group): "[\(group)]: its Origin is another portal's, ignored"
        case .invalidPage(let key, let group): "\(key) in [\(group)]: not an https address, ignored"
        case .unreadable(let code): "it cannot be read (errno \(code)), ignored"
        case .tooLarge: "it is larger than 1 MiB, ignored"
        }
    }
}

extension ConfigurationProblem.Rule: CustomStringConvertible {
    public var description: String {
        switch self {
        case .flag: "true or false"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .numbers(let range): "numbers from \(range.lowerBound) to \(range.upperBound) with ; between them"
        case .path: "an absolute path"
        case .paths: "absolute paths with ; between them"
        case .command: "an absolute path with arguments after it"
        case .locale: "a locale's name"
        case .zone: "a time zone's name"
        case .origin: "an https origin"
        case .page: "an https address"
        case .phone: "a telephone number"
        case .words(let words): "some of \(words.joined(separator: ", ")) with ; between them"
        case .sentence(let longest): "a text of 1 to \(longest) characters"
        case .text: "a text of its form"
        }
    }
}

extension ConfigurationProblem.Instead: CustomStringConvertible {
    public var description: String {
        switch self {
        case .value(let value): value
        case .none: "none"
        case .noPortal: "no portal"
        case .ofTheSession: "the session's"
        case .ofTheSystem: "the system's"
        case .builtIn: "the built-in one, if there is one"
        }
    }
}

/// A problem in a configuration file, with its place.
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
