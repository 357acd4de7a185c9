// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing

/// A pcscd that is stopped takes connections and answers none: no call to it may hold the service up.
@Suite(.timeLimit(.minutes(1)))
struct HungCardServiceTests {
    /// A service whose pcscd was stopped while it was watched.
    private func hung() async throws -> ServiceBench {
        let bench = try await ServiceBench()
        try await bench.waitFor(watcher: "watching")
        kill(try #require(bench.desktop.pcscd.pid), SIGSTOP)
        return bench
    }

    /// Until it has ended, asked all the time whether it answers: how long that took, and whether each answer came at once.
    private func farewell(_ bench: ServiceBench, after begin: () async -> Void) async throws -> (
        Duration, slowest: Duration
    ) {
        let clock = ContinuousClock()
        let start = clock.now
        await begin()
        let asking = Task {
            var slowest = Duration.zero
            while true {
                let asked = clock.now
                guard (try? await bench.bus.call("Status")) != nil else { return slowest }
                slowest = max(slowest, clock.now - asked)
            }
        }
        _ = await bench.service.end()
        return (clock.now - start, await asking.value)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func aSignalEndsTheServiceAllTheSame(signal: Int32) async throws {
        let bench = try await hung()
        #expect(try await bench.bus.call("Status").count == 1)
        let (whole, slowest) = try await farewell(bench) { bench.service.send(signal: signal) }
        #expect(await bench.service.end() == .exited(0))
        #expect(whole < .seconds(4), "two seconds, and some for a busy computer")
        #expect(slowest < .seconds(1))
    }

    @Test func theEndOfTheBusEndsTheServiceAllTheSame() async throws {
        let bench = try await hung()
        let clock = ContinuousClock()
        let start = clock.now
        await bench.desktop.bus.stop()
        #expect(await bench.service.end() == .exited(1))
        #expect(clock.now - start < .seconds(4))
    }

    @Test func aServiceThatStartsBesideOneAnswersAndEnds() async throws {
        let desktop = try await Desktop()
        kill(try #require(desktop.pcscd.pid), SIGSTOP)
        let bench = try await ServiceBench(on: desktop)
        #expect(try await bench.bus.properties("", of: SessionBus.root)["WatcherState"]?.string == "starting")
        let (whole, slowest) = try await farewell(bench) { bench.service.send(signal: SIGTERM) }
        #expect(whole < .seconds(4))
        #expect(slowest < .seconds(1))
    }

    @Test func oneThatGoesOnIsWatchedFurther() async throws {
        let bench = try await hung()
        _ = try await bench.bus.call("Status")
        kill(try #require(bench.desktop.pcscd.pid), SIGCONT)
        let card = try await bench.insert()
        try await bench.token { $1.errorName == "" }
        try await card.remove()
    }
}
