// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LoopTimerTests {
    @Test func timersFireInTheOrderOfTheirTimes() async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            await resident.onLoop { loop in
                for milliseconds in [30, 5, 20, 1, 10, 25, 15] {
                    loop.timer(after: .milliseconds(milliseconds)) { resident.note(milliseconds) }
                }
            }
            #expect(await resident.events(7) == [1, 5, 10, 15, 20, 25, 30])
        }
    }

    @Test func aTimerIsNeverEarly() async throws {
        try await withLoop { loop in
            let resident = Resident<ContinuousClock.Instant>(loop)
            let start = ContinuousClock.now
            await resident.onLoop { loop in
                _ = loop.timer(after: .microseconds(15_300)) { resident.note(ContinuousClock.now) }
            }
            #expect(await resident.events(1)[0] - start >= .microseconds(15_300))
        }
    }

    @Test func aCancelledTimerIsSilentAndTheOthersStay() async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            await resident.onLoop { loop in
                let timers = (0..<50).map { number in
                    loop.timer(after: .milliseconds((number * 7) % 50)) { resident.note(number) }
                }
                for timer in timers where timers.firstIndex(where: { $0 === timer })! % 2 == 1 { timer.cancel() }
            }
            let fired = await resident.events(25)
            #expect(fired.sorted() == stride(from: 0, to: 50, by: 2).map(\.self))
            #expect(fired == fired.sorted { ($0 * 7) % 50 < ($1 * 7) % 50 })
        }
    }

    @Test func aRepeatingTimerRepeatsUntilItIsCancelledInItsOwnHandler() async throws {
        try await withLoop { loop in
            let resident = Resident<Int>(loop)
            await resident.onLoop { loop in
                let slot = TimerSlot()
                slot.timer = loop.timer(after: .milliseconds(1), repeats: true) {
                    slot.count += 1
                    resident.note(slot.count)
                    guard slot.count == 3 else { return }
                    slot.timer?.cancel()
                    loop.timer(after: .milliseconds(20)) { resident.note(100) }
                }
            }
            #expect(await resident.events(4) == [1, 2, 3, 100])
        }
    }

    @Test func aTimerOfTheSameTurnCanBeCancelledByAnEarlierOne() async throws {
        try await withLoop { loop in
            let resident = Resident<String>(loop)
            await resident.onLoop { loop in
                let slot = TimerSlot()
                loop.timer(after: .zero) {
                    slot.timer?.cancel()
                    resident.note("first")
                }
                slot.timer = loop.timer(after: .zero) { resident.note("second") }
                loop.timer(after: .milliseconds(5)) { resident.note("last") }
            }
            #expect(await resident.events(2) == ["first", "last"])
        }
    }

    @Test func aTimerWithoutDelayThatRearmsItselfLeavesRoomForOthers() async throws {
        try await withLoop { loop in
            let resident = Resident<String>(loop)
            await resident.onLoop { loop in
                let spinner = Spinner()
                spinner.spin(loop)
                loop.post {
                    resident.note("posted")
                    spinner.isOver = true
                }
            }
            #expect(await resident.events(1) == ["posted"])
        }
    }
}

private final class TimerSlot: Sendable {
    nonisolated(unsafe) var timer: LoopTimer?  // unsafe: touched on the loop's thread only
    nonisolated(unsafe) var count = 0
}

private final class Spinner: Sendable {
    nonisolated(unsafe) var isOver = false  // unsafe: touched on the loop's thread only

    func spin(_ loop: EventLoop) {
        loop.timer(after: .zero) { if !self.isOver { self.spin(loop) } }
    }
}
