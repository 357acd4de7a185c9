// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import JobFrames
import Testing
import TokenBench

/// A vendor's module costs the job at most, and the parent a deadline.
@Suite(.timeLimit(.minutes(1)))
struct VendorModuleJobTests {
    private func list(_ module: VendorModule) -> TokenRequest {
        .list(ListRequest(module: module.path, reader: Array(VendorModule.reader.utf8), atr: [], identitySalt: []))
    }

    @Test func aCrashEndsTheJobWithItsSignal() throws {
        let job = try TokenProcess()
        #expect(try job.ask(list(VendorModule("crashes"))) == nil)
        #expect(job.wait() & 0x7F == SIGSEGV)
    }

    @Test func aHangIsEndedFromOutside() throws {
        let job = try TokenProcess()
        try job.send(list(VendorModule("hangs")))
        #expect(throws: Tool.Failure.self) { try job.receive(within: 300) }
        job.kill()
        #expect(job.wait() & 0x7F == SIGKILL)
    }

    @Test func oneModuleInAnotherReaderDoesNotKnowTheCard() throws {
        let job = try TokenProcess()
        let module = try VendorModule("sound")
        let request = ListRequest(module: module.path, reader: Array("Another 00 00".utf8), atr: [], identitySalt: [])
        #expect(try job.ask(.list(request)).isUnrecognised)
    }

    @Test func bytesThatAreNoCertificateAreCounted() throws {
        let job = try TokenProcess()
        let token = try job.ask(list(VendorModule("sound"))).listed()
        #expect(token.certificates.isEmpty)
        #expect(token.broken == 1)
        #expect(try job.ask(list(VendorModule("absurd-attribute"))).listed().broken == 1)
        #expect(try job.ask(list(VendorModule("absurd-slots"))).failure == "TokenFailed")
        #expect(try job.ask(list(VendorModule("missing-function"))).failure == "ModuleUnusable")
    }

    @Test func modulesAreNamedWithoutLoadingAny() throws {
        let job = try TokenProcess()
        let reply = try job.ask(.modules(configured: ["/opt/own.so"], discover: true))
        guard case .modules(let modules, _)? = reply else {
            Issue.record("\(String(describing: reply))")
            return
        }
        #expect(modules.first == "/opt/own.so")
        #expect(modules.contains { $0.hasSuffix("/opensc-pkcs11.so") })
        #expect(!modules.contains { $0.contains("softhsm") || $0.contains("p11-kit") })
    }
}
