// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Testing

/// Where a task goes on after it was resumed from another thread, before it hops to an actor.
@Suite(.timeLimit(.minutes(1)))
struct TaskExecutorTests {
    @Test func aTaskThatPrefersALoopIsResumedThere() async throws {
        let loop = try EventLoop(name: "preferred")
        try loop.start()
        let (stream, continuation) = AsyncStream<Int>.makeStream()
        let task = Task(executorPreference: loop.tasks) {
            var isThere = [loop.isCurrent]
            for await _ in stream { isThere.append(loop.isCurrent) }
            return isThere
        }
        for number in 0..<100 { continuation.yield(number) }
        continuation.finish()
        #expect(await task.value == Array(repeating: true, count: 101))
        loop.stop()
    }

    @Test func tasksThatEndGiveBackWhatTheyTook() async throws {
        weak var gone: EventLoop?
        for _ in 0..<3 {
            let loop = try EventLoop(name: "preferred")
            gone = loop
            try loop.start()
            for number in 0..<100 {
                #expect(await Task(executorPreference: loop.tasks) { number }.value == number)
            }
            loop.stop()
        }
        #expect(gone == nil)
    }

    @Test func aTaskThatPrefersAThreadIsResumedThere() async throws {
        let thread = try BlockingThread(name: "preferred")
        let other = try BlockingThread(name: "other")
        let task = Task(executorPreference: thread.tasks) {
            await withCheckedContinuation { resume in other.post { resume.resume() } }
            return thread.isCurrent
        }
        #expect(await task.value)
        thread.stop()
        other.stop()
    }
}
