// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import TestBench
import Testing

@testable import DesktopService

/// From the start to the end, and what is given back between them.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct LifecycleTests {
    @Test func nothingBeginsOnceTheEndHasBegun() async {
        let lifecycle = Lifecycle()
        #expect(!lifecycle.hasBegun && !lifecycle.isEnding)
        #expect(lifecycle.begin() && lifecycle.hasBegun)
        #expect(await lifecycle.beginEnd())
        #expect(lifecycle.isEnding && !lifecycle.hasBegun)
        #expect(!lifecycle.begin() && !lifecycle.hasBegun)
        lifecycle.end()
        #expect(lifecycle.isEnding && !lifecycle.begin())
    }

    @Test func everyCallerWaitsForTheOneThatEnds() async {
        let (lifecycle, scheduler) = (Lifecycle(), ManualScheduler())
        var returned: [Bool] = []
        #expect(await lifecycle.beginEnd())
        for _ in 0..<2 { scheduler.task { returned.append(await lifecycle.beginEnd()) } }
        await scheduler.settle()
        #expect(returned.isEmpty)
        lifecycle.end()
        await scheduler.settle()
        #expect(returned == [false, false])
        #expect(await !lifecycle.beginEnd())
    }

    @Test func memoryIsGivenBackOnceItIsQuiet() async {
        let scheduler = ManualScheduler()
        let tidying = Tidying(scheduler)
        var times = 0
        tidying.giveBack = { times += 1 }
        tidying.later()
        scheduler.advance(by: .seconds(3))
        // Something else happens meanwhile.
        tidying.later()
        scheduler.advance(by: .seconds(3))
        await scheduler.settle()
        #expect(times == 0)
        scheduler.advance(by: .seconds(1))
        await scheduler.settle()
        #expect(times == 1)
        #expect(scheduler.next == nil)
    }

    @Test func nothingIsGivenBackAfterTheEnd() async {
        let scheduler = ManualScheduler()
        let tidying = Tidying(scheduler)
        tidying.later()
        tidying.end()
        tidying.later()
        #expect(scheduler.next == nil)
    }
}
