// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

public import EOnayCore

extension Texts {
    /// A mistake in a configuration file, in a sentence for people.
    public func sentence(for problem: ConfigurationProblem) -> String {
        switch problem {
        case .line(.notUTF8): text("This line is not UTF-8, and is ignored.")
        case .line(.noKey): text("This line is neither a group nor a key with a value, and is ignored.")
        case .line(.noGroup): text("This key stands before the first group, and is ignored.")
        case .line(.tooLong): text("The file is too long; the rest of it is not read.")
        case .unknownGroup(let group): text("There is no group [%1]; it is ignored.", group)
        case .unknownKey(let key, let group): text("There is no %1 in [%2]; it is ignored.", key, group)
        case .repeated(let key, let group, let line):
            text("%1 in [%2] stands again in line %3, which counts.", key, group, line)
        case .invalid(let key, let group, let rule, let instead):
            text("%1 in [%2] is not %3. Used instead: %4", key, group, words(for: rule), words(for: instead))
        case .noOrigin(let group): text("[%1] has no Origin, and is ignored.", group)
        case .repeatedOrigin(let group): text("The Origin of [%1] is another portal's; it is ignored.", group)
        case .invalidPage(let key, let group): text("%1 in [%2] is no https address, and is ignored.", key, group)
        case .unreadable(let code): text("The file cannot be read (errno %1), and is ignored.", code)
        case .tooLarge: text("The file is larger than 1 MiB, and is ignored.")
        }
    }

    private func words(for rule: ConfigurationProblem.Rule) -> String {
        switch rule {
        case .flag: text("true or false")
        case .number(let range): text("a number from %1 to %2", range.lowerBound, range.upperBound)
        case .numbers(let range):
            text("a list of numbers from %1 to %2 with ; between them", range.lowerBound, range.upperBound)
        case .path: text("an absolute path")
        case .paths: text("a list of absolute paths with ; between them")
        case .command: text("an absolute path with arguments after it")
        case .locale: text("a locale's name")
        case .zone: text("a time zone's name")
        case .origin: text("an https origin")
        case .page: text("an https address")
        case .phone: text("a telephone number")
        case .words(let words): text("some of %1 with ; between them", words.joined(separator: ", "))
        case .sentence(let longest): text("a text of 1 to %1 characters", longest)
        case .text: text("a text of its form")
        }
    }

    /// A value, or the words for there being none.
    public func words(for instead: ConfigurationProblem.Instead) -> String {
        switch instead {
        case .value(let value): value
        case .none: text("none at all")
        case .noPortal: text("no portal")
        case .ofTheSession: text("the session's")
        case .ofTheSystem: text("the system's")
        case .builtIn: text("the built-in one, if there is one")
        }
    }
}
