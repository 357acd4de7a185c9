// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct WallClockTimerTests {
    @Test func anInstantThatHasPassedIsDueAtOnceAndOnlyOnce() async throws {
        try await withLoop { loop in
            let resident = Resident<WallClockTimer.Event>(loop)
            let timer = try await resident.onLoop { loop in
                let timer = try WallClockTimer(on: loop) { resident.note($0) }
                try timer.arm(at: Int64(time(nil)) - 5)
                return timer
            }
            #expect(await resident.events(1) == [.due])
            await loop.pause(for: .milliseconds(20))
            #expect(await resident.events(1) == [.due])
            await resident.onLoop { _ in timer.cancel() }
        }
    }

    @Test func theNextSecondIsDueWhenItComesAndNotBefore() async throws {
        try await withLoop { loop in
            let resident = Resident<timespec>(loop)
            let instant = Int64(time(nil)) + 1
            let timer = try await resident.onLoop { loop in
                let timer = try WallClockTimer(on: loop) { _ in
                    var now = timespec()
                    clock_gettime(CLOCK_REALTIME, &now)
                    resident.note(now)
                }
                try timer.arm(at: instant)
                return timer
            }
            #expect(await resident.events(1)[0].tv_sec == Int(instant))
            await resident.onLoop { _ in timer.cancel() }
        }
    }

    @Test func aDisarmedTimerIsSilent() async throws {
        try await withLoop { loop in
            let resident = Resident<String>(loop)
            let timer = try await resident.onLoop { loop in
                let timer = try WallClockTimer(on: loop) { _ in resident.note("event") }
                try timer.arm(at: Int64(time(nil)))
                try timer.disarm()
                loop.timer(after: .milliseconds(20)) { resident.note("later") }
                return timer
            }
            #expect(await resident.events(1) == ["later"])
            await resident.onLoop { _ in timer.cancel() }
        }
    }

    /// Moves the machine's clock by a nanosecond and back: the kernel tells of both. Needs CAP_SYS_TIME.
    @Test(.enabled(if: shiftClock(nanoseconds: 0)))
    func aClockThatIsSetIsToldWhetherOrNotSomethingIsArmed() async throws {
        try await withLoop { loop in
            let resident = Resident<WallClockTimer.Event>(loop)
            let timer = try await resident.onLoop { loop in try WallClockTimer(on: loop) { resident.note($0) } }
            try #require(shiftClock(nanoseconds: 1))
            #expect(await resident.events(1) == [.clockChanged])
            try await resident.onLoop { _ in try timer.arm(at: Int64(time(nil)) + 3600) }
            try #require(shiftClock(nanoseconds: -1))
            #expect(await resident.events(2) == [.clockChanged, .clockChanged])
            try await resident.onLoop { _ in try timer.arm(at: Int64(time(nil))) }
            #expect(await resident.events(3).last == .due)
            await resident.onLoop { _ in timer.cancel() }
        }
    }
}

/// Moves the real-time clock; false where that is not allowed.
private func shiftClock(nanoseconds: Int) -> Bool {
    // adjtimex and its struct are in <sys/timex.h>, which neither Glibc's overlay nor a door of ours shows.
    typealias Adjust = @convention(c) (UnsafeMutableRawPointer) -> Int32
    guard let symbol = dlsym(nil, "adjtimex") else { return false }
    let adjust = unsafeBitCast(symbol, to: Adjust.self)
    return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { timex in
        timex.initializeMemory(as: UInt8.self, repeating: 0)
        timex.storeBytes(of: UInt32(0x0100 | 0x2000), as: UInt32.self)  // modes: ADJ_SETOFFSET | ADJ_NANO
        timex.storeBytes(of: nanoseconds < 0 ? -1 : 0, toByteOffset: 72, as: Int.self)  // time.tv_sec
        timex.storeBytes(
            of: nanoseconds < 0 ? 1_000_000_000 + nanoseconds : nanoseconds, toByteOffset: 80, as: Int.self)
        return adjust(timex.baseAddress!) >= 0
    }
}
