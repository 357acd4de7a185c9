// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DesktopService

@Suite(.timeLimit(.minutes(1)))
struct ForgettingTests {
    private let forgetting = Forgetting()

    @Test func oneOrderIsUnderWayAtATime() {
        #expect(forgetting.begin())
        #expect(!forgetting.begin())
        forgetting.end()
        #expect(forgetting.begin())
    }

    @Test func certificatesLeaveWithTheirCard() {
        forgetting.leaveWithCard(["a", "b", "c"])
        #expect(forgetting.areOut(["x"]) == [])
        forgetting.wereRead(["c"])
        #expect(Set(forgetting.areOut(["a", "b", "c"])) == ["a", "b"])
        #expect(forgetting.areOut(["a", "b", "c"]) == [])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct OpenAddressesTests {
    @Test func thereIsRoomForAFew() {
        let addresses = OpenAddresses()
        for _ in 0..<OpenAddresses.most { #expect(addresses.begin()) }
        #expect(!addresses.begin())
        addresses.end()
        #expect(addresses.begin())
    }
}

@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct StateRequestTests {
    @Test func aPersonWaitsTenSecondsForTheCards() {
        let scheduler = ManualScheduler()
        let request = StateRequest(scheduler)
        var shown = 0
        #expect(!request.isWaiting)
        request.wait { shown += 1 }
        request.wait { shown += 1 }
        #expect(request.isWaiting)
        scheduler.advance(by: .seconds(10))
        #expect(shown == 1)
        request.wait { shown += 1 }
        request.end()
        scheduler.advance(by: .seconds(20))
        #expect(shown == 1 && !request.isWaiting)
    }
}
