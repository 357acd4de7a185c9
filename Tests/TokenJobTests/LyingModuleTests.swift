// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import JobFrames
import Testing
import TokenBench

/// The instrument itself: it says the truth but where it is told to lie.
@Suite(.timeLimit(.minutes(1)))
struct LyingModuleTests {
    private let bench: SoftHSM

    init() throws { bench = try SoftHSM(keys: [.p256]) }

    private func list(_ module: LyingModule) throws -> TokenReply? {
        let job = try TokenProcess(environment: ["SOFTHSM2_CONF": bench.configuration])
        return try job.ask(.list(ListRequest(module: module.path, reader: Array("".utf8), atr: [], identitySalt: [])))
    }

    @Test func withoutALieItIsTheRealModule() throws {
        let module = try LyingModule(over: SoftHSM.module)
        try module.noteCalls()
        #expect(try list(module).listed().certificates.map(\.holder) == [SoftHSM.holder])
        #expect(module.loads == 1)
        #expect(module.calls.contains("C_GetAttributeValue"))
    }

    @Test func aLieMayHoldForOneProcessAlone() throws {
        let module = try LyingModule(
            over: SoftHSM.module, "C_GetSlotList load=2 return 6", "C_GetTokenInfo label YALAN")
        #expect(try list(module).listed().label == "YALAN")
        #expect(try list(module).detail == "CKR_FUNCTION_FAILED C_GetSlotList")
        #expect(try list(module).listed().label == "YALAN")
    }
}
