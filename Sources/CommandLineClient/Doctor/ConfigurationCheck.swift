// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import SystemBasics
import Texts

/// Each line of eonay.conf that does not count, as `eonay config check` finds them.
struct ConfigurationCheck: Check {
    let topic = Topic.configuration

    func look(_ examination: Examination) async -> [Finding] {
        let issues = examination.facts.issues
        guard !issues.isEmpty else {
            return [
                Finding(
                    .configurationGood, .fine, .text(Texts.marked("Nothing is wrong in the configuration's files.")))
            ]
        }
        var findings = issues.prefix(Self.mostLines).map { issue in
            let place = issue.line == 0 ? issue.file : "\(issue.file):\(issue.line)"
            return Finding(
                .configurationLine, .warning,
                .text(Texts.marked("%1: %2"), [.path(place), .problem(issue.problem)]),
                remedy: .text(Texts.marked("Correct the line.")))
        }
        if issues.count > Self.mostLines {
            findings.append(
                Finding(
                    .configurationLine, .warning,
                    .text(
                        Texts.marked("Further lines that do not count: %1"),
                        [.plain("\(issues.count - Self.mostLines)")]),
                    remedy: .text(Texts.marked("See all of them: eonay config check"))))
        }
        return findings
    }

    /// A file that is no configuration at all has no end of them.
    private static let mostLines = 10
}
