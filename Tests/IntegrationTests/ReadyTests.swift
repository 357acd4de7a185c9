// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import TokenBench
import VirtualCard

/// The first answer after the start: when the picture is complete, and who waits for it.
@Suite(.timeLimit(.minutes(2))) struct ReadyTests {
    private func isReady(_ bus: SessionBus) async throws {
        try await bus.wait(for: "Ready", of: "", at: SessionBus.root) { $0.bool == true }
    }

    @Test func aCardThatIsInIsKnownWhenTheServiceIsReady() async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card())
        let bus = try await SessionBus(desktop)
        let service = try await desktop.startService()
        try await isReady(bus)
        #expect(try await bus.objects("Token").values.map(\.isLookedAt) == [true])
        #expect(try await bus.call("Expiry").first?.elements?.count == 1)
        #expect(try await bus.objects("Certificate").values.first?["Present"]?.bool == true)
        await service.kill()
        try await card.remove()
    }

    @Test func itIsNotReadyWhileACardThatWasPutInIsRead() async throws {
        let bench = try await ServiceBench()
        try await isReady(bench.bus)
        let card = try await bench.insert()
        func told(_ ready: Bool) async throws {
            _ = try await bench.bus.signals.next { signal in
                signal.member == "PropertiesChanged" && signal.path == SessionBus.root
                    && signal.arguments[1]["Ready"]?.bool == ready
            }
        }
        try await told(false)
        try await told(true)
        try await card.remove()
    }

    @Test(arguments: ["no-service", "no-reader"])
    func itIsReadyWhereThereIsNothingToBeRead(state: String) async throws {
        let bench = try await ServiceBench(.own(0), pcscdRuns: state != "no-service")
        try await isReady(bench.bus)
        #expect(try await bench.bus.properties("", of: SessionBus.root)["WatcherState"]?.string == state)
    }

    @Test(arguments: ["crashes", "hangs", "sound"])
    func itIsReadyWhenACardCouldNotBeRead(fault: String) async throws {
        let desktop = try await Desktop()
        let module = try VendorModule(fault)
        _ = try desktop.folder.write(
            "config/eonay/eonay.conf",
            "[Tokens]\nModules=\(module.path)\nDiscover=false\nListDeadline=1\n")
        let card = try await desktop.pcscd.insert(desktop.card())
        let bench = try await ServiceBench(on: desktop)
        try await isReady(bench.bus)
        #expect(try await bench.token().facts.errorName != "")
        try await card.remove()
        _ = module
    }

    @Test func itIsReadyThoughAnotherProgramHoldsTheCard() async throws {
        let desktop = try await Desktop()
        let card = try await desktop.pcscd.insert(desktop.card())
        let holder = try await CardHolder(of: desktop.pcscd.readers[0], on: desktop)
        let bench = try await ServiceBench(on: desktop)
        try await isReady(bench.bus)
        #expect(try await bench.token().facts.errorName == "TokenBusy")
        await holder.letGo()
        try await card.remove()
    }

    /// Each of these is the first call after the start, and the service has not read the card yet.
    @Test(arguments: [["expiry"], ["status"], ["tokens"], ["certificates"]])
    func aCommandWaitsForTheCard(command: [String]) async throws {
        let desktop = try await Desktop()
        // The module before OpenSC's keeps the card for two seconds.
        let slow = try VendorModule("hangs")
        _ = try desktop.folder.write(
            "config/eonay/eonay.conf",
            "[Tokens]\nModules=\(slow.path);\(desktop.openSC.module)\nDiscover=false\nListDeadline=2\n")
        let card = try await desktop.pcscd.insert(desktop.card())
        let service = try await desktop.startService()
        let answer = try await TestBench.run(
            Programs.built("eonay"), command + ["--json"], environment: desktop.environment
        ).check()
        #expect(answer.text.contains(#""certificates":["#))
        #expect(!answer.text.contains(#""certificates":[]"#), "\(answer.text)")
        #expect(!answer.text.contains(#""complete""#))
        await service.kill()
        _ = slow
        try await card.remove()
    }

    @Test func aCardThatTakesTooLongIsToldAndNotCalledOut() async throws {
        let desktop = try await Desktop(locale: "en_GB.UTF-8")
        let known = try await ServiceBench(on: desktop)
        let card = try await desktop.pcscd.insert(desktop.card())
        try await known.token { $1.errorName == "" }
        // All that it has seen is on disk when it has ended by itself.
        known.service.send(signal: SIGTERM)
        _ = await known.service.end()
        let slow = try VendorModule("hangs")
        _ = try desktop.folder.write(
            "config/eonay/eonay.conf",
            "[Tokens]\nModules=\(slow.path)\nDiscover=false\nListDeadline=60\n")
        let service = try await desktop.startService()
        async let text = desktop.run("eonay", "certificates")
        async let json = desktop.run("eonay", "expiry", "--json")
        let table = try await text.check()
        #expect(table.lines.contains { $0.text.contains("not read yet") }, "\(table)")
        #expect(table.lines.contains { $0.stream == .error && $0.text.hasPrefix("Not every card has been read yet") })
        #expect(try await json.check().text.contains(#""complete":false"#))
        await service.kill()
        _ = slow
        try await card.remove()
    }
}
