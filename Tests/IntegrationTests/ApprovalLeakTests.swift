// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// Many approvals leave nothing behind in the service.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalLeakTests {
    @Test func twentyApprovalsLeaveNoDescriptorChildOrThread() async throws {
        let bench = try await ApprovalBench(portal: .scripted([]), withPinentry: true)
        func approve(_ number: Int) async throws {
            let refused = number % 4 == 3
            let steps =
                PortalScript.untilDecision + [PortalScript.consent(), PortalScript.recorded, PortalScript.ended]
            for step in refused ? [steps[0], steps[1], PortalScript.ended] : steps { bench.script?.say(step) }
            let approval = try await bench.approve(typing: refused ? [] : nil)
            #expect(
                try await bench.end(of: approval)
                    == (refused ? End("failed", "PinPromptUnavailable") : End("recorded")))
            // Its courier takes leave, its token job logs out.
            try await bench.script?.request("DELETE", "/session")
            for child in Processes.workers(of: bench.service.pid) { try await Processes.ended(child.pid) }
        }
        for number in 0..<4 { try await approve(number) }
        let before = try await held(by: bench)
        for number in 4..<24 { try await approve(number) }
        let after = try await held(by: bench)
        #expect(after.descriptors == before.descriptors)
        #expect(after.threads == before.threads)
        #expect(Processes.workers(of: bench.service.pid).isEmpty)
        #expect(Processes.children(of: bench.service.pid).count <= 1)
        await bench.stop()
    }

    /// The descriptors that the service holds for good: the least of many looks. Before each look
    /// stands an answer from the service's loop: what ended before it has been reaped.
    private func held(by bench: ApprovalBench) async throws -> (descriptors: Int, threads: Int) {
        let service = bench.service.pid
        var least = (descriptors: Int.max, threads: Int.max)
        for _ in 0..<100 {
            _ = try await bench.bus.call("Status")
            least.descriptors = min(least.descriptors, Processes.descriptors(of: service))
            least.threads = min(least.threads, Processes.threads(of: service))
        }
        return least
    }
}
