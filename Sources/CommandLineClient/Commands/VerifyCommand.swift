// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EOnayCore
import JobFrames
import Texts

/// `eonay verify FILE.p7s`
struct VerifyCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify", abstract: HelpTexts.text("Judge a signature (CAdES, level B)."),
            discussion: HelpTexts.text(
                "The answer is one of three: valid; invalid; or indeterminate, where the facts at hand do not suffice to say. "
                    + "Exit status: 0, 6, 7. Revocation is looked up in the file itself; no authority is asked."
            ))
    }

    @Argument(help: .text("The signature (CMS, .p7s); \"-\" for standard input."))
    var file: String

    @Option(help: .text("What was signed, where the signature does not hold it."))
    var content: String?

    @Option(help: .text("A folder with the certificates that are trusted; without it, /etc/eonay/trust."))
    var trust: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.console.paged { try judge(on: $0) }
    }

    private func judge(on console: Console) throws {
        let file = file
        let now = Console.now
        let request = VerifyRequest(
            signature: try InputFile.contents(of: file, limit: Self.limit),
            content: try content.map { try InputFile.contents(of: $0, limit: Self.limit) },
            trust: try TrustFolder.certificates(in: trust), at: now)
        try Program.run { loop in
            switch try await FileJob.ask(.verify(request), on: loop) {
            case .verified(let description):
                let judgement = VerifiedFile(
                    description: description, file: file, hasTrust: !request.trust.isEmpty,
                    hasContent: request.content != nil)
                if console.isJSON {
                    console.print(judgement.json(at: now))
                } else if !console.isQuiet || description.conclusion != .valid {
                    judgement.print(on: console)
                }
                if description.conclusion != .valid { throw Ended(status: judgement.status) }
            case .failed(let failure): throw FileJob.refusal(failure, of: file, .noSignature)
            default: throw Failure(.job, detail: "an answer to another question")
            }
        }
    }

    /// Signature, content and trusted certificates go to the job in one message.
    private static let limit = Frame.maximumLength
}
