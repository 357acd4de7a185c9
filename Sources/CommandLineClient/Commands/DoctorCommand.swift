// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EOnayCore
import PortalContract
import SystemBasics
import Texts

/// `eonay doctor`: everything from the card to the portal, whether a service runs or not.
struct DoctorCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doctor",
            abstract: HelpTexts.text("Look at everything from the card to the portal, and say what mends it."),
            discussion: HelpTexts.text(
                "Ends with 0 where E-Onay could be given now, else with 8. No PIN is asked for, and no service is started. "
                    + "With the name of an error, it explains that one, and looks at nothing."))
    }

    @Argument(help: .text("The name of an error to explain, such as NoModule."))
    var error: String?

    @Option(
        help: .text("Write a report for a help desk into this file, without names, numbers and other personal data."))
    var report: String?

    @Flag(help: .text("Replace the report's file, if there is one."))
    var force = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        if let error {
            let explanation = try ErrorExplanation(error)
            return common.console.paged { explanation.print(on: $0) }
        }
        if let report, !force, Files.exists(report) { throw Failure(.fileExists, subject: report) }
        let (report, force) = (report, force)
        try common.console.paged { console in
            try Program.run { loop in
                let examination = Examination(on: loop)
                let diagnosis = await Doctor.examine(examination)
                let distribution = Distribution.installed(below: examination.surroundings.root)
                if let report {
                    try DoctorReport(diagnosis: diagnosis, distribution: distribution)
                        .write(console.texts, to: report, replacing: force)
                }
                console.print(diagnosis, on: distribution)
                if let report, !console.isJSON {
                    console.note(
                        console.texts.text(
                            "The report is in %1; read it before you send it.", ShowableText.line(report)))
                }
                if !diagnosis.isApprovable { throw Ended(status: .notApprovable) }
            }
        }
    }
}
