// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import Glibc
import TestBench
import Testing
import VirtualCard

/// Point 3: what happens to pcscd, readers and cards, as the bus tells it.
@Suite(.timeLimit(.minutes(1)))
struct WatcherTests {
    @Test func pcscdMayComeAfterTheService() async throws {
        let bench = try await ServiceBench(pcscdRuns: false)
        try await bench.waitFor(watcher: "no-service")
        try await bench.desktop.pcscd.start()
        try await bench.waitFor(watcher: "watching")
        let card = try await bench.insert()
        try await bench.token { $1.errorName == "" }
        try await card.remove()
        try await bench.tokens(0)
    }

    @Test func pcscdMayBeKilledAndStartedAgainAnyNumberOfTimes() async throws {
        let bench = try await ServiceBench()
        let card = try await bench.insert()
        var last = try await bench.token().path
        let certificate = try #require(try await bench.bus.objects("Certificate").first?.key)
        for signal in [SIGKILL, SIGTERM, SIGKILL, SIGINT] {
            await bench.desktop.pcscd.stop(signal: signal)
            try await bench.waitFor(watcher: "no-service")
            #expect(try await bench.bus.objects("Token").isEmpty)
            #expect(try await bench.bus.properties("Certificate", of: certificate)["Present"]?.bool == false)
            try await bench.desktop.pcscd.start()
            let (path, facts) = try await bench.token()
            #expect(path != last)
            #expect(facts["Certificates"]?.elements?.first?.objectPath == certificate)
            #expect(try await bench.bus.properties("Certificate", of: certificate)["Present"]?.bool == true)
            last = path
        }
        try await card.remove()
    }

    @Test func aReaderMayComeAndGoWithItsCard() async throws {
        let bench = try await ServiceBench(.own(0))
        try await bench.waitFor(watcher: "no-reader")
        let reader = try bench.desktop.pcscd.plugIn()
        try await bench.waitFor(watcher: "watching")
        #expect(
            try await bench.bus.properties("", of: SessionBus.root)["Readers"]?.elements?.map(\.string) == [reader.name]
        )
        let card = try await bench.insert(into: reader)
        #expect(try await bench.token().facts["Reader"]?.string == reader.name)
        try bench.desktop.pcscd.unplug(reader)
        try await bench.waitFor(watcher: "no-reader")
        #expect(try await bench.bus.objects("Token").isEmpty)
        #expect(try await bench.bus.objects("Certificate").first?.value["Present"]?.bool == false)
        #expect(try bench.desktop.pcscd.plugIn() == reader)
        try await bench.token()
        try await card.remove()
    }

    @Test func twoReadersHoldTwoCards() async throws {
        let bench = try await ServiceBench(.own(2))
        let readers = bench.desktop.pcscd.readers
        let first = try await bench.insert(into: readers[0])
        let second = try await bench.insert(
            bench.desktop.card(.piv, [CertificateRequest(for: .isil, keyType: .p256)]), into: readers[1])
        let tokens = try await bench.tokens(2)
        #expect(Set(tokens.values.compactMap { $0["Reader"]?.string }) == Set(readers.map(\.name)))
        let certificates = try await bench.bus.objects("Certificate")
        #expect(Set(certificates.values.compactMap { $0["Holder"]?.string }) == [Holder.sukru.name, Holder.isil.name])
        for (path, facts) in certificates {
            let token = try #require(facts["Token"]?.objectPath)
            #expect(tokens[token]?["Certificates"]?.elements?.map(\.objectPath) == [path])
        }
        try await first.remove()
        let left = try await bench.token()
        #expect(left.facts["Reader"]?.string == readers[1].name)
        #expect(tokens[left.path] != nil)
        try await second.remove()
    }

    @Test func aCardThatWasOutBetweenTwoLooksIsAnotherToken() async throws {
        let bench = try await ServiceBench()
        let card = try await bench.insert()
        var last = try await bench.token().path
        for _ in 0..<5 {
            card.send(.remove)
            card.send(.insert)
            let before = last
            last = try await bench.token { path, _ in path != before }.path
        }
        #expect(try await bench.bus.objects("Certificate").count == 1)
        try await card.remove()
    }

    @Test func whatIsWrongWithACardStandsOnItsToken() async throws {
        let bench = try await ServiceBench()
        let mute = try await bench.insert(CardDescription(.mute))
        let (_, facts) = try await bench.token()
        #expect(facts.errorName == "TokenFailed")
        #expect(facts["Atr"]?.bytes == [])
        try await mute.remove()
        try await bench.tokens(0)
        let unknown = try await bench.insert(CardDescription(.unknown))
        let (_, other) = try await bench.token()
        #expect(other.errorName == "NoModule")
        #expect(other["Error"]?.members?[1].string?.isEmpty == false)
        #expect(other["Certificates"]?.elements == [])
        try await unknown.remove()
        try await bench.tokens(0)
    }
}
