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
        #expect(seen.succeeded && seen.text.hasSuffix("\n0 findings\n"), "\(seen)")
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
        #expect(walked.succeeded && walked.text.hasSuffix("\n0 findings\n"), "\(walked)")
        // Each screen of the guide in both languages.
        let pictures = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for language in ["tr", "en"] {
            #expect(pictures.count { $0.hasPrefix("\(language)-1") || $0.hasPrefix("\(language)-0") } >= 16)
        }
    }
}
