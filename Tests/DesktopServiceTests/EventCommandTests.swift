// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Foundation
import Jobs
import Synchronization
import Testing

@testable import DesktopService

/// The program that is run at each event.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct EventCommandTests {
    @ServiceLoop
    private final class Bench {
        let jobs = FakeJobs()
        let scheduler = ManualScheduler()
        let lines = Mutex<[String]>([])
        var words = ["/usr/bin/tell", "--event"]
        private(set) lazy var command = EventCommand(
            jobs, scheduler: scheduler, log: Log { [self] line in lines.withLock { $0.append(line) } }
        ) { [unowned self] in words }

        func run(_ event: CertificateEvent = .reminder, issuer: String = "Kamu SM", days: Int = 7) async {
            command.run(
                for: event,
                EventFacts(
                    certificate: "ab", kind: .nes, issuer: issuer, notAfter: 1_800_000_000, daysLeft: days,
                    phase: .renewalDue))
            await scheduler.settle()
        }

        func end(_ status: Jobs.ExitStatus) async {
            jobs.endCommand(status)
            await scheduler.settle()
        }

        var logged: [String] { lines.withLock { $0 } }
    }

    @Test func itGetsTheFactsAndNobodysName() async {
        let bench = Bench()
        await bench.run(.phase, issuer: "A\u{0}Ş\nN 10000000146", days: -1)
        let command = bench.jobs.commands.first
        #expect(command?.words == ["/usr/bin/tell", "--event"])
        #expect(
            command?.environment == [
                "EONAY_EVENT": "phase", "EONAY_CERTIFICATE": "ab", "EONAY_KIND": "nes",
                "EONAY_ISSUER": "A\u{FFFD}Ş\u{FFFD}N 100********", "EONAY_NOT_AFTER": "1800000000",
                "EONAY_DAYS_LEFT": "-1", "EONAY_PHASE": "renewal-due", "EONAY_SUCCESSOR": "",
                "EONAY_REVOCATION": "unknown",
            ])
        await bench.end(.exited(0))
        #expect(bench.logged.isEmpty)
    }

    @Test func withoutOneNothingRuns() async {
        let bench = Bench()
        bench.words = []
        await bench.run()
        #expect(bench.jobs.commands.isEmpty)
    }

    @Test func twoRunAtATimeAndTheRestWaitsUpToALimit() async {
        let bench = Bench()
        for _ in 0..<EventCommand.mostAtOnce + EventCommand.mostWaiting + 5 { await bench.run() }
        #expect(bench.jobs.commands.count == 2)
        #expect(bench.logged.count == 1 && bench.logged[0].contains("left out"))
        var ended = 0
        while !bench.jobs.commands.isEmpty {
            await bench.end(.exited(0))
            #expect(bench.jobs.commands.count <= 2)
            ended += 1
        }
        #expect(ended == EventCommand.mostAtOnce + EventCommand.mostWaiting)
    }

    @Test func aFailureIsLoggedOnceUntilItWorksAgain() async {
        let bench = Bench()
        for status in [Jobs.ExitStatus.exited(3), .killed(signal: 9), .exited(1)] {
            await bench.run()
            await bench.end(status)
        }
        #expect(bench.logged.count == 1 && bench.logged[0].contains("exit status 3, continuing"))
        await bench.run()
        await bench.end(.exited(0))
        #expect(bench.logged.count == 2 && bench.logged[1].contains("works again"))
        bench.jobs.fail(JobError(.notFound, "tell"))
        await bench.run()
        await bench.run()
        #expect(bench.logged.count == 3)
        bench.command.configurationHasChanged()
        await bench.run()
        #expect(bench.logged.count == 4)
    }

    @Test func afterTheEndNothingBegins() async {
        let bench = Bench()
        for _ in 0..<3 { await bench.run() }
        bench.command.end()
        await bench.end(.killed(signal: 9))
        await bench.end(.killed(signal: 9))
        #expect(bench.jobs.commands.isEmpty && bench.logged.isEmpty)
    }

    /// Whoever writes such a program finds every event and every fact in the manual and in docs/fleet.md.
    @Test(arguments: ["man/eonay.conf.5", "man/tr/eonay.conf.5", "fleet.md"])
    func theDocumentsNameEveryEventAndFact(_ document: String) throws {
        let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs")
        let text = try String(contentsOf: docs.appending(path: document), encoding: .utf8)
        let facts = EventFacts(
            certificate: "ab", kind: .nes, issuer: "x", notAfter: 0, daysLeft: 0, phase: .expired)
        for variable in facts.variables(of: .reminder).keys { #expect(text.contains(variable)) }
        for event in CertificateEvent.allCases {
            #expect(text.contains(document == "fleet.md" ? "`\(event.rawValue)` | " : "\(event.rawValue):"))
            if document == "fleet.md" { #expect(text.contains(event.messageID)) }
        }
    }
}
