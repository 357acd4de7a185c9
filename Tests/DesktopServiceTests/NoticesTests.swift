// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames
import Notifications
import Synchronization
import Testing
import Texts

@testable import DesktopService

/// The notices, before a presenter that the test plays.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct NoticesTests {
    @ServiceLoop
    private final class Bench {
        let scheduler = ManualScheduler()
        let presenter = FakePresenter()
        var areEnabled = true
        private(set) var changes: [String] = []
        private(set) lazy var notices = Notices(
            presenter, settings: { [unowned self] in (Texts(.turkish), areEnabled) }, scheduler: scheduler,
            log: Log { _ in })

        init() {
            notices.report = { [unowned self] in took($0) }
            notices.start()
        }

        private func took(_ change: NoticeChange) {
            switch change {
            case .shown(let isReminder): changes.append(isReminder ? "reminder shown" : "shown")
            case .closed(let isReminder): changes.append(isReminder ? "reminder closed" : "closed")
            case .unavailable: changes.append("away")
            case .pressed(let action): changes.append("pressed \(action.id)")
            }
        }

        /// The reports since the last call.
        func news() async -> [String] {
            await scheduler.settle()
            defer { changes = [] }
            return changes
        }
    }

    private let subject = NoticeTexts.Subject(
        id: "a", holder: "Şükrü İğdırlı", notAfter: 1_800_000_000, notBefore: 1_700_000_000, daysLeft: 5,
        phase: .renewalDue, hindrances: [])

    @Test func aReminderIsShownRefreshedAndWithdrawn() async {
        let bench = Bench()
        bench.notices.showReminder([subject], offers: .init(approve: "a"))
        #expect(bench.presenter.shown.map(\.key) == ["reminder"])
        // Nothing else is offered than before.
        bench.notices.refreshReminder([subject], offers: .init(approve: "a"))
        #expect(bench.presenter.shown.count == 1)
        bench.notices.refreshReminder([subject], offers: .init())
        #expect(bench.presenter.shown.count == 2)
        bench.notices.showReminder([], offers: .init())
        #expect(bench.presenter.withdrawn == ["reminder"])
    }

    @Test func whatBecomesOfThemIsReported() async {
        let bench = Bench()
        bench.notices.showReminder([subject], offers: .init(approve: "a"))
        for event: NotificationEvent in [
            .shown(key: "reminder"), .shown(key: "refusal"), .closed(key: "reminder", reason: .dismissed),
            .closed(key: "refusal", reason: .dismissed), .unavailable("nobody"), .withoutActions,
            .action(key: "reminder", id: "approve:a"), .action(key: "reminder", id: "nothing"),
        ] {
            bench.presenter.tell(event)
        }
        #expect(
            await bench.news() == ["reminder shown", "shown", "reminder closed", "closed", "away", "pressed approve:a"])
    }

    @Test func aPersonWhoTurnedThemOffSeesNoneAndAllCountAsShown() async {
        let bench = Bench()
        bench.areEnabled = false
        bench.notices.prepare()
        bench.notices.showReminder([subject], offers: .init())
        #expect(await bench.news() == ["reminder shown"])
        #expect(bench.presenter.shown.isEmpty)
    }

    @Test func turnedOffTheyGoFromTheScreen() async {
        let bench = Bench()
        bench.notices.showRefusal(.noToken)
        bench.notices.showReminder([subject], offers: .init())
        bench.notices.takeAllAway()
        #expect(bench.presenter.withdrawn == ["refusal", "reminder"])
        bench.notices.withdrawRefusal()
        #expect(bench.presenter.withdrawn.count == 2)
    }

    @Test func aCardIsShownAndItsTroubleToo() async {
        let bench = Bench()
        var token = CardToken(number: 1, reader: "Deneme 00 00", insertion: 1, atr: [])
        bench.notices.showTrouble(token)
        #expect(bench.presenter.shown.isEmpty)
        token.error = .tokenBusy
        bench.notices.showTrouble(token)
        bench.notices.showCard(token, [subject])
        #expect(Set(bench.presenter.shown.map(\.key)) == ["card:Deneme 00 00"] && bench.presenter.shown.count == 2)
        bench.notices.withdrawCard(token)
        #expect(bench.presenter.withdrawn == ["card:Deneme 00 00"])
    }

    @Test func anApprovalsResultTakesThePlaceOfItsProgress() async {
        let bench = Bench()
        let approval = NoticeTexts.ApprovalSubject(
            name: "7", holder: "", decision: "accept", portal: "https://portal.example.org", state: "signing", step: 1,
            steps: 2, deadline: 0)
        bench.notices.showProgress(approval)
        bench.notices.showResult(
            approval, ApprovalEnd(at: 0, outcome: ApprovalOutcome(.recorded, reference: "17"), message: ""))
        #expect(bench.presenter.shown.map(\.key) == ["approval:7", "approval:7"])
        // The person who cancelled it knows it.
        bench.notices.showResult(approval, ApprovalEnd(at: 0, outcome: ApprovalOutcome(.cancelled), message: ""))
        #expect(bench.presenter.withdrawn == ["approval:7"])
        bench.notices.showStanding(holder: "", portal: "", decision: "accept", reference: "17")
        #expect(bench.presenter.shown.last?.key == "refusal")
    }
}

/// A presenter that remembers what it was given.
final class FakePresenter: NotificationPresenter {
    let events: AsyncStream<NotificationEvent>
    private let continuation: AsyncStream<NotificationEvent>.Continuation
    private let state = Mutex<(shown: [NotificationContent], withdrawn: [String])>(([], []))

    init() { (events, continuation) = AsyncStream.makeStream() }

    var shown: [NotificationContent] { state.withLock { $0.shown } }
    var withdrawn: [String] { state.withLock { $0.withdrawn } }

    func tell(_ event: NotificationEvent) { continuation.yield(event) }
    func prepare() {}
    func show(_ content: NotificationContent) { state.withLock { $0.shown.append(content) } }
    func withdraw(_ key: String) { state.withLock { $0.withdrawn.append(key) } }
}
