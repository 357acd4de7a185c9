// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

/// The machine of a renewal: its stages against every event, and what becomes of a lost answer.
@Suite(.timeLimit(.minutes(1)))
struct RenewalMachineTests {
    private typealias Table = ApprovalMachineTableTests
    private let start = Approvals.start
    private let request = Approvals.request(.renew)

    @Test func aRenewalTakesOneSignatureAndIsOnDiskBeforeItIsDone() {
        var machine = ApprovalMachine(request)
        var effects: [ApprovalEffect] = []
        for event in Approvals.renewalCourse { effects += machine.handle(event, at: start) }
        let order = SigningOrder.expected(.login, Approvals.loginCode, nil, shown: nil, step: 1, of: 1)
        let submission = PendingSubmission(
            purpose: .login, code: Approvals.loginCode, signature: [1], decision: nil, receivedAt: start)
        let outcome = ApprovalOutcome(.recorded, reference: "EO-3")
        #expect(
            effects == [
                .prepareToken, .openCourier, .ask(.session(Approvals.holder)), .armCodeTimer(seconds: 300),
                .sign(order), .closeToken, .keepSignature(.login, Approvals.loginCode, [1]),
                .ask(.submit(Approvals.loginCode, signature: [1])), .disarmCodeTimer, .ask(.confirm(number: "123456")),
                .ask(.newestApplication), .storeSubmission(submission), .ask(.apply), .storeOutcome(outcome),
                .closeCourier, .complete(outcome),
            ])
        #expect(machine.status.outcome == outcome)
        #expect(machine.status.decision == nil && machine.status.steps == 1)
    }

    // MARK: - Every stage and every event

    private static let stages: [(name: String, after: Int, extra: [ApprovalEvent])] = [
        ("new", 0, []), ("gathering", 1, []), ("openingSession", 2, []), ("signing", 3, []),
        ("submittingLogin", 6, []), ("confirming", 7, []), ("lookingBack", 8, []), ("storingSubmission", 9, []),
        ("applying", 10, []), ("applying again", 10, [.unanswered(Approvals.failure), .retryDue]),
        ("waitingToApply", 10, [.unanswered(Approvals.failure)]),
        ("lookingUp", 10, [.unanswered(Approvals.failure), .retryDue, .refused(.alreadyFiled)]),
        ("storingOutcome", 11, []), ("ended", 12, []),
    ]

    private static let needsAnswer = Table.turnsBack.merging([
        "courierLost": "ends failed Internal courier-ended",
        "courierHung": "ends failed PortalUnreachable courier-deadline",
        "courierExhausted": "ends failed LimitExceeded no-descriptor",
        "refused": "ends failed PortalRefused text-mismatch",
        "unanswered": "ends failed PortalUnreachable connect",
    ]) { $1 }

    private static let table: [String: [String: String]] = [
        "new": Table.turnsBack.merging([
            "begin": "checking: prepareToken openCourier", "begin without card": "ends failed NoReader",
            "refusedAtStart": "ends failed PromptDeferred 1", "tokenUnavailable": "ends failed TokenBusy",
            "storeFailed": "ends failed StoreFailed",
        ]) { $1 },
        "gathering": Table.needsAnswer.merging([
            "prepared": "checking: ask(session)", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "openingSession": Table.needsAnswer.merging([
            "login code": "checking: armCodeTimer sign",
            "consent code": "ends failed PortalUntrusted challenge-purpose",
        ]) { $1 },
        "signing": Table.needsJobs.merging([
            "promptShown": "waiting-for-pin:", "pinAccepted": "signing:",
            "signed": "submitting: closeToken keepSignature ask(submit)", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "submittingLogin": needsAnswer.merging([
            "signedIn": "submitting: disarmCodeTimer ask(confirm)",
            "recorded": "ends failed PortalUntrusted answer-result", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "confirming": needsAnswer.merging([
            "confirmed": "submitting: ask(newestApplication)",
            "not logged in": "ends failed PortalUntrusted session-state",
        ]) { $1 },
        "lookingBack": needsAnswer.merging([
            "an application": "submitting: storeSubmission", "no application": "submitting: storeSubmission",
        ]) { $1 },
        "storingSubmission": [
            "stored": "submitting: ask(apply)", "storeFailed": "ends failed StoreFailed",
            "courierLost": "submitting:",
            "courierHung": "submitting:", "courierExhausted": "submitting:",
        ],
        "applying": [
            "filed": "submitting: storeOutcome(recorded)", "refused": "submitting: storeOutcome(failed)",
            "unanswered": "submitting: retry(1)", "courierLost": "ends unknown Internal courier-ended",
            "courierHung": "ends unknown PortalUnreachable courier-deadline",
            "courierExhausted": "ends unknown LimitExceeded no-descriptor",
        ],
        "applying again": [
            "filed": "submitting: storeOutcome(recorded)", "refused": "submitting: ask(newestApplication)",
            "unanswered": "submitting: retry(2)", "courierLost": "ends unknown Internal courier-ended",
            "courierHung": "ends unknown PortalUnreachable courier-deadline",
            "courierExhausted": "ends unknown LimitExceeded no-descriptor",
        ],
        "waitingToApply": [
            "retryDue": "submitting: ask(apply)", "resume": "submitting: ask(apply)", "courierLost": "submitting:",
            "courierHung": "submitting:", "courierExhausted": "submitting:",
        ],
        "lookingUp": [
            "an application": "submitting: storeOutcome(recorded)",
            "no application": "submitting: storeOutcome(failed)",
            "refused": "ends unknown PortalRefused text-mismatch",
            "unanswered": "submitting: retry(2)", "courierLost": "ends unknown Internal courier-ended",
            "courierHung": "ends unknown PortalUnreachable courier-deadline",
            "courierExhausted": "ends unknown LimitExceeded no-descriptor",
        ],
        "storingOutcome": [
            "stored": "done: closeCourier complete(recorded)",
            "storeFailed": "failed: complete(unknown) retry(60)", "courierLost": "submitting:",
            "courierHung": "submitting:", "courierExhausted": "submitting:",
        ],
        "ended": [:],
    ]

    @Test(arguments: stages.map(\.name), Table.events.map(\.name))
    func eachStageMeetsEachEventAsTheTableSays(stage: String, event: String) throws {
        let stage = try #require(Self.stages.first { $0.name == stage })
        let happening = try #require(Table.events.first { $0.name == event }).event
        var machine = Approvals.machine(request, after: stage.after, of: Approvals.renewalCourse)
        for event in stage.extra { _ = machine.handle(event, at: start) }
        let before = machine.status
        let effects = machine.handle(happening, at: start)
        if let expected = Self.table[stage.name]?[event] {
            #expect(Table().summary(effects, of: machine) == expected)
        } else {
            #expect(effects.isEmpty)
            #expect(machine.status == before)
        }
    }

    @Test func theTableSpeaksOfThisMachine() {
        #expect(Set(Self.table.keys) == Set(Self.stages.map(\.name)))
        for row in Self.table.values { #expect(Set(row.keys).isSubset(of: Table.events.map(\.name))) }
    }

    // MARK: - Lost answers

    private func lost(then events: [ApprovalEvent]) -> ApprovalOutcome? {
        var machine = Approvals.machine(request, after: 10, of: Approvals.renewalCourse)
        for event in [.unanswered(Approvals.failure), .retryDue] + events { _ = machine.handle(event, at: start) }
        return machine.status.outcome
    }

    @Test func whatWasFiledBeforeItsAnswerWasLostIsRecorded() {
        let outcome = lost(then: [.refused(.alreadyFiled), .newestApplication(reference: "EO-3"), .stored])
        #expect(outcome == ApprovalOutcome(.recorded, reference: "EO-3"))
    }

    @Test(arguments: ["", "EO-2"], [ProblemName.tooEarly, .noConsent, .alreadyFiled])
    func aRefusalThatNothingNewStandsBehindIsARefusal(newest: String, problem: ProblemName) {
        let outcome = lost(then: [.refused(problem), .newestApplication(reference: newest), .stored])
        #expect(outcome == ApprovalOutcome(.failed, failure: ApprovalFailure(problem)))
    }

    @Test(arguments: [
        (ProblemName.noConsent, ErrorName.noConsent), (.tooEarly, .tooEarly), (.alreadyFiled, .alreadyFiled),
    ])
    func aFirstRefusalIsToldByItsName(problem: ProblemName, error: ErrorName) {
        var machine = Approvals.machine(request, after: 10, of: Approvals.renewalCourse)
        for event in [.refused(problem), ApprovalEvent.stored] { _ = machine.handle(event, at: start) }
        #expect(machine.status.outcome?.failure == ApprovalFailure(error, detail: problem.rawValue))
    }

    @Test func anEndedSessionCannotSayWhatWasFiled() {
        #expect(lost(then: [.refused(.notLoggedIn), .refused(.notLoggedIn)])?.result == .unknown)
    }

    @Test func aServiceThatComesBackHasNoSessionToAsk() {
        let submission = PendingSubmission(
            purpose: .login, code: Approvals.loginCode, signature: [1], decision: nil, receivedAt: start)
        var machine = ApprovalMachine(request, submitted: submission, reported: nil)
        let effects = machine.handle(.resume, at: start + 5)
        let outcome = ApprovalOutcome(.unknown, failure: ApprovalFailure(.internal, detail: "session-lost"))
        #expect(effects == [.storeOutcome(outcome), .complete(outcome)])
        #expect(machine.isSettled)
    }

    @Test func nothingIsFiledBySomebodyElsesSession() {
        var machine = Approvals.machine(request, after: 9, of: Approvals.renewalCourse)
        _ = machine.handle(.courierLost, at: start)
        _ = machine.handle(.stored, at: start)
        #expect(machine.status.outcome?.failure == ApprovalFailure(.internal, detail: "courier-ended"))
    }
}
