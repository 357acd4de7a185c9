// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

/// The certificate's responder is asked beside the portal, and answers before the PIN is asked.
@Suite(.timeLimit(.minutes(1)))
struct RevocationMachineTests {
    private let start = Approvals.start

    private func run(
        _ kind: ApprovalRequest.Kind = .approve(.accept), events: [ApprovalEvent]
    ) -> (machine: ApprovalMachine, effects: [[ApprovalEffect]]) {
        var machine = ApprovalMachine(Approvals.request(kind))
        let effects = events.map { machine.handle($0, at: start) }
        return (machine, effects)
    }

    private static let waiting: [ApprovalEvent] = [
        .begin(Approvals.facts), .prepared(Approvals.doubtedSigner), .statement(Approvals.statement),
        .code(Approvals.login),
    ]

    @Test func thePortalIsAskedMeanwhile() {
        let (machine, effects) = run(events: Self.waiting)
        #expect(effects[1] == [.checkRevocation])
        #expect(effects[2] == [.ask(.session(Approvals.holder))])
        #expect(effects[3] == [.armCodeTimer(seconds: 300)])
        #expect(machine.status.state == .checking && machine.status.deadline == start + 300)
    }

    @Test func aGoodCertificateGoesOn() {
        var (machine, _) = run(events: Self.waiting)
        let order = SigningOrder.expected(.login, Approvals.loginCode, nil, step: 1, of: 2)
        #expect(machine.handle(.revocationChecked(isRevoked: false), at: start) == [.sign(order)])
    }

    @Test func theAnswerMayComeFirst() {
        let events = Self.waiting.prefix(2) + [.revocationChecked(isRevoked: false)] + Self.waiting.suffix(2)
        let (_, effects) = run(events: Array(events))
        #expect(effects[2] == [])
        guard case .sign? = effects[4].last else { return #expect(Bool(false), "no order") }
    }

    @Test(arguments: 2...4)
    func aRevokedCertificateEndsItBeforeThePIN(after count: Int) {
        var (machine, effects) = run(events: Array(Self.waiting.prefix(count)))
        effects.append(machine.handle(.revocationChecked(isRevoked: true), at: start))
        #expect(machine.status.outcome?.failure == ApprovalFailure(.certificateRevoked))
        #expect(effects.last?.contains(.killToken) == true)
        #expect(!effects.joined().contains { if case .sign = $0 { true } else { false } })
    }

    @Test(arguments: [ApprovalRequest.Kind.signCode(Approvals.loginCode), .renew])
    func otherErrandsWaitForItToo(kind: ApprovalRequest.Kind) {
        let events: [ApprovalEvent] = [
            .begin(Approvals.facts), .prepared(Approvals.doubtedSigner), .code(Approvals.login),
        ]
        var (machine, effects) = run(kind, events: events)
        #expect(effects[1].first == .checkRevocation)
        #expect(effects[2] == [.armCodeTimer(seconds: 300)])
        guard case .sign? = machine.handle(.revocationChecked(isRevoked: false), at: start + 2).first else {
            return #expect(Bool(false), "no order")
        }
    }

    @Test func theTimeThatTheResponderTookIsTheCodes() {
        var (machine, _) = run(events: Self.waiting)
        guard case .sign(let order)? = machine.handle(.revocationChecked(isRevoked: false), at: start + 3).first else {
            return #expect(Bool(false), "no order")
        }
        #expect(order.secondsLeft == 297 && order.deadline == start + 300)
    }

    @Test(arguments: [
        (ApprovalEvent.codeLapsed, "CodeExpired"), (.tokenRemoved, "TokenRemoved"), (.courierLost, "Internal"),
        (.cancel, "Cancelled"), (.serviceEnding, "Cancelled"),
    ])
    func whatEndsItMeanwhileEndsIt(event: ApprovalEvent, error: String) {
        var (machine, _) = run(events: Self.waiting)
        _ = machine.handle(event, at: start)
        #expect(machine.status.outcome?.failure?.error.rawValue == error)
        // The answer that comes after that has nothing to say.
        #expect(machine.handle(.revocationChecked(isRevoked: true), at: start).isEmpty)
        #expect(machine.status.outcome?.failure?.error.rawValue == error)
    }

    @Test func whereNobodyIsNamedNobodyIsWaitedFor() {
        var machine = Approvals.machine(after: 3)
        guard case .sign? = machine.handle(.code(Approvals.login), at: start).last else {
            return #expect(Bool(false), "no order")
        }
        #expect(machine.handle(.revocationChecked(isRevoked: true), at: start).isEmpty)
    }

    @Test func aSuspendedCertificateIsNotToldAsRevoked() {
        var (machine, _) = run(events: Array(Self.waiting.prefix(2)))
        _ = machine.handle(.revocationChecked(isRevoked: true, isSuspended: true), at: start)
        #expect(machine.status.outcome?.failure?.error == .certificateSuspended)
    }

    @Test func thePortalsWordThatItIsSuspendedIsKept() {
        var (machine, _) = run(events: Array(Self.waiting.prefix(2)))
        _ = machine.handle(.refused(.certificateRevoked, as: .certificateSuspended), at: start)
        let failure = machine.status.outcome?.failure
        #expect(failure?.error == .certificateSuspended && failure?.detail == "certificate-revoked")
    }
}
