// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A complaint of swift-argument-parser, as a value.
///
/// The library has its complaints as an enumeration, but keeps that to itself and hands out English sentences. The enumeration is read
/// here by reflection: its cases and their values, never the sentences. A complaint that is not recognized (of another version) is
/// printed in the library's own words; a test goes through every kind that our commands can cause, and fails when one is not recognized.
struct ParserComplaint {
    let problem: UsageProblem
    /// The commands on the way to the one that complains, the root first.
    let commands: [any ParsableCommand.Type]

    /// Nil for what is no complaint about the words (help, version, an error of a command's own).
    init?(_ error: any Error, about words: [String]) {
        let parts = Mirror(reflecting: error)
        guard let stack = parts.descendant("commandStack") as? [any ParsableCommand.Type],
            let complaint = parts.descendant("parserError"),
            let problem = Self.problem(complaint, words)
        else { return nil }
        self.problem = problem
        commands = stack
    }

    /// Whether the parser throws this in order that help is shown.
    static func isHelp(_ error: any Error) -> Bool {
        if error is CleanExit { return true }
        let reason = Mirror(reflecting: error).descendant("parserError")
        return reason.flatMap { Mirror(reflecting: $0).children.first?.label } == "helpRequested"
    }

    private static func problem(_ complaint: Any, _ words: [String]) -> UsageProblem? {
        guard let (label, payload) = Mirror(reflecting: complaint).children.first else { return nil }
        let carried = Mirror(reflecting: payload)
        let part = { (place: Int) in carried.children.dropFirst(place).first?.value }
        switch label {
        case "noArguments": return problem(payload, words)
        case "unknownOption": return part(1).flatMap(option).map { .unknownOption($0, suggestion: nil) }
        case "invalidOption": return (payload as? String).map { .unknownOption($0, suggestion: nil) }
        case "nonAlphanumericShortOption":
            return (payload as? Character).map { .unknownOption("-\($0)", suggestion: nil) }
        case "missingValueForOption": return part(1).flatMap(option).map { missingValue($0, words) }
        case "missingValueOrUnknownCompositeOption":
            return part(2).flatMap(option).map { .unknownOption($0, suggestion: nil) }
        case "unexpectedValueForOption":
            guard let option = part(1).flatMap(option), let value = part(2) as? String else { return nil }
            return .unexpectedValue(option: option, value: value)
        case "unexpectedExtraValues":
            let extra = carried.children.compactMap {
                Mirror(reflecting: $0.value).children.dropFirst().first?.value as? String
            }
            return extra.isEmpty ? nil : .extraWords(extra)
        case "noValue": return Self.place(payload).map { .missingArgument(place: $0) }
        case "unableToParseValue":
            guard let value = part(2) as? String, let key = part(3).flatMap(place) else { return nil }
            return .notANumber(value, of: part(1).flatMap(option) ?? key)
        case "completionScriptRequested":
            // Asked for properly; that there is no such shell the library notices only when it writes the script.
            guard let shell = Self.text(payload), !shells.contains(shell) else { return nil }
            return .unknownShell(shell, known: shells)
        case "unsupportedShell": return (payload as? String).map { .unknownShell($0, known: shells) }
        default: return nil
        }
    }

    /// The text in an optional, or in a tuple of one.
    private static func text(_ value: Any) -> String? {
        value as? String ?? Mirror(reflecting: value).children.first.flatMap { text($0.value) }
    }

    private static var shells: [String] { CompletionShell.allCases.map(\.rawValue) }

    /// A negative number after an option looks like an option itself, and its value is said to be missing.
    private static func missingValue(_ option: String, _ words: [String]) -> UsageProblem {
        guard let place = words.firstIndex(of: option), words.indices.contains(place + 1) else {
            return .missingValue(option: option)
        }
        let next = words[place + 1]
        return next.hasPrefix("-") && Int(next) != nil
            ? .notANumber(next, of: option) : .missingValue(option: option)
    }

    /// The library's name of an option, as it is typed.
    private static func option(_ name: Any) -> String? {
        let cases = Mirror(reflecting: name)
        if cases.displayStyle == .optional { return cases.children.first.flatMap { option($0.value) } }
        guard let (label, payload) = cases.children.first else { return nil }
        let text = payload as? String
        switch label {
        case "long": return text.map { "--\($0)" }
        case "longWithSingleDash": return text.map { "-\($0)" }
        case "short":
            let letter = payload as? Character ?? Mirror(reflecting: payload).children.first?.value as? Character
            return letter.map { "-\($0)" }
        default: return nil
        }
    }

    /// The library's key of an argument, as the usage line writes it.
    private static func place(_ key: Any) -> String? {
        let mirror = Mirror(reflecting: key)
        if let name = mirror.descendant("name") as? String { return "<\(name)>" }
        // An enumeration's single value with a label is a tuple of one.
        return mirror.children.first.flatMap { place($0.value) }
    }
}
