// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import Bus
import TestBench
import Testing
import VirtualCard

/// Card in and out, as a program on the bus sees it: a real eonayd, pcscd, OpenSC and a virtual card.
@Suite(.timeLimit(.minutes(1)))
struct CardsOnTheBusTests {
    @Test func aCardThatIsPutInIsReadAndTold() async throws {
        let desktop = try await Desktop()
        let service = try await desktop.startService()
        let bus = try await SessionBus(desktop)
        let card = try TestCard(desktop.card(), in: desktop.pcscd.readers[0])
        try await card.insert()

        let added = try await bus.signals.next { $0.member == "InterfacesAdded" && $0.path == SessionBus.root }
        let token = try #require(added.arguments.first?.objectPath)
        #expect(token.text.hasPrefix("/org/eonay/EOnay1/token/"))
        try await bus.wait(for: "Certificates", of: "Token", at: token) { $0.elements?.count == 1 }
        let facts = try await bus.properties("Token", of: token)
        #expect(facts["Reader"]?.string == desktop.pcscd.readers[0].name)
        #expect(facts["Error"]?.members?.first?.string == "")

        let certificates = try await bus.objects("Certificate")
        let certificate = try #require(certificates.first?.value)
        #expect(certificate["Holder"]?.string == Holder.sukru.name)
        #expect(certificate["MaskedIdentity"]?.string == "100********")
        #expect(certificate["Qualified"]?.bool == true)
        #expect(certificate["Hindrances"]?.elements == [])
        #expect(certificate["KeyType"]?.string == "rsa-2048")
        #expect(certificate["Present"]?.bool == true)
        #expect(certificate["Token"]?.objectPath == token)
        #expect(certificate["Phase"]?.string == "valid")

        let expiry = try await bus.call("Expiry").first?.elements
        #expect(expiry?.count == 1)
        #expect(expiry?.first?.members?[1].string == Holder.sukru.name)
        #expect(expiry?.first?.members?[4].string == "valid")
        await service.kill()
    }

    @Test func aCardThatIsPulledOutStaysKnown() async throws {
        let desktop = try await Desktop()
        let service = try await desktop.startService()
        let bus = try await SessionBus(desktop)
        let card = try TestCard(desktop.card(), in: desktop.pcscd.readers[0])
        try await card.insert()
        _ = try await bus.signals.next {
            $0.member == "InterfacesAdded" && $0.arguments.first?.objectPath?.text.contains("/certificate/") == true
        }
        let path = try #require(try await bus.objects("Certificate").first?.key)
        try await bus.wait(for: "Present", of: "Certificate", at: path) { $0.bool == true }

        try await card.remove()
        _ = try await bus.signals.next { $0.member == "InterfacesRemoved" }
        try await bus.wait(for: "Present", of: "Certificate", at: path) { $0.bool == false }
        #expect(try await bus.objects("Token").isEmpty)
        let facts = try await bus.properties("Certificate", of: path)
        #expect(facts["Token"]?.objectPath == "/")
        #expect(try await bus.call("Expiry").first?.elements?.count == 1)
        await service.kill()
    }
}
