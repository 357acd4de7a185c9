// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Cards
import EOnayCore
import JobFrames
import Jobs
import ManualTime
import Store
import Testing
import Texts

@testable import DesktopService

/// The approvals, with jobs, callers and a card that the test plays.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct ApprovalsTests {
    @ServiceLoop
    private final class Bench {
        let scheduler = ManualScheduler()
        let clock = ManualClock(1_800_000_000)
        let jobs = FakeJobs()
        let callers = FakeCallers()
        let approvals: Approvals
        var situation = CardSituation()
        /// Whether what is to be written can be.
        var diskTakes = true
        private(set) var changes: [String] = []
        private(set) var ends: [ApprovalEnd] = []

        init(confines: Bool = true) throws {
            var configuration = DesktopConfiguration()
            configuration.confinesModules = confines
            configuration.portals = [
                ConfiguredPortal(name: "deneme", origin: try Origin("https://portal.example.org"))
            ]
            let settings = (configuration, Texts(.turkish))
            final class Box { weak var bench: Bench? }
            let box = Box()
            approvals = Approvals(
                ApprovalSurroundings(
                    scheduler: scheduler, clock: clock, jobs: jobs, callers: callers, patience: ApprovalPatience(),
                    log: Log { _ in }, settings: { settings }, card: { _ in box.bench?.situation ?? CardSituation() }))
            box.bench = self
            approvals.report = { [weak self] in self?.took($0) }
            insert()
        }

        func insert(_ pinState: PINState = .ok, responders: [String] = []) {
            var token = CardToken(number: 1, reader: "Deneme 00 00", insertion: 1, atr: [0x3B])
            (token.description, token.module) = (.holding("a", pinState: pinState), "/fake.so")
            token.description?.certificates[0].ocsp = responders
            situation.card = CardSituation.Card(
                facts: ApprovalFacts(
                    validity: Validity(notBefore: 1_700_000_000, notAfter: 1_900_000_000), hindrances: [],
                    pinState: pinState),
                token: token, rivals: [])
        }

        private func took(_ change: ApprovalChange) {
            switch change {
            case .began: changes.append("began")
            case .changed(let view, _): changes.append(view.status.state.rawValue)
            case .waits: changes.append("waits")
            case .ended(_, let end):
                changes.append("ended \(end.outcome.result.rawValue) \(end.outcome.failure?.error.rawValue ?? "")")
                ends.append(end)
            case .forgotten: changes.append("forgotten")
            case .write(let number, let write):
                changes.append("write \(write.what)")
                // As the journal does: later.
                let isStored = diskTakes
                scheduler.task { [approvals] in approvals.wrote(write, of: number, isStored: isStored) }
            case .revocationAnswered(let answer, let certificate):
                changes.append("responder \(certificate) \(answer.state.rawValue)")
            case .pinAccepted: changes.append("pin")
            case .pinWrong(let state, _, let number, let event):
                changes.append("wrong pin \(state.rawValue)")
                approvals.handle(event, of: number)
            }
        }

        func begin(
            _ kind: ApprovalRequest.Kind = .approve(.accept), token: String? = nil, asking: Bool = false,
            wait: UInt32 = 0, number: Int64 = 1
        ) throws {
            var options = ApprovalOptions()
            (options.handleToken, options.isInteractive, options.wait) = (token, asking, wait)
            let call = ApprovalCall(kind: kind, certificate: "a", options: options, fingerprint: [1], caller: ":1.7")
            guard try approvals.repeated(call) == nil else { return }
            try approvals.requirePrompt(for: call)
            try approvals.requireRoom(for: "a")
            _ = approvals.begin(
                call,
                ApprovalRequest(
                    kind: kind, certificate: "a", portal: try Origin("https://portal.example.org"), wait: wait),
                number: number, identityKey: [1])
        }

        /// The reports since the last call.
        func news() async -> [String] {
            await scheduler.settle()
            defer { changes = [] }
            return changes
        }
    }

    @Test(arguments: [
        (ApprovalRequest.Kind.approve(.accept), "recorded", "EO-1"), (.approve(.decline), "recorded", "EO-1"),
        (.renew, "recorded", "EO-2"), (.signCode(FakeJobs.loginCode), "signed", ""),
    ])
    func oneThatNothingGoesWrongWithIsGiven(
        _ kind: ApprovalRequest.Kind, _ result: String, _ reference: String
    ) async throws {
        let bench = try Bench()
        bench.jobs.playAll(.holding("a"))
        try bench.begin(kind, asking: true)
        var news: [String] = []
        while bench.ends.isEmpty { news += await bench.news() }
        news += await bench.news()
        #expect(news.contains("pin") && news.contains("ended \(result) "))
        #expect(bench.ends.first?.outcome.reference == reference)
        #expect(bench.approvals[1]?.signatures.isEmpty == false)
    }

    @Test(arguments: [true, false])
    func theModuleIsConfinedUnlessTheConfigurationFreesIt(confines: Bool) async throws {
        let bench = try Bench(confines: confines)
        bench.jobs.playAll(.holding("a"))
        try bench.begin()
        while bench.ends.isEmpty { _ = await bench.news() }
        let asked = bench.jobs.asked.compactMap { if case .prepare(let request) = $0 { request.confines } else { nil } }
        #expect(asked == [confines])
    }

    @Test(arguments: [
        (RevocationAnswer(.good, thisUpdate: 1), "ended recorded "),
        (RevocationAnswer(unreachable: "timeout"), "ended recorded "),
        (RevocationAnswer(.unknown, thisUpdate: 1), "ended recorded "),
        (RevocationAnswer(.revoked, thisUpdate: 1), "ended failed CertificateRevoked"),
        (RevocationAnswer(.suspended, thisUpdate: 1), "ended failed CertificateSuspended"),
    ])
    func theResponderIsAskedBeforeThePIN(_ status: RevocationAnswer, _ last: String) async throws {
        let bench = try Bench()
        bench.insert(responders: ["http://responder.example.org"])
        bench.jobs.playAll(.holding("a"), revocation: status)
        try bench.begin()
        var news: [String] = []
        while bench.ends.isEmpty { news += await bench.news() }
        #expect(news.contains(last))
        #expect(news.contains("responder a \(status.state.rawValue)"))
        let wasAsked = bench.jobs.couriersAsked.contains { if case .revocation = $0 { true } else { false } }
        #expect(wasAsked)
    }

    @Test func aResponderThatHangsHoldsNobodyUp() async throws {
        let bench = try Bench()
        bench.insert(responders: ["http://responder.example.org"])
        bench.jobs.playAll(.holding("a"))
        bench.jobs.hangRevocation()
        try bench.begin()
        _ = await bench.news()
        #expect(bench.ends.isEmpty)
        bench.scheduler.advance(by: ApprovalPatience().revocation)
        while bench.ends.isEmpty { _ = await bench.news() }
        #expect(bench.ends.first?.outcome.result == .recorded)
    }

    @Test(arguments: [
        (JobError.Code.deadline, "ended failed PortalUnreachable"), (.exhausted, "ended failed LimitExceeded"),
    ])
    func jobsThatCannotBeStartedEndIt(_ code: JobError.Code, _ last: String) async throws {
        let bench = try Bench()
        bench.jobs.fail(JobError(code, "fake"))
        try bench.begin()
        var news: [String] = []
        while bench.ends.isEmpty { news += await bench.news() }
        #expect(news.last?.hasPrefix("ended failed") == true)
        if code == .exhausted { #expect(news.last == last) }
    }

    @Test func aPortalsRefusalAndAnAnswerToAnotherQuestionEndIt() async throws {
        for (reply, error) in [
            (CourierReply.failed(JobFailure(.portalUnreachable, "connect")), "PortalUnreachable"),
            (.ended, "Internal"), (.filed(reference: "\u{1}"), "PortalUntrusted"),
        ] {
            let bench = try Bench()
            bench.jobs.playAll(.holding("a"))
            bench.jobs.answer { (request: CourierRequest) in
                if case .open = request { [.opened] } else { [reply] }
            }
            try bench.begin()
            for _ in 0..<20 where bench.ends.isEmpty { _ = await bench.news() }
            #expect(bench.ends.first?.outcome.failure?.error.rawValue == error)
        }
    }

    @Test func aModulesWordAboutARemovalIsDoubted() async throws {
        let bench = try Bench()
        bench.jobs.answer { (_: TokenRequest) in [.failed(JobFailure(.tokenRemoved, "CKR_DEVICE_REMOVED"))] }
        try bench.begin()
        _ = await bench.news()
        #expect(bench.ends.isEmpty)
        bench.scheduler.advance(by: Cards.removalPatience)
        #expect(await bench.news().last == "ended failed TokenFailed")
    }

    @Test func withoutItsCardItEndsAtOnce() async throws {
        let bench = try Bench()
        bench.situation = CardSituation(absence: .noReader)
        try bench.begin()
        #expect(
            await bench.news() == [
                "began", "write an approval", "write the end of an approval", "ended failed NoReader",
            ])
        #expect(bench.approvals[1]?.status.state == .failed)
        #expect(bench.approvals[1]?.end == bench.ends.first && bench.approvals.history.count == 1)
    }

    @Test func aCardThatIsBeingReadIsWaitedFor() async throws {
        let bench = try Bench()
        bench.situation = CardSituation(isReading: true)
        try bench.begin()
        #expect(await bench.news() == ["began", "write an approval"])
        bench.situation = CardSituation(absence: .tokenBusy)
        bench.approvals.cardsChanged()
        #expect(await bench.news().last == "ended failed TokenBusy")
    }

    @Test func aCardIsWaitedForAsLongAsTheCallerSays() async throws {
        let bench = try Bench()
        bench.situation = CardSituation()
        try bench.begin(wait: 60)
        #expect(await bench.news() == ["began", "write an approval", "waiting-for-token"])
        bench.approvals.cardsChanged()
        #expect(await bench.news() == ["waits"])
        bench.scheduler.advance(by: .seconds(60))
        #expect(await bench.news().last == "ended failed NoToken")
    }

    @Test func whatCouldNotBeWrittenDownAsksNobody() async throws {
        let bench = try Bench()
        bench.diskTakes = false
        try bench.begin()
        #expect(await bench.news().last == "ended failed StoreFailed")
        #expect(bench.jobs.asked.isEmpty && bench.jobs.couriersAsked.isEmpty)
    }

    @Test func aRepeatedCallFindsTheFirstAndAnotherOneIsRefused() async throws {
        let bench = try Bench()
        try bench.begin(token: "mine")
        try bench.begin(token: "mine", number: 2)
        #expect(bench.approvals[2] == nil)
        let other = ApprovalCall(
            kind: .renew, certificate: "a",
            options: {
                var options = ApprovalOptions()
                options.handleToken = "mine"
                return options
            }(), fingerprint: [2], caller: ":1.7")
        #expect(throws: ServiceError(.invalidArgument, detail: "option handle-token")) {
            try bench.approvals.repeated(other)
        }
    }

    @Test func twoApprovalsDoNotFightOverOneCard() async throws {
        let bench = try Bench()
        try bench.begin()
        #expect(throws: ServiceError(.tokenBusy, detail: ApprovalFailure.anotherApproval)) {
            try bench.begin(number: 2)
        }
    }

    @Test func oneThatIsCancelledEndsItsJobs() async throws {
        let bench = try Bench()
        try bench.begin()
        _ = await bench.news()
        #expect(bench.approvals.isDeciding("a", of: []) && !bench.approvals.isRenewing("a"))
        bench.approvals.cancel(named: bench.approvals[1]?.name ?? "")
        #expect(await bench.news().last == "ended cancelled Cancelled")
        #expect(bench.jobs.killed >= 1)
        #expect(!bench.approvals.isDeciding("a", of: []))
        // A later event reaches nobody.
        bench.approvals.handle(.stored, of: 1)
        #expect(await bench.news().isEmpty)
    }

    @Test func aPulledCardEndsIt() async throws {
        let bench = try Bench()
        try bench.begin()
        _ = await bench.news()
        bench.approvals.cardWasRemoved(with: ["a"])
        #expect(await bench.news().last == "ended failed TokenRemoved")
    }

    @Test func aWrongPINIsReportedBeforeItsEnd() async throws {
        let bench = try Bench()
        bench.jobs.answer { (_: TokenRequest) in [.failed(JobFailure(.pinIncorrect, pinState: .finalTry))] }
        try bench.begin()
        let news = await bench.news()
        #expect(news.contains("wrong pin final-try") && news.last == "ended failed PinIncorrect")
    }

    @Test func aVagueModuleIsTriedOnceMore() async throws {
        let bench = try Bench()
        bench.jobs.answer { (_: TokenRequest) in [.failed(JobFailure(.tokenFailed, "CKR", module: .vague))] }
        try bench.begin()
        #expect(await bench.news().last == "ended failed TokenFailed")
        #expect(bench.jobs.asked.count == 2)
    }

    @Test func aClosedPromptDefersTheNextOne() async throws {
        let bench = try Bench()
        bench.jobs.answer { (_: TokenRequest) in [.failed(JobFailure(.pinCancelled))] }
        try bench.begin(asking: true)
        #expect(await bench.news().last == "ended failed PinCancelled")
        #expect(throws: ServiceError(.promptDeferred, detail: "1")) { try bench.begin(asking: true, number: 2) }
        bench.scheduler.advance(by: .seconds(1))
        try bench.begin(asking: true, number: 2)
        #expect(bench.approvals[2] != nil)
    }

    @Test func anEndedOneIsForgottenAfterTenMinutes() async throws {
        let bench = try Bench()
        bench.situation = CardSituation()
        try bench.begin(token: "mine")
        _ = await bench.news()
        bench.clock.advance(by: Approvals.afterlife)
        bench.scheduler.advance(by: .seconds(Approvals.afterlife))
        #expect(await bench.news() == ["forgotten"])
        #expect(bench.approvals[1] == nil && bench.approvals.history.count == 1)
        // Its token names it for a day.
        #expect(throws: ServiceError.self) { try bench.begin(token: "mine", number: 2) }
    }

    @Test func atTheServicesEndWhatRunsIsCancelled() async throws {
        let bench = try Bench()
        try bench.begin()
        _ = await bench.news()
        bench.approvals.end()
        #expect(await bench.news().last == "ended cancelled Cancelled")
    }

    @Test func oneThatWasCutShortHasFailed() async throws {
        let bench = try Bench()
        let record = StoredApproval(
            number: 5, kind: .approve, handleToken: "old", fingerprint: [1], certificate: "a", identityKey: [1],
            portal: "https://portal.example.org", startedAt: 1_799_999_990, decision: "accept", state: "signing",
            step: 1, steps: 2)
        bench.approvals.recall(RecalledApprovals(approvals: [(record, [])], handleTokens: ["old": 5]))
        #expect(await bench.news() == ["write that an approval was cut short", "began"])
        #expect(bench.approvals[5]?.end?.outcome == .interrupted)
        #expect(bench.approvals[5]?.status.state == .failed && bench.approvals.history.first?.result == "failed")
    }

    @Test func whatWasSubmittedIsAskedForAgain() async throws {
        let bench = try Bench()
        let record = StoredApproval(
            number: 5, kind: .signCode, code: "638856212993845", handleToken: nil, fingerprint: [], certificate: "a",
            identityKey: [1], portal: "https://portal.example.org", startedAt: 1_799_999_990, decision: "",
            state: "submitting", isSubmitted: true)
        let signature = StoredSignature(step: "login", code: "638856212993845", cms: [1], signedAt: 1_799_999_995)
        bench.approvals.recall(RecalledApprovals(approvals: [(record, [signature])]))
        _ = await bench.news()
        bench.approvals.resume()
        _ = await bench.news()
        #expect(bench.approvals[5]?.status.state == .submitting && !bench.jobs.couriersAsked.isEmpty)
        bench.approvals.end()
        // Its jobs end, and it is asked for at the next start.
        #expect(bench.approvals[5]?.end == nil)
    }

    @Test func anEndIsTheSameAfterItWasKept() {
        let outcome = ApprovalOutcome(
            .failed, failure: ApprovalFailure(.noToken, detail: "x"), reference: "r", number: "1")
        let end = ApprovalEnd(at: 7, outcome: outcome, message: "m")
        #expect(ApprovalEnd(end.stored) == end)
        #expect(end.error == "org.eonay.EOnay1.Error.NoToken" && end.errorDetail == "x")
    }
}

/// Callers of whom nothing is known but that they are there.
final class FakeCallers: Callers {
    private struct Nothing: Cancellable { func cancel() {} }

    let lentDescriptors = 0

    func process(of connection: String, _ completion: @escaping (Int32?) -> Void) { completion(nil) }

    func watch(_ connection: String, left handler: @escaping () -> Void) -> any Cancellable { Nothing() }

    func sessionDisplay() async -> SessionDisplay { SessionDisplay() }
}
