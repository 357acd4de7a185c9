// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import JobFrames
import Jobs
import Synchronization
import Testing

@testable import DesktopService

/// The revocations, with a clock that the test moves and a courier that it plays.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct RevocationsTests {
    private nonisolated static let start: Int64 = 1_800_000_000
    private nonisolated static let day: Int64 = 86_400

    @ServiceLoop
    private final class Bench {
        let alarm = FakeAlarm(RevocationsTests.start)
        let scheduler = ManualScheduler()
        let jobs = FakeJobs()
        private let lines = Mutex<[String]>([])
        private(set) var changes: [String] = []
        /// What would be in the record.
        private(set) var record: [String: KnownRevocation] = [:]
        var mayAsk = true
        private(set) lazy var revocations = make()

        init(_ answer: RevocationAnswer? = nil) { say(answer) }

        private func make() -> Revocations {
            let revocations = Revocations(
                .init(), alarm: alarm, scheduler: scheduler, jobs: jobs,
                log: Log { line in self.lines.withLock { $0.append(line) } },
                mayAsk: { [unowned self] _ in mayAsk })
            revocations.report = { [unowned self] in took($0) }
            return revocations
        }

        /// Another run of the service, which knows what is in the record.
        func restart() {
            revocations.end()
            revocations = make()
            revocations.load(record)
        }

        private func took(_ change: RevocationChange) {
            switch change {
            case .answered(let certificate, _, let now, let isNews):
                record[certificate] = now
                changes.append("\(certificate) \(now.state.rawValue)\(isNews ? " news" : "")")
            }
        }

        /// The courier's answer from now on; nil: it hangs.
        func say(_ answer: RevocationAnswer?) {
            jobs.answer { (_: CourierRequest) in answer.map { [.revocation($0)] } ?? [] }
        }

        func insert(_ ids: String..., isNew: Bool = true) {
            revocations.cardIsIn(
                ids.map { AnswerableCertificate(id: $0, certificate: Array($0.utf8), issuer: nil) }, isNew: isNew)
        }

        /// The clock is this much later, and the alarm rings if it was set to ring by then.
        func pass(_ seconds: Int64) {
            let now = alarm.now() + seconds
            let rings = alarm.instant.map { $0 <= now } ?? false
            alarm.set(now: now)
            if rings { revocations.review() }
        }

        /// The reports since the last call.
        func news() async -> [String] {
            await scheduler.settle()
            defer { changes = [] }
            return changes
        }

        var asked: Int { jobs.couriersAsked.count }
        var log: [String] { lines.withLock { $0 } }
    }

    private nonisolated static func good(_ at: Int64 = start) -> RevocationAnswer {
        RevocationAnswer(.good, thisUpdate: at)
    }
    private nonisolated static func held(_ at: Int64 = start) -> RevocationAnswer {
        RevocationAnswer(.suspended, since: start - 5, reason: .certificateHold, thisUpdate: at)
    }
    private nonisolated static func revoked(_ at: Int64 = start) -> RevocationAnswer {
        RevocationAnswer(.revoked, since: start - 7, reason: .keyCompromise, thisUpdate: at)
    }

    @Test func aCardThatComesIsAskedAboutOnceADay() async {
        let bench = Bench(Self.good())
        bench.insert("a")
        #expect(await bench.news() == ["a good"])
        let known = bench.revocations["a"]
        #expect(known.state == .good && known.askedAt == Self.start && known.wasGood)
        for _ in 1...3 {
            bench.revocations.cardIsOut(["a"])
            bench.insert("a")
            bench.pass(3600)
        }
        #expect(await bench.news().isEmpty && bench.asked == 1)
        // It stays in: the alarm is set to the next day, to the second.
        #expect(bench.alarm.instant == Self.start + Self.day)
        bench.pass(Self.day - 3 * 3600 - 1)
        #expect(await bench.news().isEmpty && bench.asked == 1)
        bench.pass(1)
        #expect(await bench.news() == ["a good"] && bench.asked == 2)
    }

    @Test func aCardThatIsOutIsNotAskedAbout() async {
        let bench = Bench(Self.good())
        bench.insert("a")
        _ = await bench.news()
        bench.revocations.cardIsOut(["a"])
        #expect(bench.alarm.instant == nil)
        bench.pass(10 * Self.day)
        bench.revocations.review()
        #expect(await bench.news().isEmpty && bench.asked == 1)
        bench.insert("a")
        #expect(await bench.news() == ["a good"] && bench.asked == 2)
    }

    @Test func anAnswerThatIsOnItsWayIsForgottenWithItsCertificate() async {
        let bench = Bench()
        bench.insert("a", "b")
        #expect(await bench.news().isEmpty && bench.asked == 1)
        bench.revocations.cardIsOut(["a"])
        bench.say(Self.revoked())
        // The next one is asked about at once: nobody waits for the answer any more.
        bench.revocations.forget(["a"])
        #expect(await bench.news() == ["b revoked news"] && bench.asked == 2)
        #expect(bench.revocations.all.keys.sorted() == ["b"] && bench.log.isEmpty)
    }

    @Test func theCourierGetsTheCertificateAndLessTimeThanIsWaited() async {
        let bench = Bench(Self.good())
        bench.insert("a")
        _ = await bench.news()
        let request = CourierRequest.revocation(
            certificate: Array("a".utf8), issuer: nil, takesLists: false, timeout: 2800)
        #expect(bench.jobs.couriersAsked == [request])
    }

    @Test func aNewCardIsToldAsNotOpenedThenAsOpened() async {
        let bench = Bench(Self.held())
        bench.insert("a")
        #expect(await bench.news() == ["a suspended news"])
        #expect(bench.revocations["a"].isNotOpenedYet)
        bench.pass(Self.day)
        #expect(await bench.news() == ["a suspended"])
        bench.say(Self.good())
        bench.pass(Self.day)
        #expect(await bench.news() == ["a good news"])
        // From now on it is suspended.
        bench.say(Self.held())
        bench.pass(Self.day)
        #expect(await bench.news() == ["a suspended news"])
        #expect(!bench.revocations["a"].isNotOpenedYet)
    }

    @Test func aRevocationIsToldOnceAndForEver() async {
        let bench = Bench(Self.revoked())
        bench.insert("a")
        #expect(await bench.news() == ["a revoked news"])
        let known = bench.revocations["a"]
        #expect(known.since == Self.start - 7 && known.reason == .keyCompromise)
        #expect(bench.alarm.instant == nil)
        bench.say(Self.good(Self.start + 100))
        bench.pass(10 * Self.day)
        bench.insert("a")
        #expect(await bench.news().isEmpty && bench.asked == 1)
        bench.revocations.learn(Self.good(Self.start + 100), of: "a")
        #expect(bench.revocations["a"] == known)
    }

    @Test func aRestartNeitherAsksAgainNorForgetsWhatWas() async {
        let bench = Bench(Self.good())
        bench.insert("a")
        _ = await bench.news()
        bench.pass(3600)
        bench.restart()
        bench.insert("a")
        #expect(await bench.news().isEmpty && bench.asked == 1)
        #expect(bench.alarm.instant == Self.start + Self.day)
        bench.restart()
        bench.say(Self.held())
        bench.pass(Self.day)
        bench.insert("a")
        #expect(await bench.news() == ["a suspended news"])
        #expect(!bench.revocations["a"].isNotOpenedYet)
        bench.restart()
        bench.insert("a")
        #expect(await bench.news().isEmpty)
        #expect(bench.revocations["a"].state == .suspended && bench.revocations["a"].reason == .certificateHold)
    }

    @Test func withoutAnAnswerTheLastWordStaysAndIsAskedAgainWhenTheCardComesOrTheNextDay() async {
        let bench = Bench(Self.good())
        bench.insert("a")
        _ = await bench.news()
        let known = bench.revocations["a"]
        bench.say(RevocationAnswer(unreachable: "resolve"))
        bench.pass(Self.day)
        #expect(await bench.news().isEmpty && bench.asked == 2)
        #expect(bench.revocations["a"] == known)
        #expect(bench.log == ["eonayd: whether a certificate is good could not be asked: resolve, continuing\n"])
        // Once more when the network may have come, then the next day.
        #expect(bench.alarm.instant == Self.start + Self.day + 600)
        bench.pass(600)
        #expect(await bench.news().isEmpty && bench.asked == 3)
        #expect(bench.alarm.instant == Self.start + 2 * Self.day + 600)
        // Another look at the same card is no reason.
        bench.insert("a", isNew: false)
        #expect(await bench.news().isEmpty && bench.asked == 3)
        bench.say(Self.good())
        bench.insert("a")
        #expect(await bench.news() == ["a good"] && bench.asked == 4)
    }

    @Test func aResponderThatHangsIsKilledAndHoldsUpNobodyElse() async {
        let bench = Bench()
        bench.insert("a", "b")
        _ = await bench.news()
        #expect(bench.asked == 1)
        bench.say(Self.good())
        bench.scheduler.advance(by: .seconds(3))
        #expect(await bench.news() == ["b good"])
        #expect(bench.jobs.killed == 1 && bench.asked == 2)
        #expect(bench.revocations["a"] == KnownRevocation())
        #expect(bench.alarm.instant == Self.start + 600)
    }

    @Test func anAnswerFromBeforeTheLastOneIsNotBelieved() async {
        let bench = Bench(Self.held(Self.start))
        bench.insert("a")
        _ = await bench.news()
        bench.say(Self.good(Self.start - 1))
        bench.pass(Self.day)
        #expect(await bench.news().isEmpty)
        #expect(bench.revocations["a"].state == .suspended)
        #expect(bench.log.count == 1)
    }

    @Test func whoDoesNotKnowItDoesNotTakeBackWhatWasSaid() async {
        let bench = Bench(RevocationAnswer(.unknown, thisUpdate: Self.start))
        bench.insert("a")
        #expect(await bench.news() == ["a unknown"])
        #expect(bench.revocations["a"].askedAt == Self.start)
        bench.say(Self.good())
        bench.pass(Self.day)
        #expect(await bench.news() == ["a good"])
        bench.say(RevocationAnswer(.unknown, thisUpdate: Self.start + 1))
        bench.pass(Self.day)
        #expect(await bench.news().isEmpty)
        #expect(bench.revocations["a"].state == .good)
    }

    @Test func turnedOffNobodyIsAskedAndAQuestionUnderWayIsEnded() async {
        let bench = Bench()
        bench.insert("a")
        _ = await bench.news()
        bench.revocations.use(.init(areAsked: false))
        #expect(bench.jobs.killed == 1 && bench.alarm.instant == nil)
        bench.say(Self.good())
        bench.insert("a", "b")
        bench.pass(2 * Self.day)
        bench.revocations.review()
        #expect(await bench.news().isEmpty && bench.asked == 1)
        bench.revocations.use(.init(areAsked: true, deadline: .seconds(30)))
        #expect(await bench.news() == ["a good", "b good"])
        #expect(
            bench.jobs.couriersAsked.last.map { if case .revocation(_, _, _, 28_000) = $0 { true } else { false } }
                == true)
    }

    @Test func whereItMustNotBeAskedItIsNot() async {
        let bench = Bench(Self.good())
        bench.mayAsk = false
        bench.insert("a")
        #expect(await bench.news().isEmpty && bench.asked == 0 && bench.alarm.instant == nil)
        bench.mayAsk = true
        bench.revocations.review()
        #expect(await bench.news() == ["a good"])
    }

    @Test func anApprovalsAnswerCountsForTheDayAndIsNoNews() async {
        let bench = Bench(Self.good())
        bench.revocations.learn(Self.held(), of: "a")
        bench.revocations.learn(RevocationAnswer(unreachable: "timeout"), of: "b")
        bench.insert("a")
        #expect(await bench.news() == ["a suspended"])
        #expect(bench.asked == 0)
    }

    @Test func aClockThatWasSetBackIsNoReasonToWait() async {
        let bench = Bench(Self.good())
        bench.insert("a")
        _ = await bench.news()
        bench.alarm.set(now: Self.start - 100 * Self.day)
        bench.revocations.review()
        #expect(await bench.news() == ["a good"] && bench.asked == 2)
    }

    @Test func jobsThatCannotBeStartedAreNoAnswer() async {
        let bench = Bench(Self.good())
        bench.jobs.fail(JobError(.exhausted, "fake"))
        bench.insert("a")
        #expect(await bench.news().isEmpty)
        #expect(bench.revocations["a"].state == .unknown && bench.alarm.instant == Self.start + 600)
    }

    @Test func theEndKillsAQuestionUnderWay() async {
        let bench = Bench()
        bench.insert("a")
        _ = await bench.news()
        bench.revocations.end()
        #expect(bench.jobs.killed == 1 && bench.alarm.instant == nil)
        bench.insert("b")
        #expect(await bench.news().isEmpty && bench.asked == 1)
    }

    @Test func oneAlarmRingsAtTheSoonestOfSeveralInstants() {
        let alarm = FakeAlarm(Self.start)
        let shared = SharedAlarm(alarm)
        let (one, other) = (shared.part(), shared.part())
        #expect(one.now() == Self.start)
        one.set(50)
        other.set(40)
        #expect(alarm.instant == 40)
        other.set(60)
        #expect(alarm.instant == 50)
        one.stop()
        #expect(alarm.instant == 60)
        other.set(nil)
        #expect(alarm.instant == nil)
    }
}
