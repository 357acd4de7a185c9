// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import SystemBasics
import Texts

/// A fault of a command line, and the words that are at fault.
enum UsageProblem: Equatable, Sendable {
    case unknownCommand(String, suggestion: String?)
    case unknownOption(String, suggestion: String?)
    /// No key of eonay.conf has that name.
    case unknownKey(String, suggestion: String?)
    /// No error has that name.
    case unknownErrorName(String, suggestion: String?)
    case missingValue(option: String)
    case unexpectedValue(option: String, value: String)
    case extraWords([String])
    /// `place` as the usage line writes it: "<file>".
    case missingArgument(place: String)
    /// All options of ours that are not text take whole numbers.
    case notANumber(String, of: String)
    case unknownShell(String, known: [String])
    /// A day that cannot be read, or is none of the calendar's; the example is a day that is good.
    case badDay(String, example: CalendarDay)
    case pastDay(String, example: CalendarDay)
    case closedDescriptor(Int32, option: String)
    /// A rule between options, as a marked text.
    case rule(String)
    /// The parser's own words, for a fault of a kind that our commands cannot cause.
    case other(String)

    /// The word or words at fault; for programs.
    var subject: String {
        switch self {
        case .unknownCommand(let word, _), .unknownOption(let word, _), .unknownKey(let word, _),
            .unknownErrorName(let word, _), .unknownShell(let word, _),
            .badDay(let word, _), .pastDay(let word, _), .other(let word):
            word
        case .missingValue(let option): option
        case .unexpectedValue(let option, let value): "\(option)=\(value)"
        case .extraWords(let words): words.joined(separator: " ")
        case .missingArgument(let place): place
        case .notANumber(let word, let option): "\(option) \(word)"
        case .closedDescriptor(let number, let option): "\(option) \(number)"
        case .rule: ""
        }
    }
}

/// A command line that was not understood.
struct UsageFault: Equatable, Sendable {
    let problem: UsageProblem
    /// The command as it is called: "eonay approve".
    let command: String

    /// The fault and its remedy.
    func explained(_ texts: Texts) -> ErrorText {
        ErrorText(what: ShowableText.line(what(texts)), remedy: remedy(texts))
    }

    private func what(_ texts: Texts) -> String {
        switch problem {
        case .unknownCommand(let word, _): texts.text("There is no command %1.", word)
        case .unknownOption(let word, _): texts.text("%1 has no option %2.", command, word)
        case .unknownKey(let word, _): texts.text("There is no key %1 in eonay.conf.", word)
        case .unknownErrorName(let word, _): texts.text("There is no error %1.", word)
        case .missingValue(let option): texts.text("A value is missing after %1.", option)
        case .unexpectedValue(let option, let value): texts.text("%1 takes no value, but %2 was given.", option, value)
        case .extraWords(let words):
            texts.text(
                "There is %1 word too many: %2", plural: "There are %1 words too many: %2", count: words.count,
                words.joined(separator: " "))
        case .missingArgument(let place): texts.text("Something is missing: %1", HelpPage.place(place, texts))
        case .notANumber(let word, let option): texts.text("%1 is not a whole number that %2 can take.", word, option)
        case .unknownShell(let word, _): texts.text("There are no completions for the shell %1.", word)
        case .badDay(let word, _): texts.text("%1 is not a day.", word)
        case .pastDay(let word, _): texts.text("%1 has passed, or is today.", word)
        case .closedDescriptor(let number, let option):
            texts.text("The descriptor %1 that %2 names is not open.", number, option)
        case .rule(let marked): texts.text(marked)
        case .other: texts.text("The command was not understood.")
        }
    }

    private func remedy(_ texts: Texts) -> String {
        switch problem {
        case .unknownCommand(_, let suggestion?), .unknownOption(_, let suggestion?):
            texts.text("Did you mean %1? The rest is in: %2 --help", suggestion, command)
        case .unknownKey(_, let suggestion?): texts.text("Did you mean %1? All of them: eonay config", suggestion)
        case .unknownKey: texts.text("See which there are: eonay config")
        case .unknownErrorName(_, let suggestion?):
            texts.text("Did you mean %1? All of them: man eonay, EXIT STATUS", suggestion)
        case .unknownErrorName: texts.text("See which there are: man eonay, EXIT STATUS")
        case .unknownCommand: texts.text("See which there are: eonay --help")
        case .unknownOption: texts.text("See which there are: %1 --help", command)
        case .unknownShell(_, let known): texts.text("Name one of these: %1", known.joined(separator: ", "))
        case .badDay(_, let example), .pastDay(_, let example):
            texts.text("Write a coming day like this: %1 or %2", example.iso, example.turkish)
        case .closedDescriptor: texts.text("Open it for the command, as in: eonay approve --accept --pin-fd 5 5<FILE")
        default: texts.text("Look it up: %1 --help", command)
        }
    }
}
