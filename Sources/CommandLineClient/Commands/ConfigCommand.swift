// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bus
import BusContract
import PortalContract
import SystemBasics
import Texts

/// `eonay config`
struct ConfigCommand: ServiceCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "config",
            abstract: HelpTexts.text("Show what is wrong in the configuration's files."),
            discussion: HelpTexts.text("The service reads them when they change; no restart is needed."))
    }

    @OptionGroup var common: CommonOptions

    func run(_ service: ServiceClient, _ console: Console) async throws {
        let properties = try await service.properties(of: ServiceInterface.self, at: Contract.root)
        guard let rows = properties[.configurationIssues]?.elements else { throw Failure(.serviceForeign) }
        let issues = rows.compactMap { IssueRow($0.members ?? []) }
        if console.isJSON { return console.print(["issues": .array(issues.map(\.json))]) }
        guard !issues.isEmpty else {
            return console.print(sentence: console.texts.text("Nothing is wrong in the configuration's files."))
        }
        for issue in issues { console.print(sentence: issue.line) }
    }
}

/// An element of the property `ConfigurationIssues`.
struct IssueRow: ServiceRow {
    let file, text: String
    let number: UInt32

    init?(_ members: [Value]) {
        guard members.count == 3, let file = members[0].string, let number = members[1].uint32,
            let text = members[2].string
        else { return nil }
        (self.file, self.number, self.text) = (file, number, text)
    }

    /// As compilers write it, so that editors find the place.
    var line: String {
        let place = number == 0 ? ShowableText.line(file) : "\(ShowableText.line(file)):\(number)"
        return "\(place): \(ShowableText.line(text))"
    }

    var json: JSON { ["file": .string(file), "line": .integer(Int64(number)), "text": .string(text)] }
}
