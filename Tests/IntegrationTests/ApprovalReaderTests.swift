// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// A card that cannot be had ends the approval with the reason.
struct ApprovalReaderTests {
    @Test func withoutTheCardServiceThatIsWhatIsTold() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        await bench.desktop.pcscd.stop()
        try await bench.bus.wait(for: "WatcherState", of: "", at: SessionBus.root) { $0.string == "no-service" }
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("failed", "NoCardService"))
        // Who waits waits for the service as well.
        let waiting = try await bench.approve(certificate: bench.certificate, options: ["wait": .uint32(60)])
        try await bench.wait(for: "waiting-for-token", of: waiting)
        try await bench.desktop.pcscd.start()
        #expect(try await bench.end(of: waiting) == End("failed", "PortalUnreachable"))
        await bench.stop()
    }

    @Test func withoutAReaderThatIsWhatIsTold() async throws {
        let bench = try await ApprovalBench(portal: .nobody, isPlugged: true)
        try bench.desktop.pcscd.unplug(bench.reader)
        try await bench.bus.wait(for: "WatcherState", of: "", at: SessionBus.root) { $0.string == "no-reader" }
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("failed", "NoReader"))
        await bench.stop()
    }

    @Test func aCardThatNoModuleReadsIsTold() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        try bench.desktop.folder.write(
            "config/eonay/eonay.conf",
            "[Tokens]\nModules=/nonexistent.so\nDiscover=false\n[Portal \"deneme\"]\nOrigin=http://127.0.0.1:9\n")
        try await bench.restartService(signal: SIGTERM)
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("failed", "NoModule"))
        await bench.stop()
    }

    @Test func aMuteCardIsTold() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        try await bench.card.remove()
        bench.card.send(.mute(true))
        try await bench.card.insert()
        _ = try await bench.bus.signals.next { signal in
            signal.member == "PropertiesChanged" && signal.arguments.first?.string == "\(SessionBus.name).Token"
                && signal.arguments[1]["Error"]?.members?.first?.string == "TokenFailed"
        }
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("failed", "TokenFailed"))
        await bench.stop()
    }
}
