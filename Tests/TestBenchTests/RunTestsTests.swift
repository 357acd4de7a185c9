// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestBench
import Testing

/// scripts/run-tests, with a bundle that does what a test run can do at its worst. A minute is a second here.
@Suite(.timeLimit(.minutes(1)))
struct RunTestsTests {
    private let folder: TemporaryFolder
    private let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scripts/run-tests").path

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder(".build")
        try folder.makeFolder("Tests/ATests")
    }

    /// Runs a bundle that tells these events and then does what the shell script says.
    private func run(_ events: [String], then script: String, targets: [String] = ["ATests"]) async throws -> Finished {
        let lines = events.map { "echo '\($0)' >&9" }.joined(separator: "\n")
        let bundle = try folder.write(
            "bundle", "#!/bin/bash\nexec 9>\"$6\"\n\(lines)\n\(script)\n")
        chmod(bundle, 0o700)
        return try await TestBench.run(
            self.script, [bundle] + targets, environment: ["EONAY_TEST_MINUTE": "1", "EONAY_TEST_GRACE": "0.5"],
            folder: folder.path)
    }

    private static func event(_ kind: String, _ test: String = "", _ symbol: String = "default", _ text: String = "")
        -> String
    {
        #"{"kind":"event","payload":{"kind":"\#(kind)","testID":"\#(test)","#
            + #""messages":[{"symbol":"\#(symbol)","text":"\#(text)"}]},"version":0}"#
    }

    private static let first = "ATests.SomeTests/itPasses()/SomeTests.swift:1:1"
    private static let second = "ATests.SomeTests/itHangs()/SomeTests.swift:9:1"
    private static let begun = [event("runStarted"), event("testStarted", first), event("testStarted", second)]
    private static let passed = event("testEnded", first, "pass")

    @Test func whatRanIsCounted() async throws {
        let finished = try await run(
            Self.begun + [Self.passed, Self.event("testEnded", Self.second, "pass"), Self.event("runEnded")], then: "")
        #expect(finished.lines.last?.text == "2 passed, 0 failed")
        #expect(finished.succeeded)
    }

    @Test func aFailureIsCountedBesideWhatPassed() async throws {
        let finished = try await run(
            Self.begun + [Self.passed, Self.event("testEnded", Self.second, "fail"), Self.event("runEnded")],
            then: "exit 1")
        #expect(finished.lines.last?.text == "1 passed, 1 failed")
        #expect(finished.status == .exited(1))
    }

    @Test func aTestThatOutlivesItsLimitIsNamedAndItsChildrenGo() async throws {
        let exceeded = Self.event("issueRecorded", Self.second, "fail", "Time limit was exceeded: 60.000 seconds")
        let finished = try await run(
            Self.begun + [Self.passed, exceeded],
            then: "setsid sleep 1000 & echo $! >child; trap '' TERM HUP; sleep 1000 & wait; wait")
        #expect(finished.text.contains("✘ Test ATests.SomeTests/itHangs() hung"))
        #expect(!finished.text.contains("itPasses() hung"))
        #expect(finished.lines.last?.text == "1 passed, 1 failed")
        #expect(finished.status == .exited(1))
        let child = try #require(Int32(try Self.line(folder.file("child"))))
        #expect(kill(child, 0) == -1 && errno == ESRCH)
    }

    @Test func anOrphanThatEndsIsGoneForGood() async throws {
        let ends = [Self.passed, Self.event("testEnded", Self.second, "pass"), Self.event("runEnded")]
        let finished = try await run(
            Self.begun,
            then: "pid=$(sh -c 'sleep 0.1 >/dev/null & echo $!'); tail --pid=$pid -s 0.01 -f /dev/null\n"
                + ends.map { "echo '\($0)' >&9" }.joined(separator: "\n"))
        #expect(finished.lines.last?.text == "2 passed, 0 failed")
    }

    @Test func silenceIsAHangToo() async throws {
        let finished = try await run(Self.begun + [Self.passed], then: "exec sleep 1000")
        #expect(finished.text.contains("✘ Test ATests.SomeTests/itHangs() hung"))
        #expect(finished.lines.last?.text == "1 passed, 1 failed")
    }

    @Test func aTestThatSaysMoreIsGivenMore() async throws {
        try folder.write("Tests/ATests/Long.swift", "@Test(.timeLimit(.minutes(30))) func long() {}")
        let finished = try await run(
            Self.begun + [Self.passed],
            then: "read -t 2.5 <> <(:)\n"
                + "echo '\(Self.event("testEnded", Self.second, "pass"))' >&9; echo '\(Self.event("runEnded"))' >&9")
        #expect(finished.lines.last?.text == "2 passed, 0 failed")
    }

    @Test func aCrashCountsBesideTheTestsThatRan() async throws {
        let finished = try await run(Self.begun + [Self.passed], then: "kill -SEGV $$")
        #expect(finished.text.contains("ATests ended by the signal SIGSEGV before its tests had"))
        #expect(finished.text.contains("ATests.SomeTests/itHangs()"))
        #expect(finished.lines.last?.text == "1 passed, 1 failed")
    }

    @Test func anExitInTheMiddleIsACrash() async throws {
        let finished = try await run(Self.begun + [Self.passed], then: "exit 0")
        #expect(finished.text.contains("ATests ended with status 0 before its tests had"))
        #expect(finished.lines.last?.text == "1 passed, 1 failed")
    }

    @Test func noTestIsAFailureAndNoNegativeNumber() async throws {
        let finished = try await run([Self.event("runStarted"), Self.event("runEnded")], then: "")
        #expect(finished.text.contains("✘ ATests has no test"))
        #expect(finished.lines.last?.text == "0 passed, 1 failed")
        #expect(finished.status == .exited(1))
    }

    @Test func aFailedTargetDoesNotKeepTheNextFromRunning() async throws {
        let finished = try await run(Self.begun + [Self.passed], then: "kill -ABRT $$", targets: ["ATests", "BTests"])
        #expect(finished.text.contains("BTests ended by the signal SIGABRT"))
        #expect(finished.lines.last?.text == "2 passed, 2 failed")
    }

    private static func line(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
