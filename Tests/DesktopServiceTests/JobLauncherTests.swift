// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import EventLoops
import JobFrames
import Jobs
import Synchronization
import Testing

@testable import DesktopService

/// How the service asks a job one thing, names what became of it, and is woken by the machine's clock.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct JobLauncherTests {
    private let request = TokenRequest.modules(configured: [], discover: true)

    @Test func oneQuestionHasOneAnswer() async {
        let jobs = FakeJobs()
        let list = TokenReply.modules(["/fake.so"], folders: [])
        jobs.answer { (_: TokenRequest) in [list] }
        #expect(await jobs.ask(request, deadline: .seconds(1)) == list)
    }

    @Test(arguments: [
        (JobError.Code.cancelled, ErrorName.cancelled), (.exhausted, .limitExceeded), (.deadline, .tokenFailed),
        (.garbage, .tokenFailed),
    ])
    func aJobThatFailsIsNamed(_ code: JobError.Code, _ name: ErrorName) async {
        let jobs = FakeJobs()
        jobs.fail(JobError(code, "fake"))
        guard case .failed(let failure) = await jobs.ask(request, deadline: .seconds(1)) else {
            Issue.record("the job has not failed")
            return
        }
        #expect(failure.name == name && failure.detail == JobError(code, "fake").description)
    }

    @Test func aBrowserOutlivesTheService() {
        let page = "https://issuer.example.org"
        let inUnit = InstalledJobs.arguments(opening: page, fromUnit: true)
        #expect(inUnit.first == "--user" && inUnit.suffix(2) == ["xdg-open", page])
        #expect(InstalledJobs.arguments(opening: page, fromUnit: false) == ["--fork", "--wait", "xdg-open", page])
    }

    @Test func theMachinesClockRingsAtAnInstant() async throws {
        let alarm = SystemAlarm()
        let (rings, continuation) = AsyncStream<Void>.makeStream()
        try alarm.start(on: ServiceLoop.loop) { continuation.yield() }
        alarm.set(alarm.now() + 1000)
        alarm.set(nil)
        alarm.set(alarm.now())
        var iterator = rings.makeAsyncIterator()
        #expect(await iterator.next() != nil)
        alarm.stop()
    }

    @Test func whatIsLessUrgentIsNotLogged() {
        let lines = Mutex<[String]>([])
        let log = Log(least: .notice) { line in lines.withLock { $0.append(line) } }
        log.error("error")
        log.warning("warning")
        log.notice("notice")
        log.info("info")
        log.debug("debug")
        #expect(lines.withLock { $0.count } == 3)
    }
}
