// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

/// What can be wrong in a configuration file.
public enum ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    /// The line says nothing.
    case line(KeyFile.Fault.Kind)
    case unknownGroup(String)
    case unknownKey(String, group: String)
    /// The key stands again in a later line, which counts.
    case repeated(String, group: String, line: Int)
    case invalid(String, group: String, rule: Rule, instead: Instead)
    case noOrigin(group: String)
    /// Another portal has the same origin.
    case repeatedOrigin(group: String)
    case invalidPage(String, group: String)
    /// The file is there and cannot be read; the number is of errno.
    case unreadable(Int32)
    /// It is larger than a configuration can be.
    case tooLarge

    /// What a value must be.
    public enum Rule: Sendable, Equatable {
        case flag
        case number(ClosedRange<Int>)
        case numbers(ClosedRange<Int>)
        case path
        case paths
        case locale
        case zone
        case origin
    }

    /// What holds instead of a wrong value.
    public enum Instead: Sendable, Equatable {
        case value(String)
        case none
        case noPortal
        case ofTheSession
        case ofTheSystem
    }

    /// A sentence's beginning, such as `ListDeadline in [Tokens]: not a number from 1 to 600, using 20`.
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
        case .locale: "a locale's name"
        case .zone: "a time zone's name"
        case .origin: "an https origin"
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
        }
    }
}
