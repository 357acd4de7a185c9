// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import ManualTime
import Testing

@testable import EOnayCore

/// A certificate's end lies this far from second 0, at an odd second of the day.
private let end: Int64 = 1_800_000_123
private let day: Int64 = 86_400

private func certificate(
    _ id: String = "a", person: UInt8? = 1, qualified: Bool = true, notAfter: Int64 = end, told: Set<Int> = [],
    at toldAt: Int64 = 0, snoozed: Int64 = 0
) -> RemindedCertificate {
    RemindedCertificate(
        id: id, identityKey: person.map { [$0] } ?? [], isQualified: qualified,
        validity: Validity(notBefore: notAfter - 1095 * day, notAfter: notAfter),
        shown: Dictionary(uniqueKeysWithValues: told.map { ($0, toldAt) }), snoozedUntil: snoozed)
}

/// The service as the planner sees it: it keeps what a plan supersedes, wakes when the plan says so, and forgets the
/// rest whenever it likes.
private struct Desk {
    var certificates: [RemindedCertificate]
    var planner = ReminderPlanner()
    let clock: ManualClock
    var shown: [(at: Int64, reminders: [Reminder])] = []

    mutating func look() -> Int64? {
        let plan = planner.plan(for: certificates, at: clock.now())
        if !plan.due.isEmpty { shown.append((clock.now(), plan.due)) }
        for reminder in plan.due {
            change(reminder.certificate, told: Set(reminder.supersedes), snoozed: 0)
        }
        return plan.next
    }

    mutating func change(_ id: String, told: Set<Int> = [], snoozed: Int64) {
        certificates = certificates.map { one in
            guard one.id == id else { return one }
            return RemindedCertificate(
                id: id, identityKey: one.identityKey, isQualified: one.isQualified, validity: one.validity,
                shown: one.shown.merging(told.map { ($0, clock.now()) }) { $1 }, snoozedUntil: snoozed)
        }
    }

    /// Sleeps from one wake-up to the next until `last`, as a timer does; asks once more on the eve of each.
    mutating func live(until last: Int64) {
        while let next = look(), next <= last {
            clock.set(next - 1)
            let eve = planner.plan(for: certificates, at: clock.now())
            #expect(eve.due.isEmpty && eve.next == next, "nothing falls due before it was announced")
            clock.set(next)
        }
        clock.set(last)
        _ = look()
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ReminderPlannerTests {
    @Test func fourHundredDaysTellEachThresholdOnceOnItsSecond() {
        var desk = Desk(certificates: [certificate()], clock: ManualClock(end - 370 * day))
        desk.live(until: end + 30 * day)
        #expect(
            desk.shown.map(\.at) == [end - 30 * day, end - 14 * day, end - 7 * day, end - 3 * day, end - day, end + 1])
        #expect(desk.shown.map { $0.reminders.map(\.threshold) } == [[30], [14], [7], [3], [1], [0]])
        #expect(desk.shown.map { $0.reminders[0].daysLeft } == [30, 14, 7, 3, 1, -1])
    }

    @Test func askingEverySecondTellsNothingMore() {
        for edge in [end - 30 * day, end - day, end + 1] {
            var desk = Desk(certificates: [certificate(told: [])], clock: ManualClock(edge - 5))
            _ = desk.look()
            desk.shown = []
            for _ in 0..<10 {
                desk.clock.advance(by: 1)
                _ = desk.look()
            }
            #expect(desk.shown.map(\.at) == [edge])
        }
    }

    @Test func fourHundredDaysWithADailyRestartTellTheSame() {
        var desk = Desk(certificates: [certificate()], clock: ManualClock(end - 370 * day))
        for _ in 0..<(400 * 24) {
            desk.clock.advance(by: 3600)
            _ = desk.look()
            desk.planner = ReminderPlanner()
        }
        #expect(desk.shown.flatMap { $0.reminders.map(\.threshold) } == [30, 14, 7, 3, 1, 0])
        for (at, reminders) in desk.shown {
            let due = ReminderLadder.usual.instant(of: reminders[0].threshold, for: certificate().validity)
            #expect((due..<due + 3600).contains(at))
        }
    }

    @Test func afterALongPauseOnlyTheNewestThresholdIsTold() {
        let plan = ReminderPlanner().plan(for: [certificate(told: [30])], at: end - 2 * day)
        #expect(plan.due == [Reminder(certificate: "a", threshold: 3, daysLeft: 2, supersedes: [30, 14, 7, 3])])
        #expect(plan.next == end - day)
    }

    @Test func aClockSetBackTellsNothingAgain() {
        let told = certificate(told: [30, 14, 7])
        let plan = ReminderPlanner().plan(for: [told], at: end - 20 * day)
        #expect(plan.due.isEmpty)
        #expect(plan.next == end - 3 * day)
    }

    @Test(arguments: [1, 400, 10 * 365])
    func whatAClockToldThatWasAheadDoesNotCount(days: Int64) {
        // It was so many days after the end, and is now twenty before it.
        let told = certificate(told: [30, 14, 7, 3, 1, 0], at: end + days * day)
        let plan = ReminderPlanner().plan(for: [told], at: end - 20 * day)
        #expect(plan.due.map(\.threshold) == [30])
        // Months before, nothing is due, and the first threshold is waited for.
        let before = ReminderPlanner().plan(for: [told], at: end - 90 * day)
        #expect(before.due.isEmpty)
        #expect(before.next == end - 30 * day)
    }

    @Test func aTellingCountsUpToADayBeforeItsTime() {
        let now = end - 20 * day
        for (ahead, isDue) in [(Int64(0), false), (3 * 3600, false), (day, false), (day + 1, true)] {
            let plan = ReminderPlanner().plan(for: [certificate(told: [30], at: now + ahead)], at: now)
            #expect(plan.due.isEmpty != isDue, "\(ahead) s ahead")
        }
    }

    @Test func aClockSetForwardTellsWhatIsDueThen() {
        let plan = ReminderPlanner().plan(for: [certificate(told: [30])], at: end + 500 * day)
        #expect(plan.due.map(\.threshold) == [0])
        #expect(plan.due.map(\.daysLeft) == [-500])
        #expect(plan.next == nil)
    }

    @Test func severalThatAreDueAreOneNotificationSoonestFirst() {
        let all = [
            certificate("b", person: 2, notAfter: end + 5), certificate("a", person: 1, notAfter: end + 9 * day),
            certificate("c", person: 3, notAfter: end), certificate("d", person: 4, notAfter: end + 90 * day),
        ]
        let plan = ReminderPlanner().plan(for: all, at: end - 5 * day)
        #expect(plan.due.map(\.certificate) == ["c", "b", "a"])
        #expect(plan.due.map(\.threshold) == [7, 7, 14])
    }

    @Test func aSnoozeHoldsAndItsEndReminds() {
        var desk = Desk(certificates: [certificate()], clock: ManualClock(end - 30 * day))
        _ = desk.look()
        desk.change(
            "a", snoozed: Snooze.granted(until: end - 10 * day - 1, for: certificate().validity, at: end - 30 * day))
        desk.live(until: end - 5 * day)
        #expect(desk.shown.map(\.at) == [end - 30 * day, end - 10 * day - 1, end - 7 * day])
        #expect(desk.shown.map { $0.reminders[0].threshold } == [30, 14, 7])
    }

    @Test func aSnoozeThatEndsBeforeTheNextThresholdBringsTheReminderBack() {
        var desk = Desk(certificates: [certificate()], clock: ManualClock(end - 30 * day))
        _ = desk.look()
        desk.change("a", snoozed: end - 29 * day)
        desk.live(until: end - 20 * day)
        #expect(desk.shown.map(\.at) == [end - 30 * day, end - 29 * day])
        #expect(desk.shown.map { $0.reminders[0].threshold } == [30, 30])
    }

    @Test func aSnoozeWithNothingDueAtItsEndIsNotWokenFor() {
        let plan = ReminderPlanner().plan(for: [certificate(snoozed: end - 100 * day)], at: end - 200 * day)
        #expect(plan == ReminderPlan(due: [], next: end - 30 * day))
    }

    @Test func aSnoozeEndsOneDayBeforeTheEnd() {
        let validity = certificate().validity
        #expect(Snooze.granted(until: .max, for: validity, at: end - 20 * day) == end - day)
        #expect(Snooze.granted(until: end - day, for: validity, at: end - 20 * day) == end - day)
        #expect(Snooze.granted(until: end - day - 1, for: validity, at: end - 20 * day) == end - day - 1)
    }

    @Test func noSnoozeIsLeftOfWhatIsNotAhead() {
        let validity = certificate().validity
        #expect(Snooze.granted(until: 0, for: validity, at: end - 20 * day) == 0)
        #expect(Snooze.granted(until: .min, for: validity, at: end - 20 * day) == 0)
        #expect(Snooze.granted(until: end - 20 * day, for: validity, at: end - 20 * day) == 0)
        #expect(Snooze.granted(until: .max, for: validity, at: end - day) == 0)
        #expect(Snooze.granted(until: .max, for: validity, at: end + day) == 0)
    }

    @Test func aNewerCertificateOfTheSamePersonSilencesTheOldOne() {
        let newer = certificate("new", notAfter: end + 1000 * day)
        let plan = ReminderPlanner().plan(for: [certificate(), newer], at: end - 5 * day)
        #expect(plan.due.isEmpty)
        // The old one's phase still changes, and that is announced.
        #expect(plan.next == end + 1)
    }

    @Test func somebodyElsesOrANamelessCertificateSilencesNothing() {
        for other in [
            certificate("x", person: 2, notAfter: end + 1000 * day),
            certificate("x", person: nil, notAfter: end + 1000 * day),
            certificate("x", qualified: false, notAfter: end + 1000 * day), certificate("x", notAfter: end),
        ] {
            #expect(
                ReminderPlanner().plan(for: [certificate(), other], at: end - 5 * day).due.contains {
                    $0.certificate == "a"
                })
        }
        let nameless = [certificate("a", person: nil), certificate("b", person: nil, notAfter: end + 1000 * day)]
        #expect(ReminderPlanner().plan(for: nameless, at: end - 5 * day).due.map(\.certificate) == ["a"])
    }

    @Test func aCertificateThatIsNotYetGoodIsNotSpokenOf() {
        let short = RemindedCertificate(
            id: "a", identityKey: [], isQualified: true, validity: Validity(notBefore: end - 5 * day, notAfter: end))
        let plan = ReminderPlanner().plan(for: [short], at: end - 6 * day)
        #expect(plan == ReminderPlan(due: [], next: end - 5 * day))
        #expect(ReminderPlanner().plan(for: [short], at: end - 5 * day).due.map(\.threshold) == [7])
    }

    @Test func withoutRemindersOnlyPhasesAreAnnounced() {
        let planner = ReminderPlanner(isEnabled: false)
        #expect(planner.plan(for: [certificate()], at: end - 29 * day) == ReminderPlan(due: [], next: end + 1))
    }

    @Test func anotherLadderIsFollowed() throws {
        let ladder = try #require(ReminderLadder([10, 60, 10, 45]))
        var desk = Desk(
            certificates: [certificate()], planner: ReminderPlanner(ladder: ladder), clock: ManualClock(end - 370 * day)
        )
        desk.live(until: end + 30 * day)
        #expect(desk.shown.map(\.at) == [end - 60 * day, end - 45 * day, end - 10 * day])
    }

    @Test func aLadderHasThresholdsWithinAYear() {
        #expect(ReminderLadder([]) == nil)
        #expect(ReminderLadder([-1]) == nil)
        #expect(ReminderLadder([366]) == nil)
        #expect(ReminderLadder(Array(0...32)) == nil)
        #expect(ReminderLadder([0, 30, 14, 30])?.thresholds == [30, 14, 0])
    }
}
