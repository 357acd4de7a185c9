// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import DesktopService
import EOnayCore
import EventLoops
import Foundation
import Jobs
import TestBench
import Testing

/// The program of `[Reminders] Command` as a process, at the reminders of years that pass at once.
@Suite(.timeLimit(.minutes(1)))
struct EventCommandOnTheBusTests {
    private let folder: TemporaryFolder
    /// Prints each line that a program writes into the pipe.
    private let pipe: ChildProcess

    init() async throws {
        folder = try TemporaryFolder()
        #expect(mkfifo(folder.file("told"), 0o600) == 0)
        pipe = try await ChildProcess.start("/bin/sh", ["-c", #"exec cat <>"$0""#, folder.file("told")])
    }

    /// The path of a program that does this; "$1" is the pipe.
    private func program(_ script: String) throws -> [String] {
        let program = try folder.write("tell", "#!/bin/sh\n\(script)\n")
        #expect(chmod(program, 0o700) == 0)
        return [program, folder.file("told")]
    }

    private func bench(_ script: String) async throws -> ReminderBench {
        var configuration = DesktopConfiguration()
        configuration.reminderCommand = try program(script)
        return try await ReminderBench([.ending(inDays: 40)], configuration: configuration)
    }

    private func told(_ count: Int) async throws -> [String] {
        var lines: [String] = []
        for _ in 0..<count { lines.append(try await pipe.lines.next { _ in true }.text) }
        return lines
    }

    @Test func eachReminderAndEachChangeRunsItWithTheFacts() async throws {
        let bench = try await bench(
            #"echo "$EONAY_EVENT $EONAY_KIND $EONAY_DAYS_LEFT $EONAY_PHASE $EONAY_ISSUER" > "$1""#)
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 41 * ReminderBench.day)
        #expect(
            try await told(8).sorted() == [
                "phase nes -1 expired Deneme", "phase nes 30 renewal-due Deneme", "reminder nes -1 expired Deneme",
                "reminder nes 1 renewal-due Deneme", "reminder nes 14 renewal-due Deneme",
                "reminder nes 3 renewal-due Deneme", "reminder nes 30 renewal-due Deneme",
                "reminder nes 7 renewal-due Deneme",
            ])
        await bench.end()
    }

    @Test func oneThatHangsAndPrintsHoldsNothingUp() async throws {
        let bench = try await bench(#"echo began > "$1"; exec cat /dev/zero"#)
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 41 * ReminderBench.day)
        #expect(bench.reminders.map(\.daysLeft) == [30, 14, 7, 3, 1, -1])
        #expect(try await told(2) == ["began", "began"])
        await bench.end()
    }

    @Test func itsDeadlineEndsItWithAllThatItHasStarted() async throws {
        let loop = try EventLoop(name: "service")
        try loop.start()
        let nowhere = JobProgram(path: "/nowhere")
        let jobs = InstalledJobs(runner: JobRunner(on: loop), token: nowhere, courier: nowhere, isUnit: false)
        // One of its children would leave the group if it could.
        let words = try program(
            #"echo $$ > "$1"; sleep 1000 & echo $! > "$1"; setsid sh -c 'echo $$ > "$0"; exec sleep 1000' "$1" & cat /dev/zero"#
        )
        async let status = jobs.run(words, environment: ["EONAY_EVENT": "reminder"], deadline: .seconds(2))
        let processes = try await told(3).compactMap { Int32($0) }
        #expect(processes.count == 3)
        #expect(try await status == .killed(signal: SIGKILL))
        for process in processes { try await Processes.ended(process) }
        loop.stop()
    }

    @Test func itsEnvironmentHoldsNobodysName() async throws {
        let bench = try await bench(#"env > "${1%/*}/env-$EONAY_EVENT"; echo done > "$1""#)
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 10 * ReminderBench.day)
        // Both events of the thirtieth day, each with a file of its own.
        _ = try await told(2)
        let environment = String(decoding: try folder.read("env-reminder"), as: UTF8.self)
        #expect(environment.contains("EONAY_CERTIFICATE=aaaa") && environment.contains("PATH="))
        #expect(!environment.contains("Şükrü") && !environment.contains("100********"))
        await bench.end()
    }

    @Test func aCommandThatIsNotThereIsNoHindrance() async throws {
        var configuration = DesktopConfiguration()
        configuration.reminderCommand = ["/nonexistent/tell"]
        let bench = try await ReminderBench([.ending(inDays: 40)], configuration: configuration)
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 41 * ReminderBench.day)
        #expect(bench.reminders.count == 6)
        await bench.end()
    }
}
