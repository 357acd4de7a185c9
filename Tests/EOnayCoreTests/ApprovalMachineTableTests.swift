// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import EOnayCore
import Testing

/// Every stage meets every event: the table says what changes anything, and all else must change nothing.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalMachineTableTests {
    /// The stages of an Approve, by the number of events of the usual course that lead there.
    static let stages: [(name: String, after: Int)] = [
        ("new", 0), ("gathering", 1), ("gathering, signer known", 2), ("openingSession", 3), ("signing login", 4),
        ("waiting for PIN", 5), ("submittingLogin", 7), ("confirming", 8), ("deciding", 9), ("signing consent", 10),
        ("storingSubmission", 13), ("submitting", 14), ("storingOutcome", 15), ("ended", 16),
    ]

    static let events: [(name: String, event: ApprovalEvent)] = [
        ("begin", .begin(Approvals.facts)), ("begin without card", .beginWithoutToken(ApprovalFailure(.noReader))),
        ("refusedAtStart", .refusedAtStart(ApprovalFailure(.promptDeferred, detail: "1"))),
        ("tokenInserted", .tokenInserted(Approvals.facts)),
        ("tokenUnavailable", .tokenUnavailable(ApprovalFailure(.tokenBusy))),
        ("prepared", .prepared(Approvals.signer)), ("good", .revocationChecked(isRevoked: false)),
        ("revoked", .revocationChecked(isRevoked: true)),
        ("promptShown", .promptShown), ("pinAccepted", .pinAccepted),
        ("signed", .signed([9])), ("tokenFailed", .tokenFailed(ApprovalFailure(.pinIncorrect))),
        ("tokenRemoved", .tokenRemoved), ("statement", .statement(Approvals.statement)),
        ("login code", .code(Approvals.login)), ("consent code", .code(Approvals.consent)),
        ("signedIn", .receipt(.signedIn(number: "123456"))), ("recorded", .receipt(.recorded(reference: "EO-1"))),
        ("confirmed", .confirmed(isLoggedIn: true)), ("not logged in", .confirmed(isLoggedIn: false)),
        ("filed", .filed(reference: "EO-3")), ("an application", .newestApplication(reference: "EO-3")),
        ("no application", .newestApplication(reference: "")),
        ("refused", .refused(.textMismatch)), ("unanswered", .unanswered(Approvals.failure)),
        ("courierLost", .courierLost), ("courierHung", .courierHung), ("courierExhausted", .courierExhausted),
        ("codeLapsed", .codeLapsed), ("stored", .stored),
        ("storeFailed", .storeFailed), ("retryDue", .retryDue), ("cancel", .cancel), ("callerLeft", .callerLeft),
        ("serviceEnding", .serviceEnding), ("resume", .resume),
    ]

    /// Events that end an approval wherever it still can turn back.
    static let turnsBack = [
        "cancel": "ends cancelled Cancelled", "serviceEnding": "ends cancelled Cancelled service-ended",
    ]
    /// The same where the jobs run.
    static let needsJobs = turnsBack.merging([
        "tokenFailed": "ends failed PinIncorrect", "tokenRemoved": "ends failed TokenRemoved",
        "courierLost": "ends failed Internal courier-ended",
        "courierHung": "ends failed PortalUnreachable courier-deadline",
        "courierExhausted": "ends failed LimitExceeded no-descriptor",
    ]) { $1 }
    /// The same where the portal has been asked something.
    static let needsAnswer = needsJobs.merging([
        "refused": "ends failed PortalRefused text-mismatch", "unanswered": "ends failed PortalUnreachable connect",
    ]) { $1 }

    static let table: [String: [String: String]] = [
        "new": turnsBack.merging([
            "begin": "checking: prepareToken openCourier ask(statement)",
            "begin without card": "ends failed NoReader", "tokenUnavailable": "ends failed TokenBusy",
            "refusedAtStart": "ends failed PromptDeferred 1", "storeFailed": "ends failed StoreFailed",
        ]) { $1 },
        "gathering": needsAnswer.merging([
            "prepared": "checking:", "statement": "checking:", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "gathering, signer known": needsAnswer.merging([
            "statement": "checking: ask(session)", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "openingSession": needsAnswer.merging([
            "login code": "checking: armCodeTimer sign",
            "consent code": "ends failed PortalUntrusted challenge-purpose",
        ]) { $1 },
        "signing login": needsJobs.merging([
            "promptShown": "waiting-for-pin:", "pinAccepted": "signing:",
            "signed": "submitting: keepSignature ask(submit)", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "waiting for PIN": needsJobs.merging([
            "promptShown": "waiting-for-pin:", "pinAccepted": "signing:",
            "signed": "submitting: keepSignature ask(submit)", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "submittingLogin": needsAnswer.merging([
            "signedIn": "submitting: disarmCodeTimer ask(confirm)",
            "recorded": "ends failed PortalUntrusted answer-result", "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "confirming": needsAnswer.merging([
            "confirmed": "submitting: ask(decide)", "not logged in": "ends failed PortalUntrusted session-state",
        ]) { $1 },
        "deciding": needsAnswer.merging([
            "consent code": "submitting: armCodeTimer sign",
            "login code": "ends failed PortalUntrusted challenge-purpose",
        ]) { $1 },
        "signing consent": needsJobs.merging([
            "promptShown": "waiting-for-pin:", "pinAccepted": "signing:",
            "signed": "submitting: closeToken disarmCodeTimer storeSubmission",
            "codeLapsed": "ends failed CodeExpired",
        ]) { $1 },
        "storingSubmission": [
            "stored": "submitting: ask(submit)", "storeFailed": "ends failed StoreFailed",
            "courierLost": "submitting:", "courierHung": "submitting:", "courierExhausted": "submitting:",
        ],
        "submitting": [
            "recorded": "submitting: storeOutcome(recorded)", "signedIn": "submitting: retry(1)",
            "refused": "submitting: storeOutcome(failed)", "unanswered": "submitting: retry(1)",
            "courierLost": "submitting: retry(1)", "courierHung": "submitting: retry(1)",
            "courierExhausted": "submitting: retry(1)",
        ],
        "storingOutcome": [
            "stored": "done: closeCourier complete(recorded)",
            "storeFailed": "failed: complete(unknown) retry(60)", "courierLost": "submitting:",
            "courierHung": "submitting:", "courierExhausted": "submitting:",
        ],
        "ended": [:],
    ]

    @Test(arguments: stages.map(\.name), events.map(\.name))
    func eachStageMeetsEachEventAsTheTableSays(stage: String, event: String) throws {
        let after = try #require(Self.stages.first { $0.name == stage }).after
        let happening = try #require(Self.events.first { $0.name == event }).event
        var machine = Approvals.machine(after: after)
        let before = machine.status
        let effects = machine.handle(happening, at: Approvals.start)
        if let expected = Self.table[stage]?[event] {
            #expect(summary(effects, of: machine) == expected)
        } else {
            #expect(effects.isEmpty)
            #expect(machine.status == before)
        }
    }

    @Test func theTableSpeaksOfThisMachine() {
        #expect(Set(Self.table.keys) == Set(Self.stages.map(\.name)))
        for row in Self.table.values { #expect(Set(row.keys).isSubset(of: Self.events.map(\.name))) }
    }

    /// "state: effects", or "ends …" for an end before anything was submitted, whose effects are always of one kind.
    func summary(_ effects: [ApprovalEffect], of machine: ApprovalMachine) -> String {
        if case .storeOutcome(let outcome)? = effects.first, effects.last == .complete(outcome) {
            let between = Set(effects.dropFirst().dropLast().map(name))
            #expect(between.isSubset(of: ["killToken", "closeCourier", "disarmCodeTimer"]))
            #expect(machine.isSettled && machine.isOver)
            #expect(machine.status.outcome == outcome && machine.status.deadline == 0)
            #expect(machine.status.state.rawValue == (outcome.result == .unknown ? "failed" : outcome.result.rawValue))
            let words = [
                "ends", outcome.result.rawValue, outcome.failure?.error.rawValue ?? "", outcome.failure?.detail ?? "",
            ]
            return words.filter { !$0.isEmpty }.joined(separator: " ")
        }
        return ([machine.status.state.rawValue + ":"] + effects.map(name)).joined(separator: " ")
    }

    private func name(_ effect: ApprovalEffect) -> String {
        switch effect {
        case .waitForToken: "waitForToken"
        case .prepareToken: "prepareToken"
        case .checkRevocation: "checkRevocation"
        case .sign: "sign"
        case .closeToken: "closeToken"
        case .killToken: "killToken"
        case .openCourier: "openCourier"
        case .ask(.statement): "ask(statement)"
        case .ask(.session): "ask(session)"
        case .ask(.code): "ask(code)"
        case .ask(.submit): "ask(submit)"
        case .ask(.confirm): "ask(confirm)"
        case .ask(.decide): "ask(decide)"
        case .ask(.apply): "ask(apply)"
        case .ask(.newestApplication): "ask(newestApplication)"
        case .closeCourier: "closeCourier"
        case .armCodeTimer: "armCodeTimer"
        case .disarmCodeTimer: "disarmCodeTimer"
        case .retry(let seconds): "retry(\(seconds))"
        case .keepSignature: "keepSignature"
        case .storeSubmission: "storeSubmission"
        case .storeOutcome(let outcome): "storeOutcome(\(outcome.result.rawValue))"
        case .complete(let outcome): "complete(\(outcome.result.rawValue))"
        }
    }
}
