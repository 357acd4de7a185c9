// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestBench
import Testing

/// The job dies, hangs, or is not there: nothing is lost, and nothing stands twice.
@Suite(.timeLimit(.minutes(1)))
struct NotifyJobTests {
    @Test func whatStandsWhenTheJobIsKilledIsShownAgainInItsPlaceAndItsButtonsWork() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", summary: "bir", actions: "renew=Yenile")
        bench.show("b", summary: "iki", actions: "renew=Yenile")
        _ = try await server.notified(containing: "bir")
        _ = try await server.notified(containing: "iki")
        try await bench.event("shown b")
        try await bench.killJob()
        try await bench.unavailable("eonay-notify: ended, killed by SIGKILL")
        #expect(try await server.notified(containing: "bir").contains(#""E-Onay" 1"#))
        #expect(try await server.notified(containing: "iki").contains(#""E-Onay" 2"#))
        try await bench.event("shown b")
        try await server.invoke("renew", of: 2)
        try await bench.event("action b renew")
        bench.withdraw("a")
        try await server.process.lines.next { $0.text.contains("CloseNotification 1") }
        try await bench.event("closed a withdrawn")
        #expect(bench.events.count == 3)
    }

    @Test func aServerThatChangedWhileTheJobWasDeadGetsFreshIds() async throws {
        let bench = try await NotificationBench()
        let first = try await bench.startServer()
        bench.show("a", summary: "bir", lifetime: "dismissed")
        bench.show("b", summary: "iki")
        try await bench.event("shown b")
        for job in bench.jobs { kill(job, SIGSTOP) }
        await first.process.kill()
        let second = try await bench.startServer()
        try await bench.killJob()
        #expect(try await second.notified(containing: "bir").contains(#""E-Onay" 0"#))
    }

    @Test func aJobThatIsNotThereIsReportedOnceAndTriedAtTheNextNotification() async throws {
        let folder = try TemporaryFolder()
        let bench = try await NotificationBench(program: folder.file("eonay-notify"))
        let server = try await bench.startServer()
        bench.show("a", summary: "bir")
        try await bench.unavailable("eonay-notify")
        bench.show("b", summary: "iki")
        bench.withdraw("a")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("eonay-notify"), withDestinationPath: Programs.built("eonay-notify"))
        bench.show("c", summary: "üç")
        _ = try await server.notified(containing: "üç")
        try await bench.event("shown b")
        #expect(bench.events.count == 1)
        #expect(!server.process.lines.all.contains { $0.text.contains("bir") })
    }

    /// The fault of a job, once; the next one is the real one.
    @Test(arguments: [
        ("exec sleep 30", "time over"), ("exit 3", "ended, exit status 3"),
        ("kill -SEGV $$", "ended, killed by SIGSEGV"),
        (#"printf '\377\377\377\377' >&3; exec sleep 30"#, "garbage"),
        (#"printf '\000\000\000\002\001\002' >&3; exec sleep 30"#, "garbage"),
        (#"printf '\000\000\000\001\143' >&3; exec sleep 30"#, "garbage"),
    ])
    func aJobThatFailsIsKilledAndBegunAnew(_ fault: String, _ reason: String) async throws {
        let folder = try TemporaryFolder()
        let program = try folder.write(
            "job",
            "#!/bin/sh\nif mkdir \(folder.file("once")) 2>&-; then \(fault); fi\nexec \(Programs.built("eonay-notify"))\n"
        )
        try await run("/bin/chmod", ["755", program]).check()
        let bench = try await NotificationBench(deadline: 1, patience: 1, program: program)
        let server = try await bench.startServer()
        bench.show("a", summary: "bir")
        try await bench.unavailable(reason)
        _ = try await server.notified(containing: "bir")
        try await bench.event("shown a")
        #expect(bench.jobs.count == 1)
        #expect(bench.events.count == 1)
    }

    @Test func aJobThatStopsAnsweringIsKilledAndWhatStoodIsTakenUpAgain() async throws {
        let bench = try await NotificationBench(deadline: 1, patience: 1)
        let server = try await bench.startServer()
        bench.show("a", summary: "bir")
        try await bench.event("shown a")
        let hung = bench.jobs
        for job in hung { kill(job, SIGSTOP) }
        bench.show("b", summary: "iki")
        try await bench.unavailable("time over")
        try await server.process.lines.next { $0.text.contains("bir") && $0.text.contains(#""E-Onay" 1"#) }
        _ = try await server.notified(containing: "iki")
    }

    /// Plasma's history does this, an hour later, too.
    @Test func anActionWorksFromTheServersHistoryAfterTheJobHasGone() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a", actions: "renew=Yenile")
        _ = try await server.notified()
        let jobs = bench.jobs
        try await server.close(1, reason: 1)
        try await bench.event("closed a expired")
        try await bench.jobsEnd(jobs)
        try await server.invoke("renew", of: 7)
        try await server.invoke("renew", of: 1)
        try await bench.event("action a renew")
        bench.show("a", summary: "yeni")
        #expect(try await server.notified(containing: "yeni").contains(#""E-Onay" 1"#))
        try await server.invoke("renew", of: 1)
        try await bench.event("action a renew")
        #expect(bench.events == ["closed a expired", "action a renew", "action a renew"])
    }

    @Test func theJobHasWhatItNeedsOfTheEnvironmentAndNoMore() async throws {
        let bench = try await NotificationBench()
        let server = try await bench.startServer()
        bench.show("a")
        _ = try await server.notified()
        let job = try #require(bench.jobs.first)
        let variables = try String(contentsOfFile: "/proc/\(job)/environ", encoding: .utf8)
            .split(separator: "\0").map { $0.prefix { $0 != "=" } }
        #expect(variables.contains("DBUS_SESSION_BUS_ADDRESS"))
        #expect(!variables.contains { $0.hasPrefix("LD_") || $0.hasPrefix("DISPLAY") })
    }
}
