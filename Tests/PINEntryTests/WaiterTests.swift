// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import PINEntry

@Suite(.timeLimit(.minutes(1)))
struct WaiterTests {
    private let ends: (read: Int32, write: Int32)

    init() {
        var descriptors: [Int32] = [0, 0]
        pipe(&descriptors)
        ends = (descriptors[0], descriptors[1])
    }

    private func closeAll() {
        close(ends.read)
        close(ends.write)
    }

    @Test func somethingToReadEndsTheWait() throws {
        defer { closeAll() }
        write(ends.write, "x", 1)
        try Waiter(milliseconds: 10_000).waitUntilReadable(ends.read)
    }

    @Test func theDeadlineEndsItAndAnEntryThatComesWithItIsTooLate() throws {
        defer { closeAll() }
        let waiter = try Waiter(milliseconds: 0)
        write(ends.write, "x", 1)
        #expect(throws: PromptError.timedOut) { try waiter.waitUntilReadable(ends.read) }
        #expect(waiter.isOver)
    }

    @Test func aCallerThatGoesEndsIt() throws {
        defer { closeAll() }
        var caller: [Int32] = [0, 0]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &caller)
        defer { close(caller[0]) }
        let waiter = try Waiter(milliseconds: 10_000, abandonment: caller[0])
        close(caller[1])
        #expect(throws: PromptError.abandoned) { try waiter.waitUntilReadable(ends.read) }
    }

    @Test func secondsAreCountedDown() throws {
        defer { closeAll() }
        let left = try Waiter(milliseconds: 60_000).secondsLeft
        #expect(left == 59 || left == 60)
        #expect(!(try Waiter(milliseconds: 60_000).isOver))
    }
}
