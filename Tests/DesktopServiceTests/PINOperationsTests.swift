// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Cards
import EOnayCore
import JobFrames
import Jobs
import ManualTime
import Testing
import Texts

@testable import DesktopService

/// The PIN operations, with jobs, callers and a card that the test plays.
@ServiceLoop
@Suite(.timeLimit(.minutes(1)))
struct PINOperationsTests {
    @ServiceLoop
    private final class Bench {
        let scheduler = ManualScheduler()
        let clock = ManualClock(1_800_000_000)
        let jobs = FakeJobs()
        let operations: PINOperations
        /// How long the program has to wait, in seconds.
        var wait: Int64?
        private(set) var news: [String] = []
        private(set) var ends: [PINOperationEnd] = []

        init() {
            var token = CardToken(number: 7, reader: "Deneme 00 00", insertion: 1, atr: [0x3B])
            (token.description, token.module) = (.holding("a", "b"), "/fake.so")
            let card = CardSituation.Card(
                facts: ApprovalFacts(
                    validity: Validity(notBefore: 1_700_000_000, notAfter: 1_900_000_000), hindrances: [],
                    pinState: .ok),
                token: token, rivals: [])
            final class Box { weak var bench: Bench? }
            let box = Box()
            operations = PINOperations(
                ApprovalSurroundings(
                    scheduler: scheduler, clock: clock, jobs: jobs, callers: FakeCallers(),
                    patience: ApprovalPatience(), log: Log { _ in },
                    settings: { (DesktopConfiguration(), Texts(.turkish)) },
                    card: { ["a", "b"].contains($0) ? CardSituation(card: card) : CardSituation() }),
                secondsToWait: { _ in box.bench?.wait })
            box.bench = self
            operations.report = { [weak self] in self?.took($0) }
            jobs.playAll(.holding("a", "b"))
        }

        private func took(_ change: PINOperationChange) {
            switch change {
            case .began(let view): news.append("began \(view.path.text.split(separator: "/").last ?? "")")
            case .changed(let view): news.append(view.state.rawValue)
            case .ended(_, let end):
                news.append("ended \(end.result) \(end.failure?.error.rawValue ?? "")")
                ends.append(end)
            case .forgotten(let view): news.append("forgotten \(view.number)")
            case .pinAccepted(let certificate): news.append("accepted \(certificate)")
            case .pinWrong(let state, _): news.append("wrong \(state.rawValue)")
            case .prompt(_, let wasClosed): news.append(wasClosed ? "closed" : "answered")
            }
        }

        @discardableResult
        func begin(_ task: PINTask = .change, asking: Bool = true, finalTry: Bool = false) throws -> String {
            var options = ApprovalOptions()
            (options.isInteractive, options.finalTry) = (asking, finalTry)
            return try operations.begin(
                PINCall(task: task, card: "a", options: options, caller: ":1.7"), certificate: "a"
            ).text
        }

        /// The reports since the last call.
        func settled() async -> [String] {
            await scheduler.settle()
            defer { news = [] }
            return news
        }

        /// What jobs were asked for besides.
        var requests: [PINRequest] {
            jobs.asked.compactMap { if case .preparePIN(let request) = $0 { request } else { nil } }
        }
    }

    @Test(arguments: PINTask.allCases)
    func oneThatNothingGoesWrongWithSetsTheNewPIN(_ task: PINTask) async throws {
        let bench = Bench()
        #expect(try bench.begin(task) == "/org/eonay/EOnay1/pin/1")
        #expect(
            await bench.settled() == [
                "began 1", "waiting-for-pin", "setting", "accepted a", "answered", "ended changed ",
            ])
        #expect(bench.operations[1]?.state == .done)
        #expect(!bench.operations.uses(7))
        #expect(bench.requests.map(\.task) == [task])
        #expect(bench.requests.first?.certificateId == "a" && bench.requests.first?.module == "/fake.so")
    }

    @Test func aCardHasOneAtATime() async throws {
        let bench = Bench()
        bench.jobs.answer { (_: TokenRequest) in [] }
        try bench.begin()
        #expect(bench.operations.uses(7))
        #expect(throws: ServiceError(.tokenBusy, detail: "pin-operation")) { try bench.begin(.unblock) }
        #expect(throws: ServiceError(.noToken)) {
            _ = try bench.operations.begin(
                PINCall(task: .change, card: "c", options: ApprovalOptions(), caller: ":1.7"), certificate: "c")
        }
        _ = await bench.settled()
        bench.operations.cardWasRemoved(8)
        #expect(bench.operations.uses(7))
        bench.operations.cardWasRemoved(7)
        #expect(await bench.settled() == ["ended failed TokenRemoved"])
        #expect(bench.jobs.killed == 1)
        try bench.begin()
    }

    @Test(arguments: [
        (JobFailure(.pinIncorrect, "CKR_PIN_INCORRECT C_Login", pinState: .countLow), "wrong count-low"),
        (JobFailure(.pinLocked, pinState: .locked), "wrong locked"),
        (JobFailure(.pinInvalid, "new CKR_DATA_INVALID C_SetPIN", pinState: .ok), "accepted a"),
        (JobFailure(.pinMismatch), nil), (JobFailure(.notSupported, "CKR_FUNCTION_NOT_SUPPORTED C_SetPIN"), nil),
    ])
    func aFailureIsToldWithWhatIsKnownOfThePIN(_ failure: JobFailure, _ told: String?) async throws {
        let bench = Bench()
        bench.jobs.answer { (request: TokenRequest) in
            if case .preparePIN = request { [.pinPrepared] } else { [.failed(failure)] }
        }
        try bench.begin()
        let end = "ended failed \(failure.name.rawValue)"
        #expect(await bench.settled() == ["began 1"] + [told].compactMap(\.self) + [end])
        #expect(bench.ends.first?.failure?.detail.hasPrefix(failure.detail) == true)
        #expect(bench.ends.first?.message.isEmpty == false)
    }

    @Test func aSecondWrongPUKMakesTheNextTheLast() async throws {
        let bench = Bench()
        bench.jobs.answer { (request: TokenRequest) in
            if case .preparePIN = request {
                [.pinPrepared]
            } else {
                [.failed(JobFailure(.pukIncorrect, pinState: .countLow))]
            }
        }
        for _ in 1...3 {
            try bench.begin(.unblock)
            #expect(await bench.settled().last == "ended failed PukIncorrect")
        }
        #expect(bench.requests.map(\.seenPUKState) == [.unknown, .countLow, .finalTry])
        // The PIN is another thing.
        #expect(bench.requests.map(\.seenPINState) == [.unknown, .unknown, .unknown])
        bench.jobs.playAll(.holding("a", "b"))
        try bench.begin(.unblock, finalTry: true)
        _ = await bench.settled()
        try bench.begin(.unblock)
        #expect(bench.requests.last?.seenPUKState == .unknown || bench.requests.count == 4)
        _ = await bench.settled()
        #expect(bench.requests.last?.seenPUKState == .unknown)
    }

    @Test func cancellingEndsAPromptAndNotACardThatIsAsked() async throws {
        let bench = Bench()
        bench.jobs.answer { (request: TokenRequest) in
            if case .preparePIN = request { [.pinPrepared] } else { [.progress(.waitingForPIN)] }
        }
        try bench.begin()
        _ = await bench.settled()
        bench.operations.cancel(1)
        #expect(await bench.settled() == ["closed", "ended cancelled Cancelled"])
        bench.jobs.answer { (request: TokenRequest) in
            if case .preparePIN = request {
                [.pinPrepared]
            } else {
                [.progress(.waitingForPIN), .progress(.settingPIN)]
            }
        }
        try bench.begin()
        _ = await bench.settled()
        bench.operations.cancel(2)
        #expect(await bench.settled() == [])
        #expect(bench.operations[2]?.state == .setting)
        bench.operations.end()
        #expect(await bench.settled() == ["ended cancelled Cancelled"])
    }

    @Test func aProgramWhosePromptWasClosedWaits() async throws {
        let bench = Bench()
        bench.jobs.answer { (request: TokenRequest) in
            if case .preparePIN = request { [.pinPrepared] } else { [.failed(JobFailure(.pinCancelled))] }
        }
        try bench.begin()
        #expect(await bench.settled().suffix(2) == ["closed", "ended failed PinCancelled"])
        bench.wait = 2
        #expect(throws: ServiceError(.promptDeferred, detail: "2")) { try bench.begin() }
        // Nobody is asked where it comes from a descriptor, or not at all.
        try bench.begin(asking: false)
    }

    @Test func aJobThatHangsOrCannotBeStartedEndsIt() async throws {
        let bench = Bench()
        bench.jobs.answer { (_: TokenRequest) in [] }
        try bench.begin()
        _ = await bench.settled()
        bench.scheduler.advance(by: .seconds(DesktopConfiguration().listDeadline))
        #expect(await bench.settled() == ["ended failed TokenFailed"])
        bench.jobs.fail(JobError(.exhausted, "fake"))
        try bench.begin()
        #expect(await bench.settled() == ["began 2", "ended failed LimitExceeded"])
    }

    @Test func aModulesWordAboutARemovalIsDoubted() async throws {
        let bench = Bench()
        bench.jobs.answer { (_: TokenRequest) in [.failed(JobFailure(.tokenRemoved, "CKR_DEVICE_REMOVED C_SetPIN"))] }
        try bench.begin()
        _ = await bench.settled()
        #expect(bench.ends.isEmpty)
        bench.scheduler.advance(by: Cards.removalPatience)
        #expect(await bench.settled() == ["ended failed TokenFailed"])
    }

    @Test func anObjectStaysTenMinutesAndNotMoreThanTheLimit() async throws {
        let bench = Bench()
        for _ in 0...PINOperations.mostEnded {
            try bench.begin()
            _ = await bench.settled()
        }
        #expect(bench.operations[1] == nil && bench.operations[2] != nil)
        bench.clock.advance(by: PINOperations.afterlife)
        bench.scheduler.advance(by: .seconds(PINOperations.afterlife))
        _ = await bench.settled()
        #expect(bench.operations[UInt64(PINOperations.mostEnded)] == nil)
    }
}
