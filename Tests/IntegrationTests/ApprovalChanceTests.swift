// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing

/// Approvals that end at any moment, by any cause, hundreds of times: the service lives, and says each end once and truly.
@Suite(.timeLimit(.minutes(4)))
struct ApprovalChanceTests {
    /// A generator that gives the same numbers each time (SplitMix64).
    struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let steps = [
        "prepare", "sign 1", "sign 2", "open", "statement", "session", "challenge", "submit 1", "submit 2", "confirm",
        "decide",
        "revocation", "apply 1", "applications 1", "end",
    ]

    @Test(arguments: [UInt64(1), 2, 3])
    func anApprovalMayEndAtAnyMoment(seed: UInt64) async throws {
        var dice = Dice(state: seed)
        let bench = try await ActedApprovals()
        try await bench.insert()
        for _ in 0..<120 {
            let method = ["Approve", "Approve", "SignCode", "Renew"].randomElement(using: &dice)!
            // One in four has a job that fails; a hanging one takes a second, so it is rarer.
            var faults: [String] = []
            if Int.random(in: 0..<4, using: &dice) == 0 {
                let kinds = ["exit", "orphan", "garbage", "refuse", "exit", "orphan", "garbage", "refuse", "hang"]
                let step = Self.steps.randomElement(using: &dice)!
                // Each courier that follows would fail as well, and the person would be kept waiting for a minute.
                let isForEver = method == "SignCode" && step == "submit 1"
                faults = ["\(isForEver ? "challenge" : step)=\(kinds.randomElement(using: &dice)!)"]
            }
            bench.jobs.set(faults)
            let caller = try await SessionBus(bench)
            let approval = try await bench.ask(method, ["bound": .bool(true)], from: caller)
            await bench.turns(Int.random(in: 0..<80, using: &dice))
            let event = Int.random(in: 0..<8, using: &dice)
            switch event {
            case 0...3: try await bench.cancel(approval)
            case 4: bench.cards.remove()
            case 5: await caller.connection.close()
            default: break
            }
            // A second one, and a moment later: nothing may be said twice.
            await bench.turns(Int.random(in: 0..<8, using: &dice))
            if event < 2 { try await bench.cancel(approval) }
            let story = "seed \(seed): \(method) \(faults) event \(event)"
            let end = try await bench.end(of: approval)
            try await judge(end, of: approval, bench, story)
            if event == 4 {
                bench.jobs.set([])
                try await bench.insert()
            }
        }
        await bench.stop()
    }

    private func judge(_ end: End, of approval: ObjectPath, _ bench: ActedApprovals, _ story: String) async throws {
        let facts = try await bench.facts(approval)
        let states = ["recorded": "done", "signed": "done", "cancelled": "cancelled"]
        #expect(facts["State"]?.string == states[end.result] ?? "failed", "\(story)")
        #expect(facts["Result"]?.string == end.result, "\(story)")
        #expect(end.error.isEmpty == ["recorded", "signed"].contains(end.result), "\(story)")
        // Each fault has a name, and it is never that the card is still in use.
        #expect(end.error != "TokenBusy", "\(story)")
        #expect(bench.ends(of: approval).count == 1, "\(story)")
    }
}

extension SessionBus {
    /// Another caller on the same bus.
    convenience init(_ bench: ActedApprovals) async throws { try await self.init(address: bench.address) }
}
