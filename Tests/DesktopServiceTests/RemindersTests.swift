// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EventLoops
import Store
import Synchronization
import Testing

@testable import DesktopService
@testable import EOnayCore

/// The reminders, with a clock that the test moves.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct RemindersTests {
    private nonisolated static let start: Int64 = 1_800_000_000
    private nonisolated static let day: Int64 = 86_400

    @ServiceLoop
    private final class Bench {
        let alarm = FakeAlarm(RemindersTests.start)
        var known: [KnownCertificate]
        private(set) var changes: [String] = []
        private(set) lazy var reminders = Reminders(ReminderPlanner(), alarm: alarm) { [unowned self] in known }

        init(_ known: KnownCertificate...) {
            self.known = known
            reminders.report = { [unowned self] in took($0) }
        }

        private func took(_ change: ReminderChange) {
            switch change {
            case .phases(let ids): changes.append("phases \(ids)")
            case .due(let due, let canBeSeen):
                changes.append("due \(due.map(\.certificate))\(canBeSeen ? "" : " unseen")")
                // As the registry does.
                for reminder in due {
                    for index in known.indices where known[index].id == reminder.certificate {
                        for threshold in reminder.supersedes { known[index].remindersShown[threshold] = alarm.now() }
                        known[index].snoozedUntil = 0
                    }
                }
                reminders.announce(due, areRecorded: canBeSeen)
            case .notice: changes.append("notice \(reminders.certificates)")
            case .seen(let reminders): changes.append("seen \(reminders.map(\.certificate))")
            case .unseen(let reminders): changes.append("not seen \(reminders.map(\.certificate))")
            }
        }

        /// The reports since the last call.
        var news: [String] {
            defer { changes = [] }
            return changes
        }
    }

    private nonisolated static func certificate(_ id: String, days: Int64, identity: UInt8 = 1) -> KnownCertificate {
        KnownCertificate(
            id: id, holder: "Şükrü İğdırlı", maskedIdentity: "", identityKey: [identity], issuer: "", serialNumber: "",
            notBefore: start - 1000 * day, notAfter: start + days * day, keyType: "", qualified: true, hindrances: [],
            firstSeen: start, lastSeen: start)
    }

    @Test func whatIsDueIsAnnouncedOnceAndTheNextInstantSet() {
        let bench = Bench(Self.certificate("a", days: 20))
        bench.reminders.review()
        #expect(bench.news == ["due [\"a\"]", "notice [\"a\"]"])
        bench.reminders.review()
        #expect(bench.news.isEmpty)
        #expect(bench.alarm.instant.map { $0 > Self.start } == true)
        bench.alarm.set(now: bench.alarm.instant ?? 0)
        bench.reminders.review()
        #expect(bench.news == ["due [\"a\"]", "notice [\"a\"]"])
    }

    @Test func aPhaseThatChangesIsReported() {
        let bench = Bench(Self.certificate("a", days: 31))
        bench.reminders.review()
        #expect(bench.news.isEmpty)
        bench.alarm.set(now: Self.start + 2 * Self.day)
        bench.reminders.review()
        #expect(bench.news.first == "phases [\"a\"]")
    }

    @Test func aNewerCertificateOfThePersonEndsTheNotice() {
        let bench = Bench(Self.certificate("a", days: 5))
        bench.reminders.review()
        _ = bench.news
        bench.known.append(Self.certificate("b", days: 1000))
        bench.reminders.review()
        #expect(bench.news == ["notice []"])
    }

    @Test func aSnoozeTakesTheCertificateFromTheNotice() {
        let bench = Bench(Self.certificate("a", days: 5), Self.certificate("b", days: 6, identity: 2))
        bench.reminders.review()
        _ = bench.news
        bench.known[0].snoozedUntil = Self.start + Self.day
        bench.reminders.snoozed("a", until: Self.start + Self.day)
        #expect(bench.news == ["notice [\"b\"]"])
        bench.reminders.snoozed("b", until: 0)
        #expect(bench.news.isEmpty)
    }

    @Test func aDismissedReminderCountsAsSeenAndGoes() {
        let bench = Bench(Self.certificate("a", days: 5), Self.certificate("b", days: 6, identity: 2))
        bench.reminders.review()
        bench.reminders.couldNotBeShown()
        _ = bench.news
        bench.reminders.dismiss(["a"])
        #expect(bench.news == ["seen [\"a\"]", "notice [\"b\"]"])
        bench.reminders.dismiss(["a"])
        #expect(bench.news.isEmpty)
    }

    @Test func whatNobodyCouldSeeIsTakenBackAndWrittenDownWhenItWasSeen() {
        let bench = Bench(Self.certificate("a", days: 5))
        bench.reminders.review()
        _ = bench.news
        bench.reminders.couldNotBeShown()
        #expect(bench.news == ["not seen [\"a\"]"])
        bench.reminders.presenterIsBack(reminderWasShown: true)
        #expect(bench.news == ["seen [\"a\"]"])
        bench.reminders.wasClosed()
        #expect(bench.reminders.certificates.isEmpty)
    }

    @Test func whatAnEarlierRunCouldNotShowIsAnnounced() {
        var certificate = Self.certificate("a", days: 5)
        certificate.remindersShown = [30: Self.start, 14: Self.start, 7: Self.start]
        certificate.remindersUnseen = [7]
        let bench = Bench(certificate)
        bench.reminders.announceUnseen()
        #expect(bench.news == ["notice [\"a\"]"])
    }

    @Test func whatAnEarlierRunHasLeftOnTheScreenIsAnnouncedAgainWhileItHolds() {
        var (holds, put, past) = (
            Self.certificate("a", days: 5), Self.certificate("b", days: 5, identity: 2),
            Self.certificate("c", days: 500, identity: 3)
        )
        for threshold in [30, 14, 7] { holds.remindersShown[threshold] = Self.start }
        (put.remindersShown, put.snoozedUntil) = (holds.remindersShown, Self.start + 1)
        past.remindersShown = [:]
        let bench = Bench(holds, put, past)
        bench.reminders.announceAgain()
        #expect(bench.news == ["notice [\"a\"]"])
    }

    @Test func atTheEndNothingIsAnnouncedAndTheUnseenIsTakenBack() {
        let bench = Bench(Self.certificate("a", days: 5))
        bench.reminders.review()
        _ = bench.news
        bench.reminders.end()
        #expect(bench.news == ["not seen [\"a\"]"])
        bench.reminders.review()
        #expect(bench.news.isEmpty && bench.alarm.instant == nil)
    }

    @Test func theSuccessorTakesOverAtItsSecondAndThatIsSaidOnce() {
        let bench = Bench(Self.certificate("a", days: 5))
        bench.reminders.review()
        var new = Self.certificate("b", days: 1100)
        new.notBefore = Self.start + 5 * Self.day
        bench.known.append(new)
        bench.reminders.review()
        #expect(bench.news == ["due [\"a\"]", "notice [\"a\"]", "notice []"])
        #expect(bench.alarm.instant == new.notBefore)
        bench.alarm.set(now: new.notBefore)
        bench.reminders.review()
        #expect(bench.news == ["phases [\"b\"]", "due [\"a\"]", "notice [\"a\"]"])
        #expect(bench.reminders.handovers == ["a"])
        bench.reminders.review()
        bench.reminders.wasClosed()
        bench.alarm.set(now: new.notBefore + 31 * Self.day)
        bench.reminders.review()
        #expect(bench.news == ["phases [\"a\"]", "notice []"] || bench.reminders.certificates.isEmpty)
    }

    @Test func onlyWhatIsDueIsSaidToBe() {
        let bench = Bench(Self.certificate("a", days: 5), Self.certificate("b", days: 500, identity: 2))
        #expect(bench.reminders.areDue(["a", "b"]) && !bench.reminders.areDue(["b"]))
        bench.reminders.review()
        #expect(!bench.reminders.areDue(["a"]))
    }

    @Test func withoutRemindersThePhasesGoOn() {
        let bench = Bench(Self.certificate("a", days: 31))
        bench.reminders.use(ReminderPlanner(isEnabled: false))
        bench.alarm.set(now: Self.start + 2 * Self.day)
        bench.reminders.review()
        #expect(bench.news == ["phases [\"a\"]"])
        #expect(bench.reminders.phase(of: bench.known[0]) == .renewalDue)
    }
}

/// An alarm that does not ring by itself.
final class FakeAlarm: Alarm {
    private let state: Mutex<(now: Int64, instant: Int64?)>
    private let handler = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ now: Int64) { state = Mutex((now, nil)) }

    /// Rings; to be called on the loop.
    func ring() { handler.withLock { $0 }?() }

    var instant: Int64? { state.withLock { $0.instant } }
    func now() -> Int64 { state.withLock { $0.now } }
    func set(now: Int64) { state.withLock { $0.now = now } }
    func start(on loop: EventLoop, handler: @escaping @Sendable () -> Void) {
        self.handler.withLock { $0 = handler }
    }
    func set(_ instant: Int64?) { state.withLock { $0.instant = instant } }
    func stop() { state.withLock { $0.instant = nil } }
}
