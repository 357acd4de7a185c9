// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// E-Onay given: card, portal, PIN and bus, from the call to the record.
struct ApprovalTests {
    @Test(arguments: [KeyType.rsa2048, .p256, .p384])
    func anApprovalIsRecorded(with key: KeyType) async throws {
        let bench = try await ApprovalBench(key == .rsa2048 ? .akis : .piv, keyType: key)
        let approval = try await bench.approve(pin: bench.card.pin)
        let end = try await bench.completion(of: approval)
        #expect(end == .init(result: "recorded", error: ""))

        let facts = try await bench.bus.properties("Approval", of: approval)
        #expect(facts["State"]?.string == "done")
        #expect(facts["Decision"]?.string == "accept")
        #expect(facts["Reference"]?.string?.isEmpty == false)
        let status = try await bench.bus.call("Status").first?.elements?.first?.members
        #expect(status?[2].string == "accepted")
        #expect(status?[4].string == bench.portal.origin)
        let history = try await bench.bus.call("History", .uint32(0)).first?.elements
        #expect(history?.count == 1)
        #expect(history?.first?.members?[3].string == "recorded")
        await bench.stop()
    }
}
