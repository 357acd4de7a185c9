// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

/// Submissions that the portal has not answered.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalRecoveryTests {
    private let start = Approvals.start
    private let submission = PendingSubmission(
        purpose: .consent, code: Approvals.consentCode, signature: [2], decision: .accept,
        receivedAt: Approvals.start)
    private var submit: ApprovalEffect { .ask(.submit(Approvals.consentCode, signature: [2])) }
    private let unknown = ApprovalOutcome(.unknown, failure: Approvals.failure)

    @Test func theSameBytesAreAskedForAgainWithGrowingPauses() {
        var machine = Approvals.machine(after: 14)
        for pause: UInt32 in [1, 2, 4, 8, 16, 32] {
            #expect(machine.handle(.unanswered(Approvals.failure), at: start) == [.retry(after: pause)])
            #expect(machine.status.state == .submitting && !machine.isOver)
            #expect(machine.handle(.retryDue, at: start) == [submit])
        }
        #expect(
            machine.handle(.unanswered(Approvals.failure), at: start)
                == [.storeOutcome(unknown), .complete(unknown), .retry(after: 60)])
        #expect(machine.isOver && !machine.isSettled)
        #expect(machine.status.outcome == unknown)
        #expect(machine.status.state == .failed)
    }

    @Test func anOutcomeThatBecomesKnownIsToldAgain() {
        var machine = patienceLost()
        #expect(machine.handle(.retryDue, at: start + 120) == [submit])
        #expect(machine.status.outcome == unknown)
        let recorded = ApprovalOutcome(.recorded, reference: "EO-1")
        #expect(machine.handle(.receipt(.recorded(reference: "EO-1")), at: start + 121) == [.storeOutcome(recorded)])
        #expect(machine.handle(.stored, at: start + 121) == [.closeCourier, .complete(recorded)])
        #expect(machine.status.state == .done && machine.isSettled)
    }

    @Test func itIsAskedAsLongAsASessionCanAnswer() {
        var machine = patienceLost()
        var now = start + 63
        var questions = 0
        while !machine.isSettled {
            now += 60
            #expect(machine.handle(.retryDue, at: now) == [submit])
            let effects = machine.handle(.unanswered(Approvals.failure), at: now)
            #expect(effects == (now < start + 900 ? [.retry(after: 60)] : [.closeCourier]))
            questions += 1
        }
        #expect(questions == 14)
        #expect(machine.status.outcome == unknown)
    }

    @Test func aRefusalIsAnAnswer() {
        var machine = Approvals.machine(after: 14)
        _ = machine.handle(.unanswered(Approvals.failure), at: start)
        _ = machine.handle(.retryDue, at: start)
        let refused = ApprovalOutcome(
            .failed, failure: ApprovalFailure(.certificateRevoked, detail: "certificate-revoked"))
        #expect(machine.handle(.refused(.certificateRevoked), at: start) == [.storeOutcome(refused)])
        #expect(machine.handle(.storeFailed, at: start) == [.closeCourier, .complete(refused)])
    }

    @Test func aCourierThatDiedIsReplaced() {
        var machine = Approvals.machine(after: 14)
        #expect(machine.handle(.courierLost, at: start) == [.retry(after: 1)])
        #expect(machine.handle(.retryDue, at: start) == [.openCourier, submit])
        var storing = Approvals.machine(after: 13)
        #expect(storing.handle(.courierLost, at: start).isEmpty)
        #expect(storing.handle(.stored, at: start) == [.openCourier, submit])
    }

    @Test(arguments: [ProblemName.unknownCode, .codeLapsed, .codeUsed])
    func aCodeThatIsGoneTellsNothingToAStranger(problem: ProblemName) {
        var machine = Approvals.machine(after: 14)
        _ = machine.handle(.courierLost, at: start)
        _ = machine.handle(.retryDue, at: start)
        let outcome = ApprovalOutcome(.unknown, failure: ApprovalFailure(problem))
        #expect(
            machine.handle(.refused(problem), at: start) == [.storeOutcome(outcome), .closeCourier, .complete(outcome)])
        // The courier that holds the session has asked it, and says so for certain.
        var certain = Approvals.machine(after: 14)
        let failed = ApprovalOutcome(.failed, failure: ApprovalFailure(problem))
        #expect(certain.handle(.refused(problem), at: start) == [.storeOutcome(failed)])
    }

    @Test func aRestartedServiceAsksBeforeItClaims() {
        var machine = ApprovalMachine(Approvals.request(), submitted: submission, reported: nil)
        #expect(machine.status.state == .submitting && machine.status.step == 2)
        #expect(machine.handle(.resume, at: start + 5) == [.openCourier, submit])
        let recorded = ApprovalOutcome(.recorded, reference: "EO-1")
        #expect(machine.handle(.receipt(.recorded(reference: "EO-1")), at: start + 5) == [.storeOutcome(recorded)])
        #expect(machine.handle(.stored, at: start + 5) == [.closeCourier, .complete(recorded)])
    }

    @Test func aRestartAfterTheSessionsEndAsksOnceMore() {
        var machine = ApprovalMachine(Approvals.request(), submitted: submission, reported: nil)
        #expect(machine.handle(.resume, at: start + 5000) == [.openCourier, submit])
        _ = machine.handle(.refused(.codeUsed), at: start + 5000)
        #expect(machine.status.outcome?.result == .unknown)
        #expect(machine.status.outcome?.failure == ApprovalFailure(.codeUsed, detail: "code-used"))
    }

    @Test func whatWasToldToBeUnknownIsNotToldTwice() {
        var late = ApprovalMachine(Approvals.request(), submitted: submission, reported: unknown)
        #expect(late.handle(.resume, at: start + 5000).isEmpty)
        #expect(late.isSettled && late.status.outcome == unknown)
        var early = ApprovalMachine(Approvals.request(), submitted: submission, reported: unknown)
        #expect(early.handle(.resume, at: start + 100) == [.openCourier, submit])
        #expect(early.handle(.refused(.codeUsed), at: start + 100) == [.closeCourier])
        #expect(early.status.outcome == unknown)
    }

    @Test func aSignInThatWasSubmittedIsAskedForToo() {
        let login = PendingSubmission(
            purpose: .login, code: Approvals.loginCode, signature: [1], decision: nil, receivedAt: start)
        var machine = ApprovalMachine(
            Approvals.request(.signCode(Approvals.loginCode)), submitted: login, reported: nil)
        _ = machine.handle(.resume, at: start)
        // An answer of the other kind is none.
        #expect(machine.handle(.receipt(.recorded(reference: "EO-1")), at: start) == [.retry(after: 1)])
        _ = machine.handle(.retryDue, at: start)
        #expect(
            machine.handle(.receipt(.signedIn(number: "654321")), at: start)
                == [.storeOutcome(ApprovalOutcome(.signed, number: "654321"))])
    }

    @Test func whatTheDiskDidNotTakeIsNotCalledRecorded() {
        var machine = Approvals.machine(after: 15)
        _ = machine.handle(.storeFailed, at: start)
        #expect(machine.status.outcome?.result == .unknown)
        #expect(machine.status.outcome?.failure == ApprovalFailure(.storeFailed))
        #expect(machine.status.outcome?.reference == "EO-1")
        // It is tried again, and told when it is there.
        let recorded = ApprovalOutcome(.recorded, reference: "EO-1")
        #expect(machine.handle(.retryDue, at: start) == [.storeOutcome(recorded)])
        #expect(machine.handle(.storeFailed, at: start) == [.retry(after: 60)])
        #expect(machine.handle(.retryDue, at: start) == [.storeOutcome(recorded)])
        #expect(machine.handle(.stored, at: start) == [.closeCourier, .complete(recorded)])
        #expect(machine.isSettled)
    }

    @Test func nothingTurnsBackWhatWasSubmitted() {
        for count in 13...15 {
            for event in [ApprovalEvent.cancel, .callerLeft, .serviceEnding, .tokenRemoved, .codeLapsed] {
                var machine = Approvals.machine(Approvals.request(bound: true), after: count)
                #expect(machine.handle(event, at: start).isEmpty)
                #expect(machine.status.state == .submitting)
            }
        }
    }

    /// An approval whose outcome was told to be unknown a minute after it was submitted.
    private func patienceLost() -> ApprovalMachine {
        var machine = Approvals.machine(after: 14)
        for _ in 0..<6 {
            _ = machine.handle(.unanswered(Approvals.failure), at: start + 63)
            _ = machine.handle(.retryDue, at: start + 63)
        }
        _ = machine.handle(.unanswered(Approvals.failure), at: start + 63)
        return machine
    }
}
