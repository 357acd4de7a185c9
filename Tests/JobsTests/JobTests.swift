// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFrames
import Jobs
import Testing

@Suite(.timeLimit(.minutes(1)))
struct JobTests {
    @Test func framesGoThereAndBack() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("exec cat <&3 >&3")
            for payload: [UInt8] in [[1], [], [2, 3]] { try await job.send(payload) }
            #expect(try await job.receive() == [1])
            #expect(try await job.receive() == [])
            #expect(try await job.receive() == [2, 3])
            await job.kill()
            #expect(await job.ended() == .killed(signal: SIGKILL))
        }
    }

    @Test func theLongestFrameGoesThroughAndALongerOneIsNotSent() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("exec cat <&3 >&3")
            let payload = [UInt8](repeating: 7, count: Frame.maximumLength)
            // cat stops reading once nobody reads its output: who sends waits, and who receives sets it going.
            async let sent: Void = job.send(payload)
            #expect(try await job.receive() == payload)
            try await sent
            await #expect(throws: JobError(.tooLong, "")) { try await job.send(payload + [0]) }
        }
    }

    @Test func aJobThatIsNotListenedToIsHeldBack() async throws {
        try await withRunner { runner in
            // Ten frames of 1 MiB less 1 byte: far more than is buffered. It must not finish before it is read.
            let frame = "printf '\\000\\017\\377\\377'; head -c 1048575 /dev/zero"
            let job = try await runner.shell("for i in 1 2 3 4 5 6 7 8 9 10; do \(frame); done >&3")
            for _ in 0..<10 { #expect(try await job.receive()?.count == 1_048_575) }
            #expect(try await job.receive() == nil)
            #expect(await job.ended() == .exited(0))
        }
    }

    @Test func theEndOfTheConversationAsksTheJobToEnd() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("cat <&3 >/dev/null; exit 5")
            await job.close()
            #expect(try await job.receive() == nil)
            #expect(await job.ended() == .exited(5))
            await #expect(throws: JobError(.cancelled, "")) { try await job.send([1]) }
        }
    }

    @Test func theDeadlineKillsTheWholeGroup() async throws {
        try await withRunner { runner in
            let (job, isOver) = try await family("wait", runner)
            await job.limit(to: .milliseconds(1))
            await #expect(throws: JobError(.deadline, "")) { try await job.receive() }
            #expect(await job.ended() == .killed(signal: SIGKILL))
            #expect(isOver())
        }
    }

    @Test func aJobThatEndsLeavesNobodyOfItsGroupBehind() async throws {
        try await withRunner { runner in
            let (job, isOver) = try await family("exit 0", runner)
            #expect(await job.ended() == .exited(0))
            #expect(isOver())
        }
    }

    /// Processes that leave session and group, as daemon(3) does, are the job's all the same.
    @Test(arguments: [
        "setsid sleep 1000 &", "setsid --fork sleep 1000;",
        "setsid sh -c 'setsid sh -c \"sleep 1000 & sleep 1000\" &' &",
        "perl -MPOSIX -e 'POSIX::setsid(); POSIX::setpgid(0, 0); fork and exit; POSIX::setsid(); sleep 1000' &",
        "set -m; sleep 1000 & set +m;",
    ])
    func aChildThatTurnsIntoADaemonEndsWithItsJob(child: String) async throws {
        for end in ["exit 0", "kill -SEGV $$", "exec sleep 1000"] {
            try await withRunner { runner in
                let (job, isOver) = try await family(end, child: child, runner)
                if end.hasPrefix("exec") { await job.kill() }
                _ = await job.ended()
                #expect(isOver())
            }
        }
    }

    /// A job with a child that would live long, and a way to wait for the end of both: they hold a pipe, and it ends with them.
    private func family(
        _ script: String, child: String = "sleep 1000 &", _ runner: JobRunner
    ) async throws -> (Job, () -> Bool) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let job = try await runner.shell("\(child) \(framing("echo up")); \(script)", descriptors: [4: ends[1]])
        close(ends[1])
        #expect(text(try await job.receive()) == "up")
        return (
            job,
            {
                var byte: UInt8 = 0
                defer { close(ends[0]) }
                return read(ends[0], &byte, 1) == 0
            }
        )
    }

    @Test func theDeadlineCanBeMovedWhileTheJobRuns() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("exec cat <&3 >&3", deadline: .seconds(1000))
            await job.limit(to: .milliseconds(1))
            await #expect(throws: JobError(.deadline, "")) { try await job.receive() }
        }
    }

    @Test func noiseInsteadOfAFrameIsAnError() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("echo 'Segmentation fault' >&3; sleep 1000")
            let error = await #expect(throws: JobError.self) { try await job.receive() }
            #expect(error?.code == .garbage)
            #expect(await job.ended() == .killed(signal: SIGKILL))
        }
    }

    @Test func halfAFrameIsAnError() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("printf '\\000\\000\\000\\005ab' >&3")
            let error = await #expect(throws: JobError.self) { try await job.receive() }
            #expect(error?.code == .garbage)
        }
    }

    @Test func aCancelledTaskStopsWaiting() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("exec cat <&3 >&3")
            let task = Task { try await job.receive() }
            task.cancel()
            await #expect(throws: JobError(.cancelled, "")) { try await task.value }
            try await job.send([4])
            #expect(try await job.receive() == [4])
        }
    }

    @Test func aJobThatNobodyHoldsIsKilled() async throws {
        try await withRunner { runner in
            _ = try await runner.shell("exec sleep 1000", deadline: nil)
            await runner.stop()
            #expect(await runner.count == 0)
        }
    }

    @Test func aSendToAJobThatEndedIsToldByReceive() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("exit 3")
            #expect(await job.ended() == .exited(3))
            try await job.send([1])
            #expect(try await job.receive() == nil)
        }
    }

    /// A module that starts a helper of its own: the helper has the conversation's descriptor, in a session that nobody else kills.
    private static let helper = "(exec setsid sleep 1000) & while [ \"$(cat /proc/$!/comm)\" != sleep ]; do :; done"

    @Test func theEndOfTheProcessEndsTheConversationThoughAChildKeepsItsEnd() async throws {
        try await withRunner { runner in
            let job = try await runner.shell("\(Self.helper); \(framing("echo $!")); exit 3", deadline: nil)
            let helper = try #require(text(try await job.receive()).flatMap { Int32($0) })
            defer { kill(helper, SIGKILL) }
            #expect(try await job.receive() == nil)
            #expect(await job.ended() == .exited(3))
            // The helper could not leave the job's group, so it ends with it (docs/decisions/0015-a-job-keeps-its-group.md). Nobody waited for that.
            // It is a job that has ended like any other.
            try await job.send([1])
            #expect(try await job.receive() == nil)
        }
    }

    @Test func whatAJobSaidBeforeItEndedIsReadThoughAChildKeepsItsEnd() async throws {
        try await withRunner { runner in
            // The receiver comes when all is over: a thousand frames, and the helper's number in the last.
            let frames = "i=0; while [ $i -lt 1000 ]; do printf '\\000\\000\\000\\001x' >&3; i=$((i + 1)); done"
            let job = try await runner.shell("\(Self.helper); \(frames); \(framing("echo $!")); kill -SEGV $$")
            #expect(await job.ended() == .killed(signal: SIGSEGV))
            for _ in 0..<1000 { #expect(try await job.receive() == [UInt8(ascii: "x")]) }
            let helper = try #require(text(try await job.receive()).flatMap { Int32($0) })
            defer { kill(helper, SIGKILL) }
            #expect(try await job.receive() == nil)
        }
    }

    @Test func aSendThatNobodyReadsEndsWithTheProcess() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        try await withRunner { [ends] runner in
            let job = try await runner.shell(
                "\(Self.helper); \(framing("echo $!")); read line <&4; exit 4", descriptors: [4: ends[0]])
            let helper = try #require(text(try await job.receive()).flatMap { Int32($0) })
            defer { kill(helper, SIGKILL) }
            // More than the socket takes, and neither job nor helper reads.
            async let sent: Void = job.send([UInt8](repeating: 7, count: Frame.maximumLength))
            #expect(write(ends[1], "\n", 1) == 1)
            try await sent
            #expect(await job.ended() == .exited(4))
        }
    }

    @Test func halfAFrameOfAJobThatEndedIsAnErrorThoughAChildKeepsItsEnd() async throws {
        try await withRunner { runner in
            let job = try await runner.shell(
                "\(Self.helper); \(framing("echo $!")); printf '\\000\\000\\000\\005ab' >&3; exit 0")
            let helper = try #require(text(try await job.receive()).flatMap { Int32($0) })
            defer { kill(helper, SIGKILL) }
            let error = await #expect(throws: JobError.self) { try await job.receive() }
            #expect(error?.code == .garbage)
        }
    }
}
