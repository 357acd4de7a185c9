// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestBench
import Testing

/// scripts/release-check in a small repository that can be released, and with one thing after another that keeps it from that.
@Suite(.timeLimit(.minutes(1)))
struct ReleaseCheckTests {
    private let folder: TemporaryFolder
    private static let house = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardized
    private static let release = #"public static let version = "2.0.0""#
    private static let changelog = """
        eonay (2.0.0) unstable; urgency=medium

          * News.

         -- The E-Onay authors <people@example.org>  Sat, 28 Nov 2026 00:30:00 +0300

        """
    private static let metainfo = #"<release version="2.0.0" date="2026-11-28"/>"#

    init() throws {
        folder = try TemporaryFolder()
        for path in [
            "scripts", "Sources/EOnayCore/PortalText", "Sources/DesktopService", "Sources/Texts", "Sources/Portal",
            "debian", "packaging", "dbus", "po", "docs/screens",
        ] { try folder.makeFolder(path) }
        for script in ["release-check", "rules", "picture-texts"] {
            try FileManager.default.copyItem(
                atPath: Self.house.appending(path: "scripts/\(script)").path, toPath: folder.file("scripts/\(script)"))
        }
        try folder.write("Sources/EOnayCore/Release.swift", "    \(Self.release)\n")
        try folder.write("Sources/DesktopService/Notice.swift", #"text("Card " + "in")"#)
        try folder.write("Sources/Portal/page.mustache", "[[Sign in]]")
        try folder.write("debian/changelog", Self.changelog)
        try folder.write("packaging/eonay.spec", "Version:        2.0.0\n")
        try folder.write("dbus/org.eonay.EOnay1.metainfo.xml", "\(Self.metainfo)\n")
        try folder.write("CHANGELOG.md", "# Changelog\n\n## 2.0.0\n")
        try folder.write("Makefile", "test:\n\ttrue\n")
        try folder.write(".gitignore", ".build/\n")
        try write(catalogue: ["Card in": "Kart takıldı", "Sign in": "Giriş", "Elsewhere": "Başka yerde"])
    }

    private func write(catalogue: KeyValuePairs<String, String>) throws {
        let entries = catalogue.map { "msgid \"\($0)\"\nmsgstr \"\($1)\"\n" }.joined(separator: "\n")
        try folder.write("po/tr.po", "msgid \"\"\nmsgstr \"\"\n\n\(entries)")
    }

    private func run(_ program: String, _ arguments: String...) async throws -> Finished {
        let person = ["NAME": "Nobody", "EMAIL": "nobody@example.org"]
        let environment = Dictionary(
            uniqueKeysWithValues: ["AUTHOR", "COMMITTER"].flatMap { role in
                person.map { ("GIT_\(role)_\($0)", $1) }
            })
        return try await TestBench.run(
            program, arguments, environment: environment.merging(["HOME": folder.path]) { $1 }, folder: folder.path)
    }

    private func git(_ arguments: String) async throws {
        _ = try await run("/bin/sh", "-c", "git \(arguments)").check()
    }

    private func takePictures() async throws {
        for kind in ["notifications", "portal"] {
            _ = try await run(folder.file("scripts/picture-texts"), kind).check()
        }
    }

    /// Commits what is there, and answers what the check finds.
    private func check() async throws -> Finished {
        try await git("init -q && git add . && git commit -q -m All")
        return try await run(folder.file("scripts/release-check"), "test")
    }

    @Test func aRepositoryThatIsReadyCanBeReleased() async throws {
        try await takePictures()
        let found = try await check()
        #expect(found.succeeded, "\(found)")
        #expect(found.lines.last?.text == "release-check: 2.0.0 can be released")
    }

    @Test(arguments: [
        (
            "Sources/EOnayCore/Release.swift", release, #"public static let version = "2.0.1""#,
            "packaging/eonay.spec: Version is not 2.0.1"
        ),
        ("debian/changelog", "(2.0.0)", "(1.9.0)", "debian/changelog: its newest entry is not for 2.0.0"),
        ("debian/changelog", "unstable", "UNRELEASED", "debian/changelog: the newest entry is not released"),
        ("CHANGELOG.md", "2.0.0", "Unreleased", "CHANGELOG.md: its newest heading is not 2.0.0"),
        ("dbus/org.eonay.EOnay1.metainfo.xml", "2.0.0", "2.0", "its newest release is not 2.0.0"),
        ("dbus/org.eonay.EOnay1.metainfo.xml", "11-28", "11-27", "the newest release is not of 2026-11-28"),
        (
            "debian/changelog", "people@example.org", "people@eonay.example",
            "debian/changelog:5: -- The E-Onay authors"
        ),
        ("debian/changelog", "people@example.org", "people@eonay.example", "eonay.example is nobody's: write"),
        ("po/tr.po", "Kart takıldı", "Kart var", "the pictures of notifications show older words: make screenshots"),
        (
            "Sources/Portal/page.mustache", "Sign in", "Elsewhere",
            "the pictures of portal show older words: make portal-screens"
        ),
        ("Makefile", "true", "false", "✗ make test"),
    ])
    func oneFaultIsNamedAndKeepsItFromBeingReleased(_ file: String, _ good: String, _ bad: String, _ finding: String)
        async throws
    {
        try await takePictures()
        let text = String(decoding: try folder.read(file), as: UTF8.self)
        #expect(text.contains(good))
        try folder.write(file, text.replacing(good, with: bad))
        let found = try await check()
        #expect(found.text.contains(finding), "\(found)")
        #expect(found.status == .exited(1))
    }

    @Test func wordsThatNoPictureShowsMayChange() async throws {
        try await takePictures()
        try write(catalogue: ["Card in": "Kart takıldı", "Sign in": "Giriş", "Elsewhere": "Uzakta"])
        #expect(try await check().succeeded)
    }

    @Test func picturesWithoutARecordAreOld() async throws {
        #expect(try await check().text.contains("make screenshots"))
    }

    @Test func whatIsNotCommittedIsNamed() async throws {
        try await takePictures()
        _ = try await check()
        try folder.write("forgotten", "")
        let found = try await run(folder.file("scripts/release-check"), "test")
        #expect(found.text.contains("?? forgotten"))
        #expect(found.status == .exited(1))
    }

    @Test func aTagOfAnotherCommitIsNamed() async throws {
        try await takePictures()
        _ = try await check()
        try await git("tag v2.0.0")
        #expect(try await run(folder.file("scripts/release-check"), "test").succeeded)
        try await git("commit -q --allow-empty -m Later")
        let found = try await run(folder.file("scripts/release-check"), "test")
        #expect(found.text.contains("v2.0.0 is the tag of another commit"))
    }
}
