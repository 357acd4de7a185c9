// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import TokenBench
import VirtualCard

/// Point 3: what vendors' modules and broken cards cost, and what they do not.
@Suite(.timeLimit(.minutes(1)))
struct VendorModuleServiceTests {
    /// A desktop whose service tries these modules in turn; `nil` is OpenSC's.
    private func desktop(_ modules: [VendorModule?]) async throws -> Desktop {
        let desktop = try await Desktop()
        _ = try desktop.folder.write(
            "config/eonay/eonay.conf",
            """
            [Tokens]
            Modules=\(modules.map { $0?.path ?? desktop.openSC.module }.joined(separator: ";"))
            Discover=false
            ListDeadline=1

            """)
        return desktop
    }

    @Test(arguments: ["crashes", "hangs", "sound", "missing-function"])
    func theNextModuleReadsTheCard(after fault: String) async throws {
        let module = try VendorModule(fault)
        let bench = try await ServiceBench(on: desktop([module, nil]))
        let card = try await bench.insert()
        let (path, facts) = try await bench.token()
        #expect(facts.errorName == "")
        #expect(facts["Certificates"]?.elements?.count == 1)
        // The module that reads this kind of card is known now, and goes first.
        try await card.remove()
        try await bench.tokens(0)
        try await card.insert()
        try await bench.token { $0 != path && $1.errorName == "" }
        try await card.remove()
    }

    @Test(arguments: [("crashes", "TokenFailed"), ("hangs", "TokenFailed"), ("sound", "NoModule")])
    func withoutAnotherModuleTheTokenTellsTheError(_ fault: String, _ error: String) async throws {
        let module = try VendorModule(fault)
        let bench = try await ServiceBench(on: desktop([module]))
        let card = try await bench.insert()
        let (_, facts) = try await bench.token()
        #expect(facts.errorName == error)
        #expect(facts["Certificates"]?.elements == [])
        // The service answers all the same, and goes on with the next card.
        #expect(try await bench.bus.call("Expiry").first?.elements == [])
        try await card.remove()
        try await bench.tokens(0)
    }

    @Test func aModuleThatIsNotThereIsNone() async throws {
        let desktop = try await Desktop()
        _ = try desktop.folder.write(
            "config/eonay/eonay.conf", "[Tokens]\nModules=/nowhere/libnone.so\nDiscover=false\n")
        let bench = try await ServiceBench(on: desktop)
        let card = try await bench.insert()
        #expect(try await bench.token().facts.errorName == "NoModule")
        try await card.remove()
    }

    @Test func whatIsNoCertificateDoesNotStopTheOthers() async throws {
        let bench = try await ServiceBench()
        var card = try bench.desktop.card(.akis, [CertificateRequest(), CertificateRequest(for: .isil)])
        let noise = (0..<700).map { UInt8(truncatingIfNeeded: $0 &* 167) }
        card.contents.append(CardContent(certificate: Array(card.contents[0].certificate.prefix(300)), label: "cut"))
        card.contents.append(CardContent(certificate: noise, label: "noise"))
        let inserted = try await bench.insert(card)
        #expect(try await bench.token().facts["Certificates"]?.elements?.count == 2)
        let holders = try await bench.bus.objects("Certificate").values.compactMap { $0["Holder"]?.string }
        #expect(Set(holders) == [Holder.sukru.name, Holder.isil.name])
        try await inserted.remove()
    }

    @Test func moreThanOneModuleMayKnowACardAndItIsOneToken() async throws {
        let bench = try await ServiceBench(on: desktop([nil, nil]))
        let card = try await bench.insert()
        try await bench.token()
        #expect(try await bench.bus.objects("Certificate").count == 1)
        try await card.remove()
    }
}
