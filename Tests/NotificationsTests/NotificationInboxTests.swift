// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing

@testable import Notifications

@Suite(.timeLimit(.minutes(1)))
struct NotificationInboxTests {
    private var inbox = NotificationInbox()

    @Test mutating func newerContentTakesThePlaceOfOlder() {
        inbox.put(.show(content("a", "1")))
        inbox.put(.show(content("b", "1")))
        inbox.put(.show(content("a", "2")))
        #expect(inbox.next() == .show(content("b", "1")))
        #expect(inbox.next() == .show(content("a", "2")))
        #expect(inbox.next() == nil)
    }

    @Test mutating func aWithdrawalTakesThePlaceOfWhatWasNotYetShown() {
        inbox.put(.show(content("a", "1")))
        inbox.put(.withdraw("a"))
        #expect(inbox.next() == .withdraw("a"))
        #expect(inbox.next() == nil)
    }

    @Test mutating func whatIsPutBackComesFirstButNeverInsteadOfNewer() {
        inbox.put(.show(content("b", "new")))
        inbox.putBack([content("a", "old"), content("b", "old")])
        #expect(inbox.next() == .show(content("a", "old")))
        #expect(inbox.next() == .show(content("b", "new")))
        #expect(inbox.next() == nil)
    }

    @Test mutating func littleWaitsHoweverLongItLasts() {
        for number in 0..<1000 { inbox.put(.show(content("\(number)", ""))) }
        inbox.putBack((1000..<1100).map { content("\($0)", "") })
        var last: NotificationInbox.Order?
        var count = 0
        while let next = inbox.next() { (last, count) = (next, count + 1) }
        #expect(count == NotificationInbox.capacity)
        #expect(last?.key == "999")
    }

    private func content(_ key: String, _ summary: String) -> NotificationContent {
        NotificationContent(key: key, summary: summary, body: "")
    }
}
