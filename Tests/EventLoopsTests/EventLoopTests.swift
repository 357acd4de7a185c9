// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import SystemBasics
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EventLoopTests {
    @Test func postedWorkRunsInOrderOnTheLoopsThread() async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            for number in 0..<1000 {
                loop.post {
                    #expect(loop.isCurrent)
                    resident.note(number)
                }
            }
            #expect(await resident.events(1000) == Array(0..<1000))
            #expect(!loop.isCurrent)
        }
    }

    /// Many at once, since a task that is lost on its way back from the loop (see `TaskJobs`) is one of a dozen.
    @Test(arguments: 0..<50)
    func workPostedByManyThreadsIsNeitherLostNorDoubled(run: Int) async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            let threads = try (0..<4).map { try BlockingThread(name: "poster \($0)") }
            for (index, thread) in threads.enumerated() {
                thread.post { for number in 0..<2500 { loop.post { resident.note(index * 2500 + number) } } }
            }
            let events = await resident.events(10_000)
            for thread in threads { thread.stop() }
            #expect(events.sorted() == Array(0..<10_000))
        }
    }

    @Test func anActorOfTheLoopRunsOnItsThread() async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            #expect(await resident.onLoop { $0.isCurrent })
        }
    }

    @Test func aLoopWithNothingToDoDoesNotWakeUp() async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            let before = await resident.onLoop { _ in voluntarySwitchesOfThisThread() }
            // Another loop keeps the time, so that the one under test has nothing at all to do.
            try await withLoop { await $0.pause(for: .milliseconds(300)) }
            let after = await resident.onLoop { _ in voluntarySwitchesOfThisThread() }
            #expect(after - before <= 2)
        }
    }

    @Test func twoWatchesShareADescriptor() async throws {
        try await withLoop { loop in
            var ends: [Int32] = [0, 0]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
            defer { for end in ends { close(end) } }
            let descriptor = ends[0]
            let resident = Resident<String>(loop)
            let watches = try await resident.onLoop { loop in
                let slot = WatchSlot()
                slot.watch = try loop.watch(descriptor, for: .writable) { readiness in
                    resident.note(readiness.contains(.writable) ? "writable" : "?")
                    slot.watch?.cancel()
                }
                let reading = try loop.watch(descriptor, for: .readable) { readiness in
                    resident.note(readiness.contains(.readable) ? "readable" : "?")
                    var byte: UInt8 = 0
                    read(descriptor, &byte, 1)
                }
                return [reading]
            }
            #expect(await resident.events(1) == ["writable"])
            write(ends[1], "x", 1)
            #expect(await resident.events(2) == ["writable", "readable"])
            await resident.onLoop { _ in for watch in watches { watch.cancel() } }
        }
    }

    @Test func aWatchCancelledByAnEarlierHandlerOfTheTurnIsSilent() async throws {
        try await withLoop { loop in
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            defer { for end in ends { close(end) } }
            let descriptor = ends[0]
            let resident = Resident<String>(loop)
            write(ends[1], "x", 1)
            try await resident.onLoop { loop in
                let slots = [WatchSlot(), WatchSlot()]
                for (index, slot) in slots.enumerated() {
                    slot.watch = try loop.watch(descriptor, for: .readable) { _ in
                        resident.note("handler \(index)")
                        for slot in slots { slot.watch?.cancel() }
                    }
                }
            }
            _ = await resident.events(1)
            await resident.onLoop { _ in }
            #expect(await resident.events(1) == ["handler 0"])
        }
    }

    @Test func theEndOfAPipeIsToldAsHangUp() async throws {
        try await withLoop { loop in
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let descriptor = ends[0]
            let resident = Resident<Readiness>(loop)
            let watch = try await resident.onLoop { loop in
                try loop.watch(descriptor, for: .readable) { resident.note($0) }
            }
            close(ends[1])
            #expect(await resident.events(1)[0] == .hangUp)
            await resident.onLoop { _ in watch.cancel() }
            close(descriptor)
        }
    }

    @Test func aRegularFileCannotBeWatched() async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            let descriptor = open("/etc/passwd", O_RDONLY)
            defer { close(descriptor) }
            await #expect(throws: SystemError(code: EPERM, call: "epoll_ctl")) {
                try await resident.onLoop { loop in _ = try loop.watch(descriptor, for: .readable) { _ in } }
            }
        }
    }

    @Test func aLoopCanRunOnTheCallingThread() throws {
        let loop = try EventLoop(name: "here")
        loop.timer(after: .milliseconds(1)) { loop.stop() }
        loop.run()
        #expect(loop.isCurrent)
    }

    @Test func whatWasPostedBeforeTheStopStillRuns() throws {
        let loop = try EventLoop(name: "here")
        let slot = WatchSlot()
        loop.stop()
        loop.post { slot.count += 1 }
        loop.stop()
        loop.run()
        #expect(slot.count == 1)
    }

    @Test func aLoopThatHasEndedKeepsNothingAlive() throws {
        weak var kept: WatchSlot?
        let loop = try EventLoop(name: "here")
        do {
            let slot = WatchSlot()
            kept = slot
            loop.timer(after: .seconds(3600)) { slot.count += 1 }
            loop.post { loop.stop() }
            loop.run()
            loop.post { slot.count += 1 }
        }
        #expect(kept == nil)
    }
}

/// State that the handlers of one loop share.
final class WatchSlot: Sendable {
    nonisolated(unsafe) var watch: Watch?  // unsafe: touched on the loop's thread only
    nonisolated(unsafe) var count = 0
}

private func voluntarySwitchesOfThisThread() -> Int {
    var usage = rusage()
    getrusage(1, &usage)  // RUSAGE_THREAD, which Glibc shows to _GNU_SOURCE only
    return usage.ru_nvcsw
}
