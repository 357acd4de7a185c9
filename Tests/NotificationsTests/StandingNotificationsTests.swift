// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing

@testable import Notifications

/// The knowledge of notifications, without a process.
@Suite(.timeLimit(.minutes(1)))
struct StandingNotificationsTests {
    private var notifications = StandingNotifications()

    private func content(_ key: String, _ summary: String = "", stays: Bool = true) -> NotificationContent {
        NotificationContent(key: key, summary: summary, body: "", lifetime: stays ? .untilDismissed : .asTheServerLikes)
    }

    private func id(_ number: UInt32, _ server: String = ":1.7") -> NotificationID {
        NotificationID(number: number, server: server)
    }

    /// Has it shown, under this number.
    private mutating func stand(_ content: NotificationContent, _ id: NotificationID) {
        notifications.put(.show(content))
        #expect(notifications.next() != nil)
        #expect(notifications.receive(.shown(id, hasActions: true))?.last == .shown(key: content.key))
    }

    @Test mutating func oneQuestionAtATimeIsAsked() {
        notifications.put(.show(content("a")))
        notifications.put(.show(content("b")))
        #expect(notifications.next() == .show(content("a"), replacing: nil))
        #expect(notifications.next() == nil)
        #expect(notifications.receive(.shown(id(1), hasActions: false)) == [.withoutActions, .shown(key: "a")])
        #expect(notifications.next() == .show(content("b"), replacing: nil))
        #expect(notifications.receive(.shown(id(2), hasActions: false)) == [.shown(key: "b")])
        #expect(notifications.next() == nil)
    }

    @Test(arguments: [
        NotifyReply.opened, .withdrawn, .failed(reason: ""),
        .shown(NotificationID(number: 1, server: ":1.7"), hasActions: true),
    ])
    mutating func anAnswerThatNobodyAskedForIsNone(_ reply: NotifyReply) {
        #expect(notifications.receive(reply) == nil)
        stand(content("a"), id(1))
        #expect(notifications.receive(reply) == nil)
        #expect(notifications.next() == nil)
    }

    @Test mutating func anAnswerToAnotherQuestionIsNone() {
        notifications.put(.show(content("a")))
        _ = notifications.next()
        #expect(notifications.receive(.withdrawn) == nil)
        #expect(notifications.receive(.shown(id(1), hasActions: true)) == [.shown(key: "a")])
        notifications.put(.withdraw("a"))
        #expect(notifications.next() == .close(id(1)))
        #expect(notifications.receive(.shown(id(1), hasActions: true)) == nil)
        #expect(notifications.receive(.failed(reason: "")) == nil)
        #expect(notifications.receive(.withdrawn) == [.closed(key: "a", reason: .withdrawn)])
        #expect(!notifications.needsJob)
    }

    @Test mutating func whatIsNotOursChangesNothing() {
        stand(content("a"), id(1))
        #expect(notifications.receive(.action(id(2), name: "approve:1")) == [])
        #expect(notifications.receive(.action(id(1, ":1.8"), name: "approve:1")) == [])
        #expect(notifications.receive(.closed(id(1, ":1.8"), reason: 2)) == [])
        #expect(notifications.receive(.closed(id(0), reason: 2)) == [])
        #expect(notifications.receive(.action(id(1), name: "approve:1")) == [.action(key: "a", id: "approve:1")])
    }

    @Test mutating func whatStoodWhenTheJobDiedIsShownAgainInItsPlace() {
        stand(content("a", stays: false), id(1))
        stand(content("b"), id(2))
        #expect(notifications.jobWent("killed") == [.unavailable("killed")])
        #expect(notifications.needsJob)
        #expect(notifications.next() == nil)
        notifications.putBackUnshown()
        #expect(notifications.next() == .show(content("a", stays: false), replacing: id(1)))
        #expect(notifications.receive(.shown(id(1), hasActions: true)) == [.shown(key: "a")])
        #expect(notifications.next() == .show(content("b"), replacing: id(2)))
        #expect(notifications.receive(.shown(id(2), hasActions: true)) == [.shown(key: "b")])
        #expect(notifications.next() == nil)
    }

    @Test mutating func newerContentTakesThePlaceOfWhatStoodWhenTheJobDied() {
        stand(content("a", "old"), id(1))
        _ = notifications.jobWent("killed")
        notifications.put(.show(content("a", "new")))
        notifications.putBackUnshown()
        #expect(notifications.next() == .show(content("a", "new"), replacing: id(1)))
        #expect(notifications.receive(.shown(id(1), hasActions: true)) == [.shown(key: "a")])
        #expect(notifications.next() == nil)
    }

    @Test mutating func whatIsWithdrawnWhileThereIsNoJobIsTakenAwayByTheNextOne() {
        stand(content("a"), id(1))
        _ = notifications.jobWent("killed")
        notifications.put(.withdraw("a"))
        #expect(notifications.needsJob)
        notifications.putBackUnshown()
        #expect(notifications.next() == .close(id(1)))
        #expect(notifications.receive(.withdrawn) == [.closed(key: "a", reason: .withdrawn)])
        #expect(notifications.next() == nil)
        #expect(!notifications.needsJob)
    }

    @Test mutating func aWithdrawalThatTheJobDiedOfIsRepeated() {
        stand(content("a"), id(1))
        notifications.put(.withdraw("a"))
        #expect(notifications.next() == .close(id(1)))
        _ = notifications.jobWent("killed")
        notifications.putBackUnshown()
        #expect(notifications.next() == .close(id(1)))
        #expect(notifications.receive(.withdrawn) == [.closed(key: "a", reason: .withdrawn)])
        #expect(!notifications.needsJob)
    }

    @Test mutating func whatTheJobDiedOfIsAskedLast() {
        stand(content("a"), id(1))
        notifications.put(.show(content("poison")))
        _ = notifications.next()
        notifications.put(.show(content("b")))
        _ = notifications.jobWent("killed")
        notifications.putBackUnshown()
        var order: [String] = []
        for number: UInt32 in 1...3 {
            if case .show(let content, _) = notifications.next() { order.append(content.key) }
            _ = notifications.receive(.shown(id(number), hasActions: true))
        }
        #expect(order == ["a", "b", "poison"])
        #expect(notifications.next() == nil)
    }

    // MARK: - What an earlier run has left

    @Test mutating func whatAnEarlierRunHasLeftIsReplacedOrGoes() {
        notifications.inherit(["a": id(1), "b": id(2)], keeping: ["a"])
        #expect(notifications.left == ["a": id(1), "b": id(2)] && notifications.needsJob)
        #expect(notifications.key(of: id(1)) == "a")
        #expect(notifications.next() == .close(id(2)))
        #expect(notifications.receive(.withdrawn) == [.closed(key: "b", reason: .withdrawn)])
        #expect(!notifications.needsJob)
        notifications.put(.show(content("a")))
        #expect(notifications.next() == .show(content("a"), replacing: id(1)))
        #expect(notifications.receive(.shown(id(1), hasActions: true)) == [.shown(key: "a")])
        #expect(notifications.left == ["a": id(1)])
    }

    @Test mutating func whatIsShownAlreadyIsNotTakenAwayAndAnotherServersIsForgotten() {
        notifications.put(.show(content("b")))
        notifications.inherit(["a": id(1), "b": id(2)], keeping: ["a"])
        #expect(notifications.next() == .show(content("b"), replacing: id(2)))
        #expect(notifications.receive(.shown(id(9, ":1.8"), hasActions: true)) == [.shown(key: "b")])
        #expect(notifications.left == ["b": id(9, ":1.8")])
        #expect(notifications.next() == nil)
    }

    @Test mutating func whatWasLeftAndIsDismissedIsForgotten() {
        notifications.inherit(["a": id(1)], keeping: ["a"])
        #expect(notifications.receive(.closed(id(1), reason: 2)) == [])
        #expect(notifications.left.isEmpty && !notifications.needsJob)
    }

    @Test mutating func aWithdrawalOfNothingNeedsNoJob() {
        notifications.put(.withdraw("a"))
        #expect(!notifications.needsJob)
        #expect(notifications.next() == nil)
    }

    @Test mutating func aDismissedOneIsNotShownAgain() {
        stand(content("a"), id(1))
        _ = notifications.jobWent("killed")
        #expect(notifications.receive(.closed(id(1), reason: 2)) == [.closed(key: "a", reason: .dismissed)])
        notifications.putBackUnshown()
        #expect(notifications.next() == nil)
        #expect(notifications.hasHistory)
        #expect(notifications.key(of: id(1)) == "a")
    }

    @Test mutating func anotherServerKnowsNothingOfWhatStood() {
        stand(content("stays"), id(1))
        stand(content("goes", stays: false), id(2))
        _ = notifications.jobWent("killed")
        notifications.putBackUnshown()
        // The order of what is asked is that of the keys; the job itself sees that the server is another one.
        #expect(notifications.next() == .show(content("goes", stays: false), replacing: id(2)))
        let events = notifications.receive(.shown(id(1, ":1.8"), hasActions: true))
        #expect(events == [.closed(key: "goes", reason: .serverGone), .shown(key: "goes")])
        #expect(notifications.next() == .show(content("stays"), replacing: nil))
    }

    @Test mutating func theBusIsToldOfNothingTwice() {
        #expect(notifications.jobWent("missing") == [])
        notifications.put(.show(content("a")))
        #expect(notifications.jobWent("missing") == [.unavailable("missing")])
        #expect(notifications.jobWent("missing") == [])
        notifications.putBackUnshown()
        stand(content("a"), id(1))
        #expect(notifications.jobWent("missing") == [.unavailable("missing")])
    }

    @Test mutating func theEndTakesAwayWhatIsBeingShown() {
        stand(content("a"), id(1))
        notifications.put(.show(content("b")))
        _ = notifications.next()
        notifications.put(.show(content("c")))
        notifications.withdrawAll()
        _ = notifications.receive(.shown(id(2), hasActions: true))
        #expect(notifications.next() == .close(id(1)))
        _ = notifications.receive(.withdrawn)
        #expect(notifications.next() == .close(id(2)))
        _ = notifications.receive(.withdrawn)
        #expect(!notifications.needsJob)
    }

    @Test mutating func aServerGoneMadFillsNothing() {
        for number in 1...1000 {
            stand(content("\(number)"), id(UInt32(number)))
            _ = notifications.receive(.closed(id(UInt32(number)), reason: 1))
        }
        #expect(notifications.key(of: id(1)) == nil)
        #expect(notifications.key(of: id(1000)) == "1000")
    }
}
