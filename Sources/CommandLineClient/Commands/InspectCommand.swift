// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import JobFrames
import PortalContract
import Texts

/// `eonay inspect FILE`
struct InspectCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "inspect", abstract: HelpTexts.text("Show the contents of a certificate file (DER or PEM)."))
    }

    @Argument(help: .text("The file; \"-\" for standard input."))
    var file: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.console.paged { try show(on: $0) }
    }

    private func show(on console: Console) throws {
        let file = file
        let data = try InputFile.contents(of: file, limit: InspectRequest.maximumSize)
        try Program.run { loop in
            switch try await FileJob.ask(.inspect(InspectRequest(data: data)), on: loop) {
            case .inspected(let certificates):
                let now = Console.now
                if console.isJSON {
                    console.print(["certificates": .array(certificates.map { $0.json(at: now) })])
                } else {
                    console.print(certificates.map { $0.details(console.texts, at: now) })
                }
            case .failed(let failure): throw FileJob.refusal(failure, of: file, .fileForeign)
            default: throw Failure(.job, detail: "an answer to another question")
            }
        }
    }
}
