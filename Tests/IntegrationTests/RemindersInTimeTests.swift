// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import EOnayCore
import JobFrames
import ManualTime
import Notifications
import Store
import TestBench
import Testing

/// Point 5: what is told when, over years that pass at once, with a real store and a real bus.
@Suite(.timeLimit(.minutes(1)))
struct RemindersInTimeTests {
    private let day = ReminderBench.day
    private let a = String(repeating: "a", count: 64)
    private let b = String(repeating: "b", count: 64)

    @Test(arguments: [0, 10, 1])
    func fourHundredDaysTellEachThresholdOnce(restartingEvery days: Int64) async throws {
        let bench = try await ReminderBench([.ending(inDays: 399)])
        try await bench.begin()
        var boards = [bench.board]
        for passed in 1...Int64(400) {
            try await bench.pass(until: ReminderBench.start + passed * day)
            // Every day would take a minute and prove no more than at the thresholds.
            let isNear = days == 1 && passed > 365
            if days > 1 ? passed % days == 0 : isNear {
                try await bench.restart()
                boards.append(bench.board)
            }
        }
        #expect(bench.reminders.map(\.daysLeft) == [30, 14, 7, 3, 1, -1])
        #expect(boards.flatMap(\.shown).count == 6)
        #expect(bench.nextInstant == nil)
        await bench.end()
    }

    @Test func remindersComeAtTheirSecond() async throws {
        let bench = try await ReminderBench([.ending(inDays: 40)])
        try await bench.begin()
        let end = ReminderBench.start + 40 * day
        for (threshold, left) in [(30, 30), (14, 14), (7, 7), (3, 3), (1, 1), (0, -1)] {
            let instant = threshold == 0 ? end + 1 : end - Int64(threshold) * day
            #expect(bench.nextInstant == instant)
            let before = bench.reminders.count
            try await bench.set(clockTo: instant - 1)
            #expect(bench.reminders.count == before)
            try await bench.set(clockTo: instant)
            #expect(bench.reminders.last == .init(certificate: a, daysLeft: Int32(left)))
            #expect(bench.reminders.count == before + 1)
        }
        await bench.end()
    }

    @Test func phasesChangeAtTheirSecond() async throws {
        let certificate = KnownCertificate.ending(inDays: 2000)
        let bench = try await ReminderBench([certificate])
        try await bench.begin()
        let path: ObjectPath = try ObjectPath("\(SessionBus.root.text)/certificate/\(a)")
        var told: [String] = []
        for (instant, word) in [
            (certificate.notBefore, "valid"), (certificate.notAfter - 30 * day, "renewal-due"),
            (certificate.notAfter + 1, "expired"),
        ] {
            let before = try #require(try await bench.phase())
            try await bench.set(clockTo: instant - 1)
            #expect(try await bench.phase() == before)
            #expect(bench.nextInstant == instant)
            try await bench.set(clockTo: instant)
            #expect(try await bench.phase() == word)
            #expect(try await bench.bus.properties("Certificate", of: path)["Phase"]?.string == word)
            told.append(word)
        }
        let signals = bench.bus.signals.all.filter { $0.member == "PropertiesChanged" && $0.path == path }
            .compactMap { $0.arguments[1]["Phase"]?.string }
        #expect(signals == told)
        await bench.end()
    }

    @Test func allThatIsDueAtOnceIsOneNotice() async throws {
        let bench = try await ReminderBench([
            .ending(inDays: 5), .ending(inDays: 20, id: "b", identity: 2, holder: "Işıl Ünlü"),
            .ending(inDays: -3, id: "c", identity: 3, holder: "Çağrı Öz"),
        ])
        try await bench.begin()
        #expect(bench.reminders.map(\.daysLeft) == [-3, 5, 20])
        #expect(bench.board.shown.count == 1)
        let notice = try #require(bench.board.shown.first)
        #expect(notice.summary == "3 e-imza için işlem yapmanız gerekiyor")
        let lines = notice.body.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("Çağrı Öz: süresi doldu"))
        #expect(lines[1].hasPrefix("Şükrü İğdırlı: 5 gün kaldı"))
        #expect(lines[2].hasPrefix("Işıl Ünlü: 20 gün kaldı"))
        await bench.end()
    }

    @Test func aReminderThatFallsDueBesideAnotherJoinsItsNotice() async throws {
        let bench = try await ReminderBench([
            .ending(inDays: 14), .ending(inDays: 17, id: "b", identity: 2, holder: "Işıl Ünlü"),
        ])
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 3 * day)
        #expect(bench.board.shown.count == 2)
        #expect(bench.board.shown[1].body.split(separator: "\n").count == 2)
        // A dismissed reminder does not come back with the next one.
        bench.board.tell(.closed(key: "reminder", reason: .dismissed))
        try await bench.settle()
        try await bench.pass(until: ReminderBench.start + 7 * day)
        #expect(bench.board.shown.count == 3)
        #expect(bench.board.shown[2].body.contains("Şükrü"))
        #expect(!bench.board.shown[2].body.contains("Işıl"))
        await bench.end()
    }

    @Test func aSnoozeHoldsAndEndsWithTheReminderThatItPutOff() async throws {
        let bench = try await ReminderBench([.ending(inDays: 14)])
        try await bench.begin()
        #expect(bench.reminders.count == 1)
        let until = ReminderBench.start + 9 * day
        _ = try await bench.bus.call("Snooze", .string(a), .int64(until))
        #expect(bench.board.withdrawn == ["reminder"])
        try await bench.pass(until: until - 1)
        try await bench.restart()
        #expect(bench.reminders.count == 1)
        try await bench.pass(until: until)
        #expect(bench.reminders.map(\.daysLeft) == [14, 5])
        try await bench.restart()
        #expect(bench.reminders.count == 2)
        await bench.end()
    }

    @Test func aSnoozeEndsADayBeforeTheEndAtTheLatest() async throws {
        let bench = try await ReminderBench([.ending(inDays: 14)])
        try await bench.begin()
        _ = try await bench.bus.call("Snooze", .string(""), .int64(ReminderBench.start + 1000 * day))
        let path: ObjectPath = try ObjectPath("\(SessionBus.root.text)/certificate/\(a)")
        let granted = try await bench.bus.properties("Certificate", of: path)["SnoozedUntil"]?.int64
        #expect(granted == ReminderBench.start + 13 * day)
        try await bench.pass(until: ReminderBench.start + 13 * day)
        #expect(bench.reminders.map(\.daysLeft) == [14, 1])
        // 0 ends one.
        _ = try await bench.bus.call("Snooze", .string(a), .int64(bench.clock.now() + 100))
        _ = try await bench.bus.call("Snooze", .string(a), .int64(0))
        #expect(try await bench.bus.properties("Certificate", of: path)["SnoozedUntil"]?.int64 == 0)
        await bench.end()
    }

    @Test func theButtonSnoozesForADay() async throws {
        let bench = try await ReminderBench([.ending(inDays: 14)])
        try await bench.begin()
        let actions = try #require(bench.board.shown.first?.actions)
        let later = try #require(actions.first { $0.label == "Sonra hatırlat" })
        bench.board.tell(.action(key: "reminder", id: later.id))
        try await bench.settle()
        try await bench.pass(until: ReminderBench.start + day - 1)
        #expect(bench.reminders.count == 1)
        try await bench.pass(until: ReminderBench.start + day)
        #expect(bench.reminders.map(\.daysLeft) == [14, 13])
        await bench.end()
    }

    @Test func aNewerCertificateOfTheSamePersonSilencesTheOlder() async throws {
        let bench = try await ReminderBench([.ending(inDays: 14)])
        try await bench.begin()
        #expect(bench.reminders.count == 1)
        await bench.end()
        try await bench.remember([.ending(inDays: 1000, id: "b")])
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 30 * day)
        #expect(bench.reminders.count == 1)
        #expect(try await bench.phase() == "expired")
        // Its own reminders come all the same.
        try await bench.pass(until: ReminderBench.start + 971 * day)
        #expect(bench.reminders.last == .init(certificate: b, daysLeft: 30))
        await bench.end()
    }

    @Test func aNewerOneThatCannotSignSilencesNothing() async throws {
        let bench = try await ReminderBench([.ending(inDays: 14), .ending(inDays: 1000, id: "b", qualified: false)])
        try await bench.begin()
        #expect(bench.reminders.map(\.certificate) == [a])
        await bench.end()
    }

    @Test func aClockSetForwardTellsTheNewestThresholdAlone() async throws {
        let bench = try await ReminderBench([.ending(inDays: 40)])
        try await bench.begin()
        try await bench.set(clockTo: ReminderBench.start + 38 * day)
        #expect(bench.reminders.map(\.daysLeft) == [2])
        #expect(try await bench.phase() == "renewal-due")
        try await bench.set(clockTo: ReminderBench.start + 100 * day)
        #expect(bench.reminders.map(\.daysLeft) == [2, -60])
        await bench.end()
    }

    @Test(arguments: [false, true])
    func aClockThatWasYearsAheadLeavesTheLadderWhole(restarting: Bool) async throws {
        let bench = try await ReminderBench([.ending(inDays: 100)])
        try await bench.begin()
        try await bench.set(clockTo: ReminderBench.start + 1200 * day)
        #expect(bench.reminders.map(\.daysLeft) == [-1100])
        if restarting { try await bench.restart() }
        try await bench.set(clockTo: ReminderBench.start)
        // The bubble that stands is no longer true.
        if !restarting { #expect(bench.board.withdrawn == ["reminder"]) }
        if restarting { try await bench.restart() }
        try await bench.pass(until: ReminderBench.start + 101 * day)
        #expect(bench.reminders.map(\.daysLeft) == [-1100, 30, 14, 7, 3, 1, -1])
        await bench.end()
    }

    @Test func whatNobodySawOfAWrongTimeIsNotShownAndHoldsNothingBack() async throws {
        let bench = try await ReminderBench([.ending(inDays: 100)])
        try await bench.begin(boardIsAway: true)
        try await bench.set(clockTo: ReminderBench.start + 1200 * day)
        #expect(bench.reminders.map(\.daysLeft) == [-1100])
        await bench.end()
        bench.clock.set(ReminderBench.start)
        try await bench.begin()
        #expect(bench.board.shown.isEmpty)
        try await bench.pass(until: ReminderBench.start + 71 * day)
        #expect(bench.reminders.map(\.daysLeft) == [-1100, 30])
        await bench.end()
    }

    @Test func aClockThatIsPutRightByHoursTellsNothingTwice() async throws {
        let bench = try await ReminderBench([.ending(inDays: 14)])
        try await bench.begin()
        #expect(bench.reminders.map(\.daysLeft) == [14])
        // Local time taken for UTC, until the network's time came.
        try await bench.set(clockTo: ReminderBench.start - 3 * 3600)
        try await bench.restart()
        try await bench.pass(until: ReminderBench.start + day)
        #expect(bench.reminders.map(\.daysLeft) == [14])
        await bench.end()
    }

    @Test func aClockSetBackTellsWhatItToldTooEarlyAndThePhaseFollows() async throws {
        let bench = try await ReminderBench([.ending(inDays: 20)])
        try await bench.begin()
        #expect(bench.reminders.map(\.daysLeft) == [20])
        try await bench.set(clockTo: ReminderBench.start - 60 * day)
        #expect(try await bench.phase() == "valid")
        try await bench.restart()
        try await bench.pass(until: ReminderBench.start + 5 * day)
        #expect(try await bench.phase() == "renewal-due")
        // The first was told seventy days before this one was due: nobody can be expected to remember.
        #expect(bench.reminders.map(\.daysLeft) == [20, 30])
        try await bench.pass(until: ReminderBench.start + 6 * day)
        #expect(bench.reminders.map(\.daysLeft) == [20, 30, 14])
        await bench.end()
    }

    @Test func whatNobodyCouldSeeIsShownWhenAServerComesAndSignalledOnce() async throws {
        let bench = try await ReminderBench([.ending(inDays: 20)])
        try await bench.begin(boardIsAway: true)
        #expect(bench.reminders.count == 1)
        #expect(bench.board.shown.isEmpty)
        // The session ended before anybody saw it.
        try await bench.restart(boardIsAway: true)
        bench.board.come()
        try await bench.settle()
        #expect(bench.board.shown.map(\.summary) == ["E-imzanız 20 gün sonra bitiyor"])
        try await bench.restart()
        #expect(bench.board.shown.isEmpty)
        #expect(bench.reminders.count == 1)
        await bench.end()
    }

    @Test func theLadderIsWhatIsConfigured() async throws {
        var configuration = DesktopConfiguration()
        configuration.ladder = try #require(ReminderLadder([60, 2]))
        let bench = try await ReminderBench([.ending(inDays: 100)], configuration: configuration)
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 110 * day)
        #expect(bench.reminders.map(\.daysLeft) == [60, 2])
        await bench.end()
    }

    @Test func whoWantsNoRemindersStillHasPhases() async throws {
        var configuration = DesktopConfiguration()
        configuration.remindersEnabled = false
        let bench = try await ReminderBench([.ending(inDays: 40)], configuration: configuration)
        try await bench.begin()
        try await bench.pass(until: ReminderBench.start + 110 * day)
        #expect(bench.reminders.isEmpty)
        #expect(bench.board.shown.isEmpty)
        #expect(try await bench.phase() == "expired")
        await bench.end()
    }
}
