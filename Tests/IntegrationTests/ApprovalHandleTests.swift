// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// A handle-token makes a repeated call harmless.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalHandleTests {
    private let token = ["handle-token": Value.string("once")]

    @Test func theSameCallAgainIsTheSameApproval() async throws {
        let bench = try await ApprovalBench()
        let approval = try await bench.approve(options: token)
        #expect(approval.text == "/org/eonay/EOnay1/approval/c_once")
        // At each time of its life, with a new descriptor each time.
        #expect(try await bench.approve(options: token) == approval)
        #expect(try await bench.end(of: approval) == End("recorded"))
        #expect(try await bench.approve(options: token) == approval)
        try await bench.restartService()
        #expect(try await bench.approve(options: token) == approval)
        #expect(try await bench.shownEnd(of: approval) == End("recorded"))
        #expect(try await bench.signatures(of: approval).map(\.step) == ["login", "consent"])
        #expect(try await bench.records() == 1)
        #expect(try await bench.history() == ["recorded"])
        await bench.stop()
    }

    @Test func otherArgumentsUnderTheSameTokenAreRefused() async throws {
        let bench = try await ApprovalBench()
        let approval = try await bench.approve(options: token)
        let pin = ["pin": Value.descriptor(try ApprovalBench.pipe(holding: ""))]
        let same = token.merging(pin) { $1 }
        func checkRefusals() async {
            for (method, certificate, what, options) in [
                ("Approve", "", "decline", same), ("Approve", bench.certificate, "accept", same),
                ("Approve", "", "accept", token), ("SignCode", "", "638856212993845", same),
                ("Approve", "", "accept", same.merging(["wait": .uint32(5)]) { $1 }),
                ("Approve", "", "accept", same.merging(["final-try": .bool(true)]) { $1 }),
                ("Approve", "", "accept", same.merging(["identity": .string("10000000146")]) { $1 }),
            ] {
                #expect(await bench.refusal(method, certificate, what, options) == "InvalidArgument")
            }
        }
        await checkRefusals()
        #expect(try await bench.end(of: approval) == End("recorded"))
        await checkRefusals()
        try await bench.restartService()
        await checkRefusals()
        #expect(try await bench.records() == 1)
        await bench.stop()
    }

    @Test func anApprovalThatARestartCutShortKeepsItsToken() async throws {
        let bench = try await ApprovalBench(withPinentry: true)
        let code = try await Web(bench.origin).openSession()
        let approval = try await bench.ask("SignCode", "", code, token)
        try await bench.pinentry?.asked()
        try await bench.restartService()
        #expect(try await bench.ask("SignCode", "", code, token) == approval)
        #expect(try await bench.shownEnd(of: approval) == End("failed", "Internal"))
        await bench.stop()
    }
}
