// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

/// The pages in a real browser, with and without a mouse, scripts, light and patience (scripts/portal-screens).
///
/// In a target of its own, because targets are tested one after another: a browser wants both cores.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PortalScreensTests {
    /// The portal goes away and comes back, and refuses streams (scripts/portal-outages).
    @Test func aWaitingPageOutlivesThePortalAndARefusedStream() async throws {
        for (program, package) in [("chromium", "chromium"), ("openssl", "openssl"), ("python3", "python3-venv")] {
            _ = try Programs.find(program, package: package)
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../scripts/portal-outages").standardized.path
        let programs = URL(filePath: try Programs.built("eonay-portal")).deletingLastPathComponent().path
        let seen = try await TestBench.run(script, environment: ["EONAY_PROGRAMS": programs])
        #expect(Self.findings(of: seen) == "")
    }

    @Test func chromiumWalksEveryScreenAndAxeFindsNothing() async throws {
        for (program, package) in [("chromium", "chromium"), ("openssl", "openssl"), ("python3", "python3-venv")] {
            _ = try Programs.find(program, package: package)
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../scripts/portal-screens").standardized.path
        let folder = try TemporaryFolder()
        let programs = URL(filePath: try Programs.built("eonay-portal")).deletingLastPathComponent().path
        let walked = try await TestBench.run(script, [folder.path], environment: ["EONAY_PROGRAMS": programs])
        #expect(Self.findings(of: walked) == "")
        // Each screen of the guide in both languages.
        let pictures = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for language in ["tr", "en"] {
            #expect(pictures.count { $0.hasPrefix("\(language)-1") || $0.hasPrefix("\(language)-0") } >= 16)
        }
    }

    /// The findings of a script in one line: a run prints no more than one line of a failure.
    private static func findings(of script: Finished) -> String {
        guard !script.succeeded || !script.text.hasSuffix("\n0 findings\n") else { return "" }
        let lines = script.description.split(separator: "\n")
            .filter { !$0.hasSuffix(" s") && !$0.hasSuffix(" 0 findings") }
        return lines.suffix(12).joined(separator: " | ")
    }
}
