// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Jobs
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConversationTests {
    typealias Courier = Conversation<CourierRequest, CourierReply>

    @Test func aRequestIsAnsweredByAReply() async throws {
        try await withRunner { runner in
            // Version 4, the case "ended", whatever was asked.
            let courier = Courier(
                try await runner.shell(
                    "head -c 12 <&3 >/dev/null; printf '\\0\\0\\0\\012\\004\\0\\0\\0\\005ended' >&3"))
            #expect(try await courier.ask(.end) == .ended)
        }
    }

    @Test func aJobThatEndsWithoutAnAnswerIsToldWithItsStatus() async throws {
        try await withRunner { runner in
            let silent = Courier(try await runner.shell("exit 7"))
            let exited = await #expect(throws: JobError.self) { try await silent.ask(.end) }
            #expect(exited?.description == "sh: ended, exit status 7")
            let crashing = Courier(try await runner.shell("kill -SEGV $$"))
            let killed = await #expect(throws: JobError.self) { try await crashing.ask(.end) }
            #expect(killed?.status == .killed(signal: 11))
            #expect(killed?.description == "sh: ended, killed by SIGSEGV")
        }
    }

    @Test func aJobThatClosesItsEndAndStaysIsKilled() async throws {
        try await withRunner { runner in
            let job = Courier(try await runner.shell("exec 3>&-; exec sleep 1000"))
            let error = await #expect(throws: JobError.self) { try await job.receive() }
            #expect(error?.code == .ended)
            #expect(error?.status == .killed(signal: 9))
        }
    }

    @Test func aFrameThatIsNoReplyIsAnErrorAndEndsTheJob() async throws {
        try await withRunner { runner in
            let job = Courier(
                try await runner.shell("printf '\\0\\0\\0\\006\\004\\0\\0\\0\\001x' >&3; exec sleep 1000"))
            let error = await #expect(throws: JobError.self) { try await job.receive() }
            #expect(error?.description == "sh: garbage (CourierReply: unknown choice)")
            #expect(await job.job.ended() == .killed(signal: 9))
        }
    }
}
