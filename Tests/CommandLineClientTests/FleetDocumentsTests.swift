// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

@testable import CommandLineClient

/// The files of docs/fleet, which institutions copy.
@Suite(.timeLimit(.minutes(1)))
struct FleetDocumentsTests {
    private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/fleet")

    private func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    @Test func promtoolFindsTheRulesRightAndTheyRingWhenTheyShall() async throws {
        let promtool = try Programs.find("promtool", package: "prometheus")
        try await run(promtool, ["check", "rules", "alerts.yml"], folder: folder.path).check()
        try await run(promtool, ["test", "rules", "alerts_test.yml"], folder: folder.path).check()
    }

    /// The names of metrics in an expression: what is no function, keyword, label or text.
    private func metrics(in expression: String) -> Set<String> {
        let plain = expression.replacing(#/"[^"]*"/#, with: "").replacing(#/\{[^}]*\}/#, with: "")
            .replacing(#/by \([a-z]*\)/#, with: "")
        let words = plain.matches(of: #/[a-z_]{3,}(?!\w*\s*\()/#).map { String($0.output) }
        return Set(words.filter { $0.contains("_") })
    }

    private static let known: Set = [ExpiryMetrics.notAfter, "node_textfile_mtime_seconds"]

    @Test func theDashboardAndTheRulesAskForMetricsThatExist() throws {
        let board = try #require(
            try JSONSerialization.jsonObject(with: Data(text("dashboard.json").utf8)) as? [String: Any])
        let panels = try #require(board["panels"] as? [[String: Any]])
        let expressions = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }.compactMap {
            $0["expr"] as? String
        }
        #expect(expressions.count == panels.count && panels.count > 3)
        #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
        let rules = try text("alerts.yml").split(separator: "\n").filter { $0.contains("expr:") }.map(String.init)
        #expect(rules.count == 4)
        for expression in expressions + rules {
            let names = metrics(in: expression)
            #expect(!names.isEmpty && names.isSubset(of: Self.known), "\(expression): \(names)")
        }
        #expect(Set((expressions + rules).flatMap(metrics)) == Self.known)
    }

    /// The expressions are PromQL: promtool reads them as rules.
    @Test func theDashboardsExpressionsAreRight() async throws {
        let board = try #require(
            try JSONSerialization.jsonObject(with: Data(text("dashboard.json").utf8)) as? [String: Any])
        let expressions = (board["panels"] as? [[String: Any]] ?? [])
            .flatMap { $0["targets"] as? [[String: Any]] ?? [] }.compactMap { $0["expr"] as? String }
        let rules = expressions.enumerated().map { number, expression in
            "      - record: panel:\(number)\n        expr: '\(expression.replacing("$kind", with: ".*"))'\n"
        }
        let scratch = try TemporaryFolder()
        try scratch.write("board.yml", "groups:\n  - name: board\n    rules:\n" + rules.joined())
        let promtool = try Programs.find("promtool", package: "prometheus")
        try await run(promtool, ["check", "rules", scratch.file("board.yml")]).check()
    }

    /// What the document's own text shows of a unit is what systemd accepts.
    @Test func theUnitsAreRight() async throws {
        let analyze = try Programs.find("systemd-analyze", package: "systemd")
        let scratch = try TemporaryFolder()
        for name in ["eonay-metrics.service", "eonay-metrics.timer"] {
            try scratch.write(name, text(name).replacing("/usr/bin/eonay", with: "/usr/bin/true"))
        }
        let end = try await run(
            analyze,
            [
                "--user", "--man=no", "verify", scratch.file("eonay-metrics.service"),
                scratch.file("eonay-metrics.timer"),
            ],
            environment: ["XDG_RUNTIME_DIR": scratch.path])
        #expect(end.succeeded, "\(end)")
    }

    @Test(arguments: ["mail.sh", "ntfy.sh", "ticket.sh"])
    func theExamplesOfACommandAreScriptsThatRun(name: String) async throws {
        // A curl and an msmtp that write down what they are called with.
        let scratch = try TemporaryFolder()
        for program in ["curl", "msmtp"] {
            let path = try scratch.write(
                program, "#!/bin/sh\nprintf '%s\\n' \"$@\" >> \"$FOLDER/called\"; cat >> \"$FOLDER/called\"\n")
            #expect(chmod(path, 0o700) == 0)
        }
        let end = try await run(
            "/bin/sh", ["-eu", folder.appending(path: name).path, "https://example.org/x"],
            environment: [
                "PATH": "\(scratch.path):/usr/bin:/bin", "FOLDER": scratch.path, "EONAY_EVENT": "reminder",
                "EONAY_CERTIFICATE": "abcdef0123", "EONAY_KIND": "nes", "EONAY_ISSUER": "Kamu \"SM\"",
                "EONAY_NOT_AFTER": "1800000000", "EONAY_DAYS_LEFT": "7", "EONAY_PHASE": "renewal-due",
            ])
        #expect(end.succeeded, "\(end)")
        let called = String(decoding: try scratch.read("called"), as: UTF8.self)
        #expect(called.contains("abcdef01") && called.contains("7"))
    }
}
