// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// A card that cannot be had ends the approval with the reason.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalReaderTests {
    @Test func withoutTheCardServiceThatIsWhatIsTold() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        await bench.desktop.pcscd.stop()
        try await bench.bus.wait(for: "WatcherState", of: "", at: SessionBus.root) { $0.string == "no-service" }
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("failed", "NoCardService"))
        // A caller that waits for the card waits for the service as well.
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

    @Test func aCardThatAnotherProgramHoldsIsTold() async throws {
        let bench = try await ApprovalBench()
        let token: ObjectPath = "/org/eonay/EOnay1/token/1"
        let holder = try await CardHolder(of: bench.reader, on: bench.desktop)
        let approval = try await bench.approve()
        #expect(try await bench.end(of: approval) == End("failed", "TokenBusy"))
        // The holder's name stands on the card's object until the card is free again.
        try await bench.bus.wait(for: "HeldBy", of: "Token", at: token) { $0.string == holder.description }
        await holder.letGo()
        try await bench.bus.wait(for: "HeldBy", of: "Token", at: token) { $0.string == "" }
        #expect(try await bench.end(of: bench.approve()) == End("recorded"))
        await bench.stop()
    }

    @Test func aCardThatWasHeldFromTheBeginningIsTold() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        let holder = try await CardHolder(of: bench.reader, on: bench.desktop)
        try await bench.restartService(signal: SIGTERM)
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("failed", "TokenBusy"))
        // A waiting caller gets the card when it is let go.
        let waiting = try await bench.approve(certificate: bench.certificate, options: ["wait": .uint32(60)])
        try await bench.wait(for: "waiting-for-token", of: waiting)
        await holder.letGo()
        #expect(try await bench.end(of: waiting) == End("failed", "PortalUnreachable"))
        await bench.stop()
    }

    @Test func aRefusalOfTheCardServiceIsTold() async throws {
        let bench = try await ApprovalBench(portal: .nobody)
        let door = try RefusingDoor(before: bench.desktop.pcscd)
        try await bench.restartService(signal: SIGTERM, environment: ["PCSCLITE_CSOCK_NAME": door.path])
        try await bench.bus.wait(for: "WatcherState", of: "", at: SessionBus.root) { $0.string == "denied" }
        let approval = try await bench.approve(certificate: bench.certificate)
        #expect(try await bench.end(of: approval) == End("failed", "AccessDenied"))
        // The call itself makes the service look again.
        door.open()
        let waiting = try await bench.approve(certificate: bench.certificate, options: ["wait": .uint32(60)])
        #expect(try await bench.end(of: waiting) == End("failed", "PortalUnreachable"))
        await bench.stop()
    }
}
