// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// Readers whose names are no text, too long, or those of others.
@Suite(.timeLimit(.minutes(3)))
struct ReaderNameTests {
    private static let long = Array(
        "Hewlett-Packard Company HP USB Smart Card CCID Keyboard JP [Smart Card Reader]".utf8)

    private func holders(_ bench: ServiceBench, in reader: TestReader) async throws -> [String] {
        let tokens = try await bench.bus.objects("Token").values.filter { $0["Reader"]?.string == reader.name }
        let certificates = try await bench.bus.objects("Certificate")
        return tokens.flatMap { $0["Certificates"]?.elements ?? [] }.compactMap(\.objectPath).compactMap {
            certificates[$0]?["Holder"]?.string
        }
    }

    @Test(arguments: [
        Array("Okuyucu ".utf8) + [0xFE, 0xFF], [0xC3], Array("G".utf8) + [0xFC] + Array("venli".utf8),
        [0xF0, 0x9F, 0x92],
    ])
    func aNameThatIsNoTextBlindsNobody(_ name: [UInt8]) async throws {
        let bench = try await ServiceBench(.named([name, Array("Sade".utf8)]))
        try await bench.waitFor(watcher: "watching")
        let odd = try await bench.insert(into: bench.desktop.pcscd.readers[0])
        let plain = try await bench.insert(
            bench.desktop.card(.akis, [CertificateRequest(for: .isil)]), into: bench.desktop.pcscd.readers[1])
        let tokens = try await bench.tokens(2)
        #expect(tokens.values.allSatisfy { $0.errorName == "" })
        #expect(try await bench.bus.properties("", of: SessionBus.root)["Readers"]?.elements?.count == 2)
        #expect(try await holders(bench, in: bench.desktop.pcscd.readers[0]) == [Holder.sukru.name])
        #expect(try await holders(bench, in: bench.desktop.pcscd.readers[1]) == [Holder.isil.name])
        try await odd.remove()
        try await plain.remove()
        try await bench.tokens(0)
    }

    @Test(arguments: [58, 59, 60, 100])
    func aLongNameIsOneReader(_ length: Int) async throws {
        let bench = try await ServiceBench(.named([Array(("Ğ" + String(repeating: "x", count: length - 2)).utf8)]))
        let card = try await bench.insert()
        #expect(try await bench.token().facts.errorName == "")
        try await card.remove()
    }

    @Test func twoReadersOfOneLongNameKeepTheirCardsApart() async throws {
        let bench = try await ServiceBench(.named([Self.long, Self.long]))
        let readers = bench.desktop.pcscd.readers
        let first = try await bench.insert(into: readers[0])
        #expect(try await bench.token().facts.errorName == "")
        let second = try await bench.insert(
            bench.desktop.card(.akis, [CertificateRequest(for: .isil)]), into: readers[1])
        try await bench.tokens(2)
        #expect(try await holders(bench, in: readers[0]) == [Holder.sukru.name])
        #expect(try await holders(bench, in: readers[1]) == [Holder.isil.name])
        #expect(try await bench.bus.objects("Token").values.allSatisfy { $0.errorName == "" })
        // In the other order as well: the first goes and comes again.
        try await first.remove()
        try await bench.tokens(1)
        #expect(try await holders(bench, in: readers[1]) == [Holder.isil.name])
        try await first.insert()
        try await bench.tokens(2)
        #expect(try await holders(bench, in: readers[0]) == [Holder.sukru.name])
        #expect(try await holders(bench, in: readers[1]) == [Holder.isil.name])
        try await second.remove()
        try await first.remove()
    }

    @Test func whatCannotBeToldIsNotGuessedAndMendsItself() async throws {
        let desktop = try await Desktop(.named([Self.long, Self.long]))
        let readers = desktop.pcscd.readers
        let first = try await desktop.pcscd.insert(desktop.card(), into: readers[0])
        let second = try await desktop.pcscd.insert(
            desktop.card(.akis, [CertificateRequest(for: .isil)]), into: readers[1])
        let bench = try await ServiceBench(on: desktop)
        let tokens = try await bench.tokens(2)
        #expect(tokens.values.allSatisfy { $0.errorName == "AmbiguousReader" })
        #expect(try await bench.bus.objects("Certificate").isEmpty)
        // One is taken out: what is left is no riddle any more, and nor is what comes to it.
        try await first.remove()
        try await bench.token { $1.errorName == "" }
        #expect(try await holders(bench, in: readers[1]) == [Holder.isil.name])
        try await first.insert()
        try await bench.tokens(2)
        #expect(try await holders(bench, in: readers[0]) == [Holder.sukru.name])
        try await first.remove()
        try await second.remove()
    }

    @Test func aWrongPINIsTheOneCardsAlone() async throws {
        let bench = try await ApprovalBench(names: [Self.long, Self.long])
        let reader = bench.desktop.pcscd.readers[1]
        let other = try await bench.desktop.pcscd.insert(
            bench.desktop.card(.piv, [CertificateRequest(for: .isil, keyType: .p256)]), into: reader)
        _ = try await ApprovalBench.certificate(on: bench.bus)
        for _ in 1...2 {
            let approval = try await bench.approve(certificate: bench.certificate, typing: ["000000"])
            #expect(try await bench.end(of: approval) == End("failed", "PinIncorrect"))
        }
        #expect(bench.verifications == 2)
        #expect(!other.events.all.contains { if case .pinWrong = $0 { true } else { false } })
        for (path, facts) in try await bench.bus.objects("Token") {
            if facts["Reader"]?.string == reader.name {
                let state = try await bench.bus.properties("Token", of: path)["PinState"]?.string
                #expect(state == "ok" || state == "unknown")
            } else {
                try await bench.bus.wait(for: "PinState", of: "Token", at: path) { $0.string == "final-try" }
            }
        }
        let right = try await bench.approve(certificate: bench.certificate, options: ["final-try": .bool(true)])
        #expect(try await bench.end(of: right) == End("recorded"))
        try await other.remove()
        await bench.stop()
    }
}
