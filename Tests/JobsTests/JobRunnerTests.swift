// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Foundation
import Jobs
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JobRunnerTests {
    @Test func aJobHasTheDescriptorsItIsGivenAndNoOther() async throws {
        let loose = open("/dev/null", O_RDONLY)  // without O_CLOEXEC, as a careless library would
        defer { close(loose) }
        let file = FileManager.default.temporaryDirectory.appending(path: "eonay-\(UUID())")
        try Data("gizli".utf8).write(to: file)
        let given = open(file.path, O_RDONLY)
        unlink(file.path)
        defer { close(given) }
        try await withRunner { runner in
            // Twelve bytes, if there is nothing but the five and the folder itself.
            let list = try await runner.shell(
                "printf '\\0\\0\\0\\014' >&3; exec ls /proc/self/fd >&3", descriptors: [4: given])
            #expect(text(try await list.receive()) == "0\n1\n2\n3\n4\n5\n")
            #expect(try await list.receive() == nil)
            let file = try await runner.shell(framing("cat <&4"), descriptors: [4: given])
            #expect(text(try await file.receive()) == "gizli")
        }
    }

    @Test func descriptorsMayCrossEachOther() async throws {
        var pipes: [[Int32]] = []
        for word in ["dort", "bes"] {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            write(ends[1], word, word.utf8.count)
            close(ends[1])
            pipes.append(ends)
        }
        defer { for ends in pipes { close(ends[0]) } }
        try await withRunner { runner in
            let job = try await runner.shell(
                framing("cat <&5; cat <&4"), descriptors: [4: pipes[0][0], 5: pipes[1][0]])
            #expect(text(try await job.receive()) == "besdort")
            await #expect(throws: JobError(.system, "")) {
                try await runner.shell("true", descriptors: [3: pipes[0][0]])
            }
        }
    }

    @Test func theEnvironmentIsOursWithTheAdditions() async throws {
        try await withRunner { runner in
            let job = try await runner.shell(
                framing("echo $LANGUAGE-$PATH"), environment: ["LANGUAGE": "tr", "EMPTY": ""])
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            let said = text(try await job.receive())
            #expect(said == "tr-\(path)")
        }
    }

    @Test func aJobLeadsItsGroupAndIgnoresAndBlocksNoSignal() async throws {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGUSR2)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        defer { pthread_sigmask(SIG_UNBLOCK, &set, nil) }
        try await withRunner { runner in
            let job = try await runner.start(
                JobProgram(path: "/bin/sh"),
                arguments: [
                    "-c",
                    // Before the shell's first child: it blocks all signals while it starts one.
                    "while read -r name set; do case $name in Sig[BI]*) sets=$sets$name$set; esac; done </proc/$$/status; "
                        + framing("cut -d' ' -f1,5 /proc/$$/stat; echo $sets"),
                ])
            let answer = try #require(text(try await job.receive()))
            let lines = answer.split(separator: "\n")
            let numbers = lines[0].split(separator: " ")
            #expect(numbers[0] == numbers[1])
            // Signals 32 and 33 are the C library's own; it lets nobody touch them.
            let sets = lines[1].split(separator: ":").compactMap { UInt64($0.prefix(16), radix: 16) }
            #expect(sets.map { $0 & ~0x1_8000_0000 } == [0, 0])
        }
    }

    @Test func aMissingProgramIsAnErrorThatNamesTheCall() async throws {
        try await withRunner { runner in
            let error = await #expect(throws: JobError.self) {
                try await runner.start(JobProgram(path: "/nonexistent/eonay-token"))
            }
            #expect(error?.description == "eonay-token: system call failed (execve: No such file or directory)")
            #expect(await runner.count == 0)
        }
    }

    @Test func noMoreJobsRunThanAreAllowed() async throws {
        try await withRunner(limit: 2) { runner in
            let first = try await runner.shell("exec cat <&3 >&3")
            let second = try await runner.shell("exec cat <&3 >&3")
            let third = Task { try await runner.shell(framing("echo ok")) }
            try await first.send([1])
            #expect(try await first.receive() == [1])
            #expect(await runner.count == 2)
            await second.kill()
            #expect(text(try await third.value.receive()) == "ok")
        }
    }

    @Test func whoWaitsForATurnIsToldOfTheEnd() async throws {
        try await withRunner(limit: 1) { runner in
            let first = try await runner.shell("exec cat <&3 >&3")
            let second = Task { try await runner.shell("true") }
            let third = Task { try await runner.shell("true") }
            try await first.send([1])
            _ = try await first.receive()
            await runner.stop()
            await #expect(throws: JobError(.cancelled, "")) { try await second.value }
            await #expect(throws: JobError(.cancelled, "")) { try await third.value }
        }
    }

    @Test func aJobDiesWithTheThreadThatStartedIt() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let loop = try EventLoop(name: "short")
        try loop.start()
        let runner = JobRunner(on: loop)
        let job = try await runner.shell("exec sleep 1000", descriptors: [4: ends[1]], deadline: nil)
        close(ends[1])
        loop.stop()
        // The system kills it; reaped it is with this process, since the loop that would have done it is gone.
        withExtendedLifetime(job) {
            var byte: UInt8 = 0
            #expect(read(ends[0], &byte, 1) == 0)
        }
    }

    /// Other tests run beside this one: what is compared is what two hundred leaks would show, and zombies by their name.
    @Test func twoHundredJobsLeaveNoDescriptorAndNoChild() async throws {
        let name = "job\(UInt32.random(in: 0..<1_000_000))"
        let link = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/bin/sh")
        defer { unlink(link) }
        let before = try descriptors()
        try await withRunner(limit: 8) { runner in
            for round in 0..<200 {
                let job = try await runner.start(
                    JobProgram(path: link), arguments: ["-c", round % 4 == 0 ? "exit 0" : "read line <&3"],
                    deadline: round % 4 == 1 ? .milliseconds(1) : .seconds(30))
                switch round % 4 {
                case 0: #expect(await job.ended() == .exited(0))
                case 1: await #expect(throws: JobError(.deadline, "")) { try await job.receive() }
                case 2: await job.kill()
                default: break  // let go
                }
            }
        }
        #expect(try descriptors() < before + 100)
        #expect(try children(named: name) == 0)
    }

    private func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    private func children(named name: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int32($0) != nil }
            .filter { pid in
                // nil: it went while we looked
                let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
                return stat?.contains("(\(name)) ") == true
            }.count
    }
}
