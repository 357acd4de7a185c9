// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// `eonay config [KEY]` and `eonay config check [FILE]`: the configuration as its files say it, whether a service runs or not.
struct ConfigCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "config",
            abstract: HelpTexts.text("Show the configuration: values, where they come from, and what is wrong."),
            usage: "eonay config [<key>] | eonay config check [<file>]",
            discussion: HelpTexts.text(
                "The service reads the files when they change; no restart is needed. eonay config check fails with status 4 "
                    + "where a line is wrong; without a file, it checks those that hold."))
    }

    @Argument(help: .text("A key, such as RenewalDays or Reminders.RenewalDays, or a group; or check."))
    var key: String?

    @Argument(help: .text("The file to check, which need not be in its place yet; \"-\" for standard input."))
    var file: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        guard key == "check" || file == nil else { throw Failure(.extraWords([file ?? ""]), of: "config") }
        try common.console.paged { try key == "check" ? check($0) : show($0) }
    }

    private func show(_ console: Console) throws {
        let (files, unread) = DesktopConfiguration.files(at: Surroundings.configurationFiles)
        let (all, issues) = DesktopConfiguration.entries(files)
        var entries = key.map { key in all.filter { $0.isMeant(by: key) } } ?? all
        // A key of no issuer in particular, as the manual shows it, is not meant where another group has one of that name.
        let noIssuer = "Issuer \"PART\""
        if key != nil, entries.contains(where: { $0.group != noIssuer }) { entries.removeAll { $0.group == noIssuer } }
        if let key, entries.isEmpty {
            let suggestion = Suggestion.nearest(to: key, among: all.map(\.name))
            throw Failure(.unknownKey(key, suggestion: suggestion), of: "config")
        }
        let faults = key == nil ? unread + issues : issues.filter { issue in entries.contains { $0.hasFault(issue) } }
        if console.isJSON {
            let keys = JSON.array(entries.map { $0.json(console.texts) })
            return console.print(["issues": .array(faults.map { $0.json(console.texts) }), "keys": keys])
        }
        console.print(faults)
        if key == nil, faults.isEmpty {
            console.note(console.texts.text("Nothing is wrong in the configuration's files."))
        }
        for (place, entry) in entries.enumerated() {
            if place > 0 || key == nil { console.print() }
            entry.print(on: console)
        }
    }

    private func check(_ console: Console) throws {
        let faults: [ConfigurationIssue]
        if let file {
            let contents = try InputFile.contents(of: file, limit: 1 << 20)
            faults = DesktopConfiguration.read([(file, contents)]).issues
        } else {
            let (files, unread) = DesktopConfiguration.files(at: Surroundings.configurationFiles)
            faults = unread + DesktopConfiguration.read(files).issues
        }
        if console.isJSON {
            console.print(["issues": .array(faults.map { $0.json(console.texts) })])
        } else if !console.isQuiet {
            console.print(faults)
            let texts = console.texts
            if faults.isEmpty {
                console.note(
                    file.map { texts.text("Nothing is wrong in %1.", ShowableText.line($0)) }
                        ?? texts.text("Nothing is wrong in the configuration's files."))
            }
        }
        if !faults.isEmpty { throw Ended(status: .badFile) }
    }
}

extension Console {
    /// A line for each, as compilers write it, so that editors find the place.
    fileprivate func print(_ issues: [ConfigurationIssue]) {
        for issue in issues {
            let file = ShowableText.line(issue.file)
            let place = issue.line == 0 ? file : "\(file):\(issue.line)"
            print(sentence: "\(place): \(ShowableText.line(texts.sentence(for: issue.problem), atMost: 500))")
        }
    }
}

extension ConfigurationIssue {
    fileprivate func json(_ texts: Texts) -> JSON {
        [
            "file": .string(file), "line": .integer(Int64(line)),
            "text": .string(ShowableText.line(texts.sentence(for: problem), atMost: 500)),
        ]
    }
}

extension ConfigurationEntry {
    /// Whether a person means this key: by its name, its group, or both with a dot between them.
    fileprivate func isMeant(by word: String) -> Bool {
        let word = word.lowercased()
        return [name, group, "\(group).\(name)"].contains { $0.lowercased() == word }
    }

    /// Whether the mistake is about this key.
    fileprivate func hasFault(_ issue: ConfigurationIssue) -> Bool {
        switch issue.problem {
        case .repeated(let key, let group, _), .invalid(let key, let group, _, _), .invalidPage(let key, let group):
            key == name && group == self.group
        default: false
        }
    }

    /// The key as a file has it, its meaning, and where its value comes from.
    fileprivate func print(on console: Console) {
        let texts = console.texts
        let shown = if case .value(let text) = value { text } else { "(\(texts.words(for: value)))" }
        console.print(Cell("[\(group)] \(name) = \(shown)", .strong))
        let origin =
            place.map {
                texts.text("From %1, line %2; default: %3", $0.file, $0.line, texts.words(for: usual))
            } ?? texts.text("The default")
        for sentence in [texts.text(sentence), ShowableText.line(origin)] {
            for line in DisplayWidth.wrapped(sentence, to: console.output.width.map { max(20, $0 - 4) } ?? .max) {
                console.print("    " + line)
            }
        }
    }

    fileprivate func json(_ texts: Texts) -> JSON {
        func text(_ value: ConfigurationProblem.Instead) -> JSON {
            if case .value(let text) = value { .string(text) } else { .null }
        }
        return [
            "group": .string(group), "name": .string(name), "meaning": .string(texts.text(sentence)),
            "value": text(value),
            "default": text(usual), "file": place.map { .string($0.file) } ?? .null,
            "line": place.map { .integer(Int64($0.line)) } ?? .null,
        ]
    }
}
