// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import EOnayCore

@Suite(.timeLimit(.minutes(1)))
struct ApprovalMachineTests {
    private let start = Approvals.start

    @Test func anEOnayTakesTwoSignaturesAndIsOnDiskBeforeItIsDone() {
        var machine = ApprovalMachine(Approvals.request())
        var effects: [ApprovalEffect] = []
        var states: [ApprovalStatus.State] = []
        for event in Approvals.course {
            effects += machine.handle(event, at: start)
            states.append(machine.status.state)
        }
        let first = SigningOrder.expected(.login, Approvals.loginCode, nil, step: 1, of: 2)
        let second = SigningOrder.expected(.consent, Approvals.consentCode, Approvals.declaration, step: 2, of: 2)
        let submission = PendingSubmission(
            purpose: .consent, code: Approvals.consentCode, signature: [2], decision: .accept, receivedAt: start)
        let outcome = ApprovalOutcome(.recorded, reference: "EO-1")
        #expect(
            effects == [
                .prepareToken, .openCourier, .ask(.statement), .ask(.session(Approvals.holder)),
                .armCodeTimer(seconds: 300), .sign(first), .keepSignature(.login, Approvals.loginCode, [1]),
                .ask(.submit(Approvals.loginCode, signature: [1])), .disarmCodeTimer, .ask(.confirm(number: "123456")),
                .ask(.decide(.accept, version: "2026-01")), .armCodeTimer(seconds: 300), .sign(second), .closeToken,
                .disarmCodeTimer, .storeSubmission(submission),
                .ask(.submit(Approvals.consentCode, signature: [2])), .storeOutcome(outcome), .closeCourier,
                .complete(outcome),
            ])
        #expect(
            states == [
                .checking, .checking, .checking, .checking, .waitingForPIN, .signing, .submitting, .submitting,
                .submitting, .submitting, .waitingForPIN, .signing, .submitting, .submitting, .submitting, .done,
            ])
        #expect(machine.status.step == 2 && machine.status.steps == 2)
        #expect(machine.status.decision == .accept)
    }

    @Test func aSignInByCodeTakesOneSignatureAndGivesTheNumber() {
        var machine = ApprovalMachine(Approvals.request(.signCode(Approvals.loginCode)))
        var effects: [ApprovalEffect] = []
        for event in Approvals.signCourse { effects += machine.handle(event, at: start) }
        let outcome = ApprovalOutcome(.signed, number: "123456")
        #expect(effects.contains(.ask(.code(Approvals.loginCode))))
        #expect(
            effects.contains(
                .sign(
                    SigningOrder.expected(.login, Approvals.loginCode, nil, shown: nil, step: 1, of: 1))))
        #expect(effects.suffix(3) == [.storeOutcome(outcome), .closeCourier, .complete(outcome)])
        #expect(machine.status.decision == nil)
    }

    @Test func aConsentByCodeShowsAndSignsWhatTheCodeSays() {
        let course: [ApprovalEvent] = [
            .begin(Approvals.facts), .prepared(Approvals.signer), .code(Approvals.consent), .signed([5]), .stored,
            .receipt(.recorded(reference: "EO-2")), .stored,
        ]
        var machine = ApprovalMachine(Approvals.request(.signCode(Approvals.consentCode)))
        var effects: [ApprovalEffect] = []
        for event in course { effects += machine.handle(event, at: start) }
        let order = SigningOrder.expected(.consent, Approvals.consentCode, Approvals.declaration, step: 1, of: 1)
        #expect(effects.contains(.sign(order)))
        #expect(machine.status.outcome == ApprovalOutcome(.recorded, reference: "EO-2"))
        #expect(machine.status.decision == .accept)
    }

    @Test func anotherCodeThanTheOneAskedAboutIsNotSigned() {
        var machine = Approvals.machine(Approvals.request(.signCode(Approvals.consentCode)), after: 1)
        _ = machine.handle(.code(Approvals.login), at: start)
        #expect(machine.status.outcome?.failure == ApprovalFailure(.portalUntrusted, detail: "challenge-code"))
    }

    @Test(arguments: [
        Approvals.offered(
            Approvals.consentCode, "consent", decision: "decline", version: "2026-01", statement: "KABUL."),
        Approvals.offered(
            Approvals.consentCode, "consent", decision: "accept", version: "2026-02", statement: "KABUL."),
        Approvals.offered(Approvals.consentCode, "consent", decision: "accept", version: "2026-01", statement: "KABUL"),
    ])
    func aConsentThatIsNotWhatWasShownIsNotSigned(code: OfferedCode) {
        var machine = Approvals.machine(after: 9)
        let effects = machine.handle(.code(code), at: start)
        #expect(machine.status.outcome?.failure == ApprovalFailure(.statementChanged))
        #expect(!effects.contains { if case .sign = $0 { true } else { false } })
    }

    @Test func aCodeThatHasNoTimeLeftHasLapsed() {
        for (count, code) in [
            (3, Approvals.offered(Approvals.loginCode, "login", seconds: 0)),
            (
                9,
                Approvals.offered(
                    Approvals.consentCode, "consent", decision: "accept", version: "2026-01", statement: "KABUL.",
                    seconds: 0)
            ),
        ] {
            var machine = Approvals.machine(after: count)
            _ = machine.handle(.code(code), at: start)
            #expect(machine.status.outcome?.failure == ApprovalFailure(.codeExpired))
        }
        var machine = Approvals.machine(Approvals.request(.signCode(Approvals.loginCode)), after: 1)
        _ = machine.handle(.code(Approvals.offered(Approvals.loginCode, "login", seconds: 0)), at: start)
        #expect(machine.status.outcome?.failure == ApprovalFailure(.codeExpired))
    }

    @Test func theTimeThatTheCardTookIsNotGivenTwice() {
        var machine = Approvals.machine(
            Approvals.request(.signCode(Approvals.loginCode)), after: 2, of: Approvals.signCourse)
        let effects = machine.handle(.prepared(Approvals.signer), at: start + 7)
        guard case .sign(let order)? = effects.last else { return #expect(Bool(false), "no order") }
        #expect(order.deadline == start + 300 && order.secondsLeft == 293)
        #expect(machine.status.deadline == start + 300)
    }

    @Test func aClockSetBackGivesNoTime() {
        var machine = Approvals.machine(
            Approvals.request(.signCode(Approvals.loginCode)), after: 2, of: Approvals.signCourse)
        guard case .sign(let order)? = machine.handle(.prepared(Approvals.signer), at: start - 9999).last else {
            return #expect(Bool(false), "no order")
        }
        #expect(order.secondsLeft == 300)
    }

    @Test func theCardIsWaitedForAsLongAsWasAsked() {
        var machine = ApprovalMachine(Approvals.request(wait: 60))
        #expect(
            machine.handle(.beginWithoutToken(ApprovalFailure(.noToken)), at: start) == [.waitForToken(seconds: 60)])
        #expect(machine.status.state == .waitingForToken)
        var other = machine
        #expect(machine.handle(.tokenInserted(Approvals.facts), at: start).first == .prepareToken)
        _ = other.handle(.tokenUnavailable(ApprovalFailure(.noReader)), at: start)
        #expect(other.status.outcome?.failure == ApprovalFailure(.noReader))
    }

    @Test func aWaitCanBeCancelled() {
        var machine = ApprovalMachine(Approvals.request(wait: 60))
        _ = machine.handle(.beginWithoutToken(ApprovalFailure(.noToken)), at: start)
        _ = machine.handle(.cancel, at: start)
        #expect(machine.status.state == .cancelled)
    }

    @Test func whatMemoryForbidsIsToldBeforeAnyJobStarts() {
        let good = Approvals.facts.validity
        let cases: [(Validity, [ErrorName], PINState, Bool, ErrorName?)] = [
            (Validity(notBefore: start + 1, notAfter: start + 2), [], .ok, false, .certificateNotYetValid),
            (Validity(notBefore: start, notAfter: start), [], .ok, false, nil),
            (Validity(notBefore: start - 9, notAfter: start - 1), [], .ok, false, .certificateExpired),
            (good, [.notQualified], .locked, false, .notQualified), (good, [], .locked, true, .pinLocked),
            (good, [], .finalTry, false, .pinFinalTry), (good, [], .finalTry, true, nil),
            (good, [], .countLow, false, nil), (good, [], .unknown, false, nil),
        ]
        for (validity, hindrances, pin, finalTry, error) in cases {
            var machine = ApprovalMachine(Approvals.request(finalTry: finalTry))
            let facts = ApprovalFacts(validity: validity, hindrances: hindrances, pinState: pin)
            let effects = machine.handle(.begin(facts), at: start)
            #expect(machine.status.outcome?.failure?.error == error)
            #expect(effects.contains(.prepareToken) == (error == nil))
        }
    }

    @Test func whatTheJobFindsIsJudgedAgain() throws {
        var locked = Approvals.machine(after: 1)
        _ = locked.handle(.prepared(ApprovalSigner(identity: Approvals.holder, pinState: .locked)), at: start)
        #expect(locked.status.outcome?.failure?.error == .pinLocked)
        var last = Approvals.machine(after: 1)
        _ = last.handle(.prepared(ApprovalSigner(identity: Approvals.holder, pinState: .finalTry)), at: start)
        #expect(last.status.outcome?.failure?.error == .pinFinalTry)
        var other = Approvals.machine(Approvals.request(identity: try NationalIdentity(typed: "17291716060")), after: 1)
        _ = other.handle(.prepared(Approvals.signer), at: start)
        #expect(other.status.outcome?.failure?.error == .identityMismatch)
        var same = Approvals.machine(Approvals.request(identity: Approvals.holder), after: 2)
        #expect(same.handle(.statement(Approvals.statement), at: start) == [.ask(.session(Approvals.holder))])
    }

    @Test func onlyABoundApprovalEndsWithItsCaller() {
        for (count, bound, state) in [
            (5, true, ApprovalStatus.State.cancelled), (5, false, .waitingForPIN), (12, true, .cancelled),
            (13, true, .submitting), (14, true, .submitting),
        ] {
            var machine = Approvals.machine(Approvals.request(bound: bound), after: count)
            _ = machine.handle(.callerLeft, at: start)
            #expect(machine.status.state == state)
        }
    }
}

extension SigningOrder {
    static func expected(
        _ purpose: Purpose, _ code: VerificationCode, _ declaration: Declaration?,
        shown: Declaration? = Approvals.declaration, step: UInt32, of steps: UInt32
    ) -> SigningOrder {
        SigningOrder(
            purpose: purpose, code: code, declaration: declaration, shown: shown, deadline: Approvals.start + 300,
            secondsLeft: 300, step: step, steps: steps)
    }
}
