// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// Many approvals leave nothing behind in the service.
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
            for child in Processes.children(of: bench.service.pid) { try await Processes.ended(child.pid) }
        }
        for number in 0..<4 { try await approve(number) }
        let service = bench.service.pid
        // An answer from the service's loop: what ended before it has been reaped.
        _ = try await bench.bus.call("Status")
        let before = (Processes.descriptors(of: service), Processes.threads(of: service))
        for number in 4..<24 { try await approve(number) }
        _ = try await bench.bus.call("Status")
        #expect(Processes.descriptors(of: service) == before.0)
        #expect(Processes.threads(of: service) == before.1)
        #expect(Processes.children(of: service).isEmpty)
        await bench.stop()
    }
}
