// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EventLoops
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BlockingThreadTests {
    actor Blocker {
        nonisolated let thread: BlockingThread
        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
        private var count = 0

        init(_ thread: BlockingThread) {
            self.thread = thread
        }

        /// Blocks the thread, as a slow library would, until somebody else lets it go.
        func block(on semaphore: DispatchSemaphore? = nil) -> (count: Int, onThread: Bool) {
            semaphore?.wait()
            count += 1
            return (count, thread.isCurrent)
        }
    }

    @Test func anActorOfTheThreadMayBlockWhileOthersGoOn() async throws {
        let thread = try BlockingThread(name: "blocks")
        let blocker = Blocker(thread)
        let semaphore = DispatchSemaphore(value: 0)
        async let slow = blocker.block(on: semaphore)
        try await withLoop { loop in await loop.pause(for: .milliseconds(1)) }
        semaphore.signal()
        #expect(await slow.onThread)
        #expect(await blocker.block().count == 2)
        thread.stop()
    }

    @Test func stoppingRunsWhatWasEnqueuedFirst() throws {
        let thread = try BlockingThread(name: "blocks")
        let slot = WatchSlot()
        for _ in 0..<100 { thread.post { slot.count += 1 } }
        thread.stop()
        #expect(slot.count == 100)
    }

    @Test func aThreadCanStopItself() async throws {
        let thread = try BlockingThread(name: "blocks")
        await withCheckedContinuation { continuation in
            thread.post {
                thread.stop()
                continuation.resume()
            }
        }
    }
}
